"""What is asked: the prompt that comes next, and that of an earlier step to be answered anew."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from moongate.health.assessment import Engine
from moongate.health.inference.network import Network
from moongate.health.inference.questions import Question
from moongate.health.knowledge.schema import COURSES, Lang
from moongate.health.talk.replaying import State, question_of, replay
from moongate.health.talk.shapes import Option, Prompt
from moongate.health.talk.steps import (
    Age,
    Answered,
    Asked,
    Confirm,
    OfSex,
    Say,
    Severity,
    Since,
    Site,
    Talk,
    TalkError,
)
from moongate.health.talk.words import text
from moongate.health.wording import finding_name, question_text, say, why


def prompt_of(engine: Engine, talk: Talk) -> Prompt:
    """What is asked now."""
    return next_prompt(replay(engine, talk), talk)


def next_prompt(state: State, talk: Talk) -> Prompt:
    """What is asked in a state; its id is the same however often it is reckoned."""
    kind, lang = _kind(state), talk.lang
    match kind:
        case "complaint":
            said = bool(state.assessment.heard)
            prompt = Prompt("complaint", "", text("complaint_more" if said else "complaint", lang))
        case "age":
            prompt = _age(lang)
        case "sex":
            prompt = _sex(lang)
        case "proposal":
            prompt = _proposal(state.engine.network, state.pending[0], lang)
        case "severity":
            prompt = _severity(lang)
        case "question":
            assert state.question is not None
            prompt = _question(state.engine, state.question, lang)
        case _:
            most = state.engine.network.settings.max_questions
            full = len(state.assessment.asked) >= most
            prompt = Prompt("done", "", text("done_full" if full else "done", lang))
    about = prompt.question.findings if prompt.question else (prompt.finding,)
    mark = repr((len(talk.steps), prompt.kind, about))
    return replace(prompt, id=hashlib.blake2b(mark.encode(), digest_size=6).hexdigest())


def prompt_at(engine: Engine, talk: Talk, at: int) -> Prompt:
    """What was asked at step `at` (from 0), to be answered anew.

    Raises:
        TalkError: there is no such step, or nothing was asked there that still can be.
    """
    step = talk.steps[at] if 0 <= at < len(talk.steps) else None
    lang = talk.lang
    match step:
        case (
            Say(asked=Asked() as asked) | Answered(asked=asked) | Since(asked=Asked() as asked)
        ) if _known(engine, asked):
            prompt = _question(engine, question_of(asked), lang)
        case Say(asked=None) | Site():
            prompt = Prompt("complaint", "", text("complaint", lang))
        case Age():
            prompt = _age(lang)
        case OfSex():
            prompt = _sex(lang)
        case Confirm() if step.finding in engine.base.findings:
            prompt = _proposal(engine.network, step.finding, lang)
        case Severity():
            prompt = _severity(lang)
        case _:
            raise TalkError(f"steps[{at}]: nothing to answer anew there. Choose another answer.")
    return replace(prompt, id=f"step-{at}")


def _kind(state: State) -> str:
    """What comes next. How bad it is settles signs of danger, so it is asked before them."""
    evidence = state.assessment.evidence
    crisis = any(fire.rule.crisis for fire in state.flags)
    if state.stopped or crisis or state.assessment.sounds.in_crisis:
        return "done"
    if state.pending:
        return "proposal"
    if not evidence.present:
        return "complaint"
    if evidence.age is None and not state.told_age:
        return "age"
    if evidence.sex is None and not state.told_sex:
        return "sex"
    if state.wants_severity:
        return "severity"
    return "done" if state.question is None else "question"


def _known(engine: Engine, asked: Asked) -> bool:
    """Whether the knowledge still has everything that a question speaks of."""
    if asked.kind == "course":
        return True
    base, network = engine.base, engine.network
    if asked.kind == "attributes" and asked.findings[0] not in network.parent:
        return False
    about = base.red_flags if asked.why == "red flag" else base.conditions
    return all(f in base.findings for f in asked.findings) and all(a in about for a in asked.about)


def _question(engine: Engine, question: Question, lang: Lang) -> Prompt:
    """The engine's question as it is put."""
    asked = question_text(engine.network, question, lang)
    because = why(engine.network, question, lang)
    if question.kind == "finding":
        chosen = _options(lang, "yes", "no", "unknown")
        return Prompt("finding", "", asked, chosen, why=because, question=question)
    if question.kind == "course":
        spans = tuple(Option(course, say(course, lang)) for course in COURSES)
        chosen = (*spans, *_options(lang, "unknown"))
        return Prompt("course", "", asked, chosen, why=because, question=question)
    named = tuple(Option(f, finding_name(engine.network, f, lang)) for f in question.findings)
    chosen = (*named, *_options(lang, "none", "unknown"))
    return Prompt("several", "", asked, chosen, True, because, question)


def _age(lang: Lang) -> Prompt:
    return Prompt("age", "", text("age", lang), _options(lang, "skip"), why=text("age_why", lang))


def _sex(lang: Lang) -> Prompt:
    chosen = _options(lang, "female", "male", "skip")
    return Prompt("sex", "", text("sex", lang), chosen, why=text("sex_why", lang))


def _proposal(network: Network, finding: str, lang: Lang) -> Prompt:
    asked = text("proposal", lang, x=finding_name(network, finding, lang))
    chosen, because = _options(lang, "yes", "no", "unknown"), text("proposal_why", lang)
    return Prompt("proposal", "", asked, chosen, why=because, finding=finding)


def _severity(lang: Lang) -> Prompt:
    chosen, because = _options(lang, "unknown"), text("severity_why", lang)
    return Prompt("severity", "", text("severity", lang), chosen, why=because)


def _options(lang: Lang, *ids: str) -> tuple[Option, ...]:
    return tuple(Option(name, text(name, lang)) for name in ids)
