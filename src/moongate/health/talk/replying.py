"""What a person types at whatever is asked, made into the next step."""

from __future__ import annotations

from moongate.health.assessment import MAX_AGE, Answer, Engine
from moongate.health.knowledge.schema import COURSES, Course
from moongate.health.language.understand import MAX_CHARS
from moongate.health.talk.prompts import prompt_of
from moongate.health.talk.replaying import asked_of
from moongate.health.talk.shapes import Prompt
from moongate.health.talk.short import (
    is_back,
    is_skip,
    is_stop,
    short_answer,
    typed_age,
    typed_numbers,
    typed_sex,
)
from moongate.health.talk.steps import (
    Age,
    Answered,
    Confirm,
    OfSex,
    Say,
    Severity,
    Step,
    Stop,
    Talk,
    TalkError,
    append,
    back,
)
from moongate.health.talk.words import text as words


class ReplyError(TalkError):
    """An answer that cannot be; its text is for the person, in their language."""


def reply(engine: Engine, talk: Talk, text: str, *, at: str | None = None) -> Talk:
    """The conversation after a line typed at the prompt that stands.

    A line may be a number, several numbers, yes, no, don't know, an age, "stop" or "back" in either
    language; anything else is free text. `at` is when (ISO, UTC), where that is kept.

    Raises:
        ReplyError: an empty complaint, an impossible age, or a number that is not offered.
        TalkError: the conversation is full.
    """
    if is_back(text):
        return back(engine, talk)
    if is_stop(text):
        return append(engine, talk, Stop(at=at))
    return append(engine, talk, step_for(talk, prompt_of(engine, talk), text, at))


def step_for(talk: Talk, prompt: Prompt, text: str, at: str | None = None) -> Step:
    """The step that a line is at a prompt; raises as `reply` does."""
    lang = talk.lang
    match prompt.kind:
        case "age":
            # First the figure: 3 is an age here, though it means "don't know" elsewhere.
            years = typed_age(text)
            if years is not None:
                if not 0 <= years <= MAX_AGE:
                    raise ReplyError(words("bad_age", lang, x=years))
                return Age(years=years, at=at)
            if _declined(text):
                return Age(years=None, at=at)
        case "sex":
            sex = typed_sex(text)
            if sex is not None:
                return OfSex(sex=sex, at=at)  # type: ignore[arg-type]
            if _declined(text):
                return OfSex(sex=None, at=at)
        case "proposal":
            answer = short_answer(text)
            if answer is not None:
                return Confirm(finding=prompt.finding, answer=answer, at=at)
        case "severity":
            numbers = typed_numbers(text.split("/")[0])
            if numbers is not None:
                if len(numbers) != 1 or not 0 <= numbers[0] <= 10:
                    raise ReplyError(words("bad_degree", lang, x=text.strip()[:20]))
                return Severity(degree=numbers[0], at=at)
            if _declined(text):
                return Severity(degree=None, at=at)
        case "finding" | "several" | "course":
            step = _answer(prompt, text, talk, at)
            if step is not None:
                return step
    if not text.strip():
        raise ReplyError(words("empty", lang))
    asked = asked_of(prompt.question) if prompt.question else None
    return Say(text=text[: MAX_CHARS + 1], asked=asked, at=at)


def _declined(text: str) -> bool:
    """Whether somebody would rather not say, or cannot."""
    return is_skip(text) or short_answer(text) == "absent"


def _answer(prompt: Prompt, text: str, talk: Talk, at: str | None) -> Answered | None:
    """The step for a short answer to the engine's question, or None for free text."""
    question = prompt.question
    assert question is not None
    asked = asked_of(question)
    if prompt.kind == "finding":
        answer = short_answer(text)
        if answer is None:
            return None
        return Answered(asked=asked, answers={question.findings[0]: answer}, at=at)
    numbers = typed_numbers(text)
    if numbers is not None:
        most = len(COURSES) if prompt.kind == "course" else len(question.findings)
        wrong = [n for n in numbers if not 0 <= n <= most]
        if wrong or (0 in numbers and len(numbers) > 1):
            raise ReplyError(words("bad_number", talk.lang, most=most, x=text.strip()[:20]))
        if prompt.kind == "course":
            course: Course | None = COURSES[numbers[0] - 1] if numbers[0] else None
            return Answered(asked=asked, course=course, at=at)
        chosen: dict[str, Answer] = {
            name: "present" if number in numbers else "absent"
            for number, name in enumerate(question.findings, start=1)
        }
        return Answered(asked=asked, answers=chosen, at=at)
    short = short_answer(text)
    if short == "present" and prompt.kind == "several":
        raise ReplyError(words("which_ones", talk.lang))
    if short == "absent" and prompt.kind == "several":
        return Answered(asked=asked, answers=dict.fromkeys(question.findings, short), at=at)
    if short == "unknown" or (short is not None and prompt.kind == "course"):
        return Answered(asked=asked, at=at)
    return None
