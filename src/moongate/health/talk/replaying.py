"""A conversation's log replayed into the state it has come to."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import cached_property

import msgspec

from moongate.health.assessment import Answer, Assessment, Engine, Result
from moongate.health.inference.questions import Question
from moongate.health.inference.red_flags import Fired, fired
from moongate.health.knowledge.schema import Course
from moongate.health.talk.severity import open_severe, with_severity
from moongate.health.talk.steps import (
    Age,
    Answered,
    Asked,
    Confirm,
    OfSex,
    Say,
    Seen,
    Severity,
    Since,
    Site,
    Step,
    Stop,
    Talk,
)
from moongate.health.talk.uncertainty import ranges

MOST_PROPOSALS = 2  # after one message; more would feel like an interrogation
MOST_SHOWN = 5  # conditions of a result
CACHED = 2_000  # states; each is a few kilobytes
HOURS_UP_TO: tuple[tuple[float, Course], ...] = (
    (24.0, "hours"), (14.5 * 24, "days"), (84.0 * 24, "weeks"),
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """What a log has come to. `idle` are steps that no longer apply and count for nothing.

    `pending` are findings that the last message may mean, to be confirmed one after the other.
    """

    engine: Engine = field(repr=False)
    assessment: Assessment
    pending: tuple[str, ...] = ()
    told_age: bool = False
    told_sex: bool = False
    told_severity: bool = False
    degree: int | None = None
    hours: float | None = None
    parts: tuple[str, ...] = ()
    stopped: bool = False
    seen: frozenset[str] = frozenset()
    idle: tuple[int, ...] = ()

    @cached_property
    def question(self) -> Question | None:
        """The engine's next question."""
        return self.engine.question(self.assessment)

    @cached_property
    def result(self) -> Result:
        """The result as it stands."""
        return self.engine.result(self.assessment)

    @cached_property
    def flags(self) -> tuple[Fired, ...]:
        """The red-flag rules that hold."""
        return tuple(fired(self.engine.network, self.assessment.evidence))

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """How far the likeliest conditions' probabilities could lie elsewhere."""
        network = self.engine.network
        evidence = network.closed(self.assessment.evidence)
        shown = tuple(name for name, _ in self.result.conditions[:MOST_SHOWN])
        return ranges(network, evidence, self.result.posterior, shown)

    @property
    def wants_severity(self) -> bool:
        evidence = self.assessment.evidence
        return not self.told_severity and bool(open_severe(self.engine.network, evidence))


class _Cache:
    """The states used last, by the log that led to them; correctness never depends on it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._states: OrderedDict[bytes, State] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes, engine: Engine) -> State | None:
        with self._lock:
            state = self._states.get(key)
            if state is None or state.engine is not engine:
                return None
            self._states.move_to_end(key)
            return state

    def put(self, key: bytes, state: State) -> None:
        with self._lock:
            self._states[key] = state
            self._states.move_to_end(key)
            while len(self._states) > self._most:
                self._states.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._states.clear()


_cache = _Cache(CACHED)
forget = _cache.clear


def replay(engine: Engine, talk: Talk, *, cached: bool = True) -> State:
    """The state after all steps; the same for the same log, with the cache or without.

    Its assessment speaks no language of its own; `assessment_of` gives it the conversation's.
    """
    # What is asked and named depends on which conditions are switched off.
    keys = _keys(talk, engine.withheld())
    done, state = 0, None
    for done in range(len(talk.steps), 0, -1) if cached else ():
        state = _cache.get(keys[done], engine)
        if state is not None:
            break
    if state is None:
        done, state = 0, State(engine, engine.begin(country=talk.country))
    for at in range(done, len(talk.steps)):
        state = _after(state, at, talk.steps[at])
        if cached:
            _cache.put(keys[at + 1], state)
    return state


def assessment_of(engine: Engine, talk: Talk) -> Assessment:
    """The assessment that the conversation has come to, in its language."""
    return replace(replay(engine, talk).assessment, lang=talk.lang)


def question_of(asked: Asked) -> Question:
    """The engine's question that a step answers."""
    return Question(asked.kind, asked.findings, asked.why, asked.about, 0.0)


def asked_of(question: Question) -> Asked:
    """What a step keeps of a question."""
    return Asked(
        kind=question.kind, findings=question.findings, why=question.why, about=question.about
    )


def course_of(hours: float) -> Course:
    """The span that a duration in hours falls into."""
    return next((course for limit, course in HOURS_UP_TO if hours < limit), "months")


def _keys(talk: Talk, withheld: frozenset[str]) -> list[bytes]:
    """One key for each prefix of the log; when things were done changes nothing."""
    digest = hashlib.blake2b(repr((talk.country, sorted(withheld))).encode(), digest_size=16)
    keys = [digest.digest()]
    for step in talk.steps:
        digest.update(msgspec.json.encode(msgspec.structs.replace(step, at=None)) + b"\n")
        keys.append(digest.digest())
    return keys


