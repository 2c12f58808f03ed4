"""The log of a conversation for the person: what was asked, what they gave, what can be changed."""

from __future__ import annotations

from moongate.health.assessment import Engine
from moongate.health.knowledge.schema import Lang
from moongate.health.talk.body import parts
from moongate.health.talk.replaying import State, question_of
from moongate.health.talk.shapes import Entry
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
from moongate.health.talk.words import duration, text
from moongate.health.wording import finding_name, question_text, say


def entries(engine: Engine, talk: Talk, state: State) -> tuple[Entry, ...]:
    """Every step in order. Alarms that were seen, and stopping, cannot be changed, only undone."""
    return tuple(
        Entry(
            at=at,
            asked=asked(engine, step, talk.lang),
            given=given(engine, step, talk.lang),
            counts=at not in state.idle,
            changeable=not isinstance(step, Seen | Stop),
        )
        for at, step in enumerate(talk.steps)
    )


def asked(engine: Engine, step: Step, lang: Lang) -> str:
    """The question that a step answered."""
    match step:
        case Say(asked=None) | Site():
            return text("complaint_short", lang)
        case Say(asked=Asked() as question) | Answered(asked=question):
            return _question(engine, question, lang)
        case Age():
            return text("age", lang)
        case OfSex():
            return text("sex", lang)
        case Confirm():
            return text("proposal", lang, x=_name(engine, step.finding, lang))
        case Severity():
            return text("severity", lang)
        case Since():
            return say("course", lang)
        case Seen():
            return text(f"{step.what}_title", lang)
        case _:
            return text("stopped_short", lang)


def given(engine: Engine, step: Step, lang: Lang) -> str:
    """What the person gave."""
    joint = "、" if lang == "zh" else ", "
    match step:
        case Say():
            return step.text
        case Answered():
            return _answer(engine, step, lang, joint)
        case Age():
            return text("skip", lang) if step.years is None else _years(step.years, lang)
        case OfSex():
            return text(step.sex or "skip", lang)
        case Confirm():
            return text({"present": "yes", "absent": "no", "unknown": "unknown"}[step.answer], lang)
        case Site():
            table = parts()
            where = [table[p].name.in_(lang) for p in step.parts if p in table]
            what = [_name(engine, f, lang) for f in step.findings]
            return f"{joint.join(where)}{'：' if lang == 'zh' else ': '}{joint.join(what)}"
        case Severity():
            if step.degree is None:
                return text("unknown", lang)
            return text("degree_of", lang, x=step.degree)
        case Since():
            return text("about", lang, x=duration(step.hours, lang))
        case Seen():
            return text("read", lang)
        case _:
            return text("stopped", lang)


def _answer(engine: Engine, step: Answered, lang: Lang, joint: str) -> str:
    if step.asked.kind == "course":
        return say(step.course, lang) if step.course else text("unknown", lang)
    if step.asked.kind == "finding":
        answer = step.answers.get(step.asked.findings[0], "unknown")
        name = _name(engine, step.asked.findings[0], lang)
        if answer == "present":
            return name
        return text("not" if answer == "absent" else "unknown_of", lang, x=name)
    chosen = [f for f in step.asked.findings if step.answers.get(f) == "present"]
    if chosen:
        return joint.join(_name(engine, f, lang) for f in chosen)
    return text("none" if step.answers else "unknown", lang)


def _question(engine: Engine, question: Asked, lang: Lang) -> str:
    known = engine.base.findings
    first, above = question.findings[0], engine.network.parent
    if question.kind == "finding" and first not in known:
        return text("gone", lang)
    if question.kind == "attributes" and first not in above:
        return text("gone", lang)
    return question_text(engine.network, question_of(question), lang)


def _name(engine: Engine, finding: str, lang: Lang) -> str:
    """The finding's name; for one that the knowledge no longer has, its id in words."""
    if finding in engine.base.findings or finding.startswith("course_"):
        return finding_name(engine.network, finding, lang)
    return finding.replace("_", " ")


def _years(years: float, lang: Lang) -> str:
    if years >= 2:
        return text("years", lang, x=round(years, 1))
    return duration(years * 365.25 * 24, lang)
