"""What a conversation is: an append-only log of what the person did, as plain JSON."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from moongate.health.assessment import MAX_AGE, Answer, Engine
from moongate.health.inference.questions import Kind
from moongate.health.knowledge.schema import Course, Id, Lang, Sex
from moongate.health.language.understand import MAX_CHARS

MAX_STEPS = 120
MAX_TEXT = 40_000  # characters of free text in one conversation
MAX_JSON_BYTES = 400_000
MAX_HOURS = 130 * 366 * 24.0
Country = Literal["uk", "cn"]
# One more than the engine reads, so that it can say that there was more.
Said = Annotated[str, Meta(min_length=1, max_length=MAX_CHARS + 1)]
Time = Annotated[
    str, Meta(max_length=32, pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)$")
]


class TalkError(ValueError):
    """A conversation that cannot be read or go on; names the field and the mend."""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The question that a step answers, as the engine put it."""

    kind: Kind
    findings: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=12)]
    why: Literal["red flag", "urgency", "tells apart"]
    about: Annotated[tuple[Id, ...], Meta(max_length=12)] = ()


class Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """One thing that the person did; `at` is when (ISO, UTC), where that is kept."""

    at: Time | None = None


class Say(Done, frozen=True, kw_only=True, tag="say"):
    """Free text; `asked` is the question at which it was typed, if it answers one."""

    text: Said
    asked: Asked | None = None


class Answered(Done, frozen=True, kw_only=True, tag="answer"):
    """An answer to a question; findings left out count as unknown."""

    asked: Asked
    answers: Annotated[dict[Id, Answer], Meta(max_length=12)] = {}
    course: Course | None = None


class Age(Done, frozen=True, kw_only=True, tag="age"):
    """Years; None when the person would rather not say."""

    years: Annotated[float, Meta(ge=0, le=MAX_AGE)] | None

    def __post_init__(self) -> None:
        # 34 and 34.0 are written alike, so that the same conversation is the same bytes.
        if self.years is not None:
            msgspec.structs.force_setattr(self, "years", float(self.years))


class OfSex(Done, frozen=True, kw_only=True, tag="sex"):
    """As born; None when the person would rather not say."""

    sex: Sex | None


class Confirm(Done, frozen=True, kw_only=True, tag="confirm"):
    """Whether words that only resemble a finding meant it."""

    finding: Id
    answer: Answer


class Site(Done, frozen=True, kw_only=True, tag="site"):
    """Parts of the body map, and the complaints chosen there."""

    parts: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=12)]
    findings: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=24)]


class Severity(Done, frozen=True, kw_only=True, tag="severity"):
    """How bad it is, 0 (nothing) to 10; None when the person cannot say."""

    degree: Annotated[int, Meta(ge=0, le=10)] | None


class Since(Done, frozen=True, kw_only=True, tag="since"):
    """How many hours it has gone on; `asked` when it answers the question how long."""

    hours: Annotated[float, Meta(gt=0, le=MAX_HOURS)]
    asked: Asked | None = None

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "hours", float(self.hours))


class Seen(Done, frozen=True, kw_only=True, tag="seen"):
    """The person has read an alarm and chose to go on."""

    what: Literal["emergency", "crisis"]


class Stop(Done, frozen=True, kw_only=True, tag="stop"):
    """The person wants the result now."""


Step = Say | Answered | Age | OfSex | Confirm | Site | Severity | Since | Seen | Stop


class Talk(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A conversation. `edition` is the knowledge it last went on with, `country` where the person
    is (which decides how common things are, and which number comes first)."""

    version: Literal[1] = 1
    edition: Annotated[str, Meta(max_length=80, pattern=r"^[0-9A-Za-z.+-]*$")]
    lang: Lang
    country: Country
    steps: Annotated[tuple[Step, ...], Meta(max_length=MAX_STEPS)] = ()

    def to_json(self) -> bytes:
        """UTF-8; the same bytes for the same conversation."""
        return msgspec.json.encode(self, order="deterministic")

    @classmethod
    def from_json(cls, data: bytes | str) -> Talk:
        """The conversation in JSON.

        Raises:
            TalkError: it is too long or no conversation; names the field, never the content.
        """
        size = len(data)
        if size > MAX_JSON_BYTES:
            raise TalkError(f"talk: {size} bytes, at most {MAX_JSON_BYTES}. Begin a new one.")
        try:
            talk = msgspec.json.decode(data, type=cls)
        except msgspec.ValidationError as error:
            what, _, where = str(error).partition(" - at `$")
            field = where.rstrip("`").lstrip(".") or "talk"
            raise TalkError(f"{field}: {_unquoted(what)}. See docs/health-chat.md.") from None
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise TalkError("talk: no JSON. Send it as it was given.") from None
        return _bounded(talk)


def begin(engine: Engine, lang: Lang, country: Country | None = None) -> Talk:
    """A conversation in which nothing was said; the country follows the language unless given."""
    place: Country = country or ("cn" if lang == "zh" else "uk")
    return Talk(edition=engine.base.edition, lang=lang, country=place)


def append(engine: Engine, talk: Talk, step: Step) -> Talk:
    """The conversation after one more step, with the knowledge of today.

    Raises:
        TalkError: it is full.
    """
    return _with(engine, talk, (*talk.steps, step))


def back(engine: Engine, talk: Talk) -> Talk:
    """The conversation without its last step; the same when there is none."""
    return _with(engine, talk, talk.steps[:-1])


def change(engine: Engine, talk: Talk, at: int, step: Step) -> Talk:
    """The conversation with step `at` (from 0) replaced; later ones stay where they still apply.

    Raises:
        TalkError: there is no such step.
    """
    if not 0 <= at < len(talk.steps):
        raise TalkError(f"steps[{at}]: there are {len(talk.steps)}. Choose one of them.")
    return _with(engine, talk, (*talk.steps[:at], step, *talk.steps[at + 1 :]))


def switch(talk: Talk, *, lang: Lang | None = None, country: Country | None = None) -> Talk:
    """The same conversation in another language, or for another country."""
    return msgspec.structs.replace(talk, lang=lang or talk.lang, country=country or talk.country)


def _with(engine: Engine, talk: Talk, steps: tuple[Step, ...]) -> Talk:
    return _bounded(msgspec.structs.replace(talk, edition=engine.base.edition, steps=steps))


def _unquoted(what: str) -> str:
    """A reason without what stood there, which is nobody's business in a log."""
    for begins, told in _REASONS.items():
        if what.startswith(begins):
            return told
    return what if what.startswith(("Expected", "Object missing")) else "cannot be"


_REASONS = {
    "Invalid value": "is none of those that are known",
    "Object contains unknown field": "has a field that is not known",
}


def _bounded(talk: Talk) -> Talk:
    if len(talk.steps) > MAX_STEPS:
        raise TalkError(f"steps: more than {MAX_STEPS}. See the result, or begin again.")
    written = sum(len(step.text) for step in talk.steps if isinstance(step, Say))
    if written > MAX_TEXT:
        raise TalkError(f"steps: {written} characters of text, at most {MAX_TEXT}. Begin again.")
    return talk