def _after(state: State, at: int, step: Step) -> State:
    """The state after step number `at`; one that does not apply any more is marked idle."""
    match step:
        case Say():
            after: State | None = _told(state, step)
        case Answered():
            after = _answered(state, step)
        case Age():
            after = _of_age(state, step)
        case OfSex():
            after = _with_evidence(state, told_sex=True, sex=step.sex)
        case Confirm():
            after = _confirmed(state, step)
        case Site():
            after = _sited(state, step)
        case Severity():
            evidence = with_severity(state.engine.network, state.assessment.evidence, step.degree)
            after = replace(
                state,
                assessment=replace(state.assessment, evidence=evidence),
                told_severity=True,
                degree=step.degree,
            )
        case Since():
            after = _since(state, step)
        case Seen():
            after = replace(state, seen=state.seen | {step.what})
        case Stop():
            after = replace(state, stopped=True)
    return replace(state, idle=(*state.idle, at)) if after is None else after


def _told(state: State, step: Say) -> State:
    engine = state.engine
    assessment = engine.tell(state.assessment, step.text)
    proposals = engine.proposals(assessment.heard[-1], step.text)
    if step.asked is not None:
        assessment = _answered_by_words(engine, assessment, question_of(step.asked))
    pending = dict.fromkeys(p.finding for p in proposals)
    return replace(
        state,
        assessment=assessment,
        pending=tuple(pending)[:MOST_PROPOSALS],
        stopped=False,
    )


def _answered_by_words(engine: Engine, assessment: Assessment, question: Question) -> Assessment:
    """The question closed by what the words said of it; what they left out is unknown."""
    evidence = assessment.evidence
    if question.kind == "course":
        return engine.answer(assessment, question, {}, evidence.course)
    known = engine.base.findings
    question = replace(question, findings=tuple(f for f in question.findings if f in known))
    answers: dict[str, Answer] = {
        name: "present" if name in evidence.present else
        "absent" if name in evidence.absent else "unknown"
        for name in question.findings
    }  # fmt: skip
    return engine.answer(assessment, question, answers)


def _answered(state: State, step: Answered) -> State | None:
    """None where nothing of the question applies: its finding is gone, or its parent denied."""
    question = question_of(step.asked)
    if question.kind != "course":
        fitting = tuple(f for f in question.findings if _applies(state, f))
        if not fitting:
            return None
        question = replace(question, findings=fitting)
    answers = {f: a for f, a in step.answers.items() if f in question.findings}
    assessment = state.engine.answer(state.assessment, question, answers, step.course)
    return replace(state, assessment=assessment)


def _applies(state: State, finding: str) -> bool:
    entry = state.engine.base.findings.get(finding)
    evidence = state.assessment.evidence
    if entry is None or (entry.parent is not None and entry.parent not in evidence.present):
        return False
    if entry.sex and evidence.sex and entry.sex != evidence.sex:
        return False
    span, age = entry.age, evidence.age
    return span is None or age is None or span[0] <= age <= span[1]


def _of_age(state: State, step: Age) -> State:
    return _with_evidence(state, told_age=True, age=step.years)


def _with_evidence(state: State, *, told_age: bool = False, told_sex: bool = False,
                   **known: object) -> State:  # fmt: skip
    """The state with what the person said of themselves; what they left out stays as it was."""
    said = {name: value for name, value in known.items() if value is not None}
    evidence = replace(state.assessment.evidence, **said)  # type: ignore[arg-type]
    return replace(
        state,
        assessment=replace(state.assessment, evidence=evidence),
        told_age=state.told_age or told_age,
        told_sex=state.told_sex or told_sex,
    )


def _confirmed(state: State, step: Confirm) -> State | None:
    if step.finding not in state.engine.base.findings:
        return None
    pending = tuple(f for f in state.pending if f != step.finding)
    if len(pending) == len(state.pending):
        return None  # the message that it belonged to says something else now
    assessment = state.engine.confirm(state.assessment, step.finding, step.answer)
    return replace(state, assessment=assessment, pending=pending)


def _sited(state: State, step: Site) -> State | None:
    known = [f for f in step.findings if f in state.engine.base.findings]
    if not known:
        return None
    evidence = state.assessment.evidence
    for finding in known:
        evidence = evidence.with_(finding, "present")
    evidence = state.engine.network.closed(evidence)
    return replace(
        state,
        assessment=replace(state.assessment, evidence=evidence),
        parts=tuple(dict.fromkeys((*state.parts, *step.parts))),
    )


def _since(state: State, step: Since) -> State:
    assessment, course = state.assessment, course_of(step.hours)
    if step.asked is None:
        assessment = replace(assessment, evidence=replace(assessment.evidence, course=course))
    else:
        assessment = state.engine.answer(assessment, question_of(step.asked), {}, course)
    return replace(state, assessment=assessment, hours=step.hours)
