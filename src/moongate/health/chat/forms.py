"""What a form of the chat says, made into the step that it means."""

from __future__ import annotations

from typing import cast

from django.http import QueryDict
from django.utils.translation import gettext as _

from moongate.health.assessment import MAX_AGE, Answer
from moongate.health.knowledge.schema import COURSES, Course, Sex
from moongate.health.talk.body import parts
from moongate.health.talk.replaying import asked_of
from moongate.health.talk.replying import step_for
from moongate.health.talk.shapes import Prompt
from moongate.health.talk.steps import (
    MAX_HOURS,
    Age,
    Answered,
    Confirm,
    OfSex,
    Severity,
    Since,
    Site,
    Step,
    Talk,
)

HOURS_OF = {"hours": 1.0, "days": 24.0, "weeks": 168.0, "months": 730.5, "years": 8766.0}
DAYS_OF = {"years": 365.25, "months": 30.44, "weeks": 7.0, "days": 1.0}
_TOLD: dict[str, Answer] = {"yes": "present", "no": "absent", "unknown": "unknown"}


class FormFault(ValueError):
    """A form that says nothing that can be taken: the field, and what mends it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def step_from(talk: Talk, prompt: Prompt, data: QueryDict, at: str) -> Step:
    """The step that a form means at a prompt, done at `at` (ISO, UTC).

    Raises:
        FormFault: a field is empty or impossible.
        ReplyError: words that cannot be an answer.
    """
    if data.get("do") == "say" or (prompt.kind == "complaint" and "finding" not in data):
        words = data.get("text", "")
        if not words.strip():
            # At a question a terminal takes an empty line for "don't know"; a page has a button.
            raise FormFault("text", _("I received no text. Write a few words about what is wrong."))
        return step_for(talk, prompt, words, at)
    match prompt.kind:
        case "complaint":
            return _site(data, at)
        case "age":
            return _age(data, at)
        case "sex":
            chosen = _one_of(data, ("female", "male", "skip"))
            return OfSex(sex=None if chosen == "skip" else cast(Sex, chosen), at=at)
        case "proposal":
            answer = _TOLD[_one_of(data, tuple(_TOLD))]
            return Confirm(finding=prompt.finding, answer=answer, at=at)
        case "severity":
            return _severity(data, at)
        case "done":
            raise FormFault("text", _("Say what there is to add."))
    assert prompt.question is not None
    asked = asked_of(prompt.question)
    if prompt.kind == "finding":
        answer = _TOLD[_one_of(data, tuple(_TOLD))]
        return Answered(asked=asked, answers={prompt.question.findings[0]: answer}, at=at)
    if prompt.kind == "several":
        return Answered(asked=asked, answers=_several(prompt, data), at=at)
    if data.get("answer") in COURSES:
        return Answered(asked=asked, course=cast(Course, data["answer"]), at=at)
    if data.get("answer") == "unknown":
        return Answered(asked=asked, at=at)
    return Since(hours=_hours(data), asked=asked, at=at)


def _one_of(data: QueryDict, allowed: tuple[str, ...]) -> str:
    chosen = data.get("answer", "")
    if chosen not in allowed:
        raise FormFault("answer", _("Choose one of the answers."))
    return chosen


def _site(data: QueryDict, at: str) -> Site:
    part = data.get("part", "")
    if part not in parts():
        raise FormFault("part", _("Choose a part of the body from the list."))
    offered = parts()[part].findings
    chosen = tuple(dict.fromkeys(f for f in data.getlist("finding") if f in offered))
    if not chosen:
        raise FormFault("finding", _("Choose what you feel there."))
    return Site(parts=(part,), findings=chosen, at=at)


def _age(data: QueryDict, at: str) -> Age:
    if data.get("answer") == "skip":
        return Age(years=None, at=at)
    number = _number(data.get("years", ""))
    days = DAYS_OF.get(data.get("unit", "years"))
    years = None if number is None or days is None else number * days / DAYS_OF["years"]
    if years is None or not 0 <= years <= MAX_AGE:
        raise FormFault("years", _("Give an age from 0 to 120 years."))
    return Age(years=round(years, 4), at=at)


def _severity(data: QueryDict, at: str) -> Severity:
    if data.get("answer") == "unknown":
        return Severity(degree=None, at=at)
    degree = data.get("degree", "")
    if degree not in {str(n) for n in range(11)}:
        raise FormFault("degree", _("Choose a number from 0 to 10."))
    return Severity(degree=int(degree), at=at)


def _several(prompt: Prompt, data: QueryDict) -> dict[str, Answer]:
    assert prompt.question is not None
    offered = prompt.question.findings
    given = data.getlist("answer")
    if "unknown" in given:
        return {}
    chosen = [name for name in given if name in offered]
    if not chosen and "none" not in given:
        raise FormFault("answer", _("Tick what fits, or press “none of these”."))
    if "none" in given:
        chosen = []
    return {name: "present" if name in chosen else "absent" for name in offered}


def _hours(data: QueryDict) -> float:
    amount = _number(data.get("amount", ""))
    size = HOURS_OF.get(data.get("unit", ""))
    if amount is None or size is None or not 0 < amount * size <= MAX_HOURS:
        raise FormFault("amount", _("Give how long as a number, and choose hours, days or longer."))
    return round(amount * size, 2)


def _number(text: str) -> float | None:
    """A plain number with a point or comma; None for anything else, also for infinities."""
    text = text.strip().replace(",", ".")
    if not text or len(text) > 12 or not text.replace(".", "", 1).isascii():
        return None
    return float(text) if text.replace(".", "", 1).isdigit() else None
