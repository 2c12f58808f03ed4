"""The conversation for programs: begin, answer, result. All the state there is is the talk."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, QueryDict
from django.utils import translation
from ninja import Router, Schema
from pydantic import Field

from moongate.accounts.addresses import household
from moongate.health.chat.acting import act
from moongate.health.chat.tokens import MAX_CHARS, TokenError, open_token, seal
from moongate.health.knowledge.schema import Lang, Level
from moongate.health.records.limits import admit
from moongate.health.safety.switches import version_is_off
from moongate.health.serving import engine
from moongate.health.talk import Talk, TalkError, append, begin, switch, turn
from moongate.health.talk.steps import MAX_HOURS, Country, Stop
from moongate.social.errors import InvalidError, SocialError

router = Router()
DJANGO_LANG: dict[Lang, str] = {"en": "en", "zh": "zh-hans"}
Token = Annotated[
    str, Field(min_length=1, max_length=MAX_CHARS, description="the talk, as last given")
]
Words = Annotated[str, Field(min_length=1, max_length=8_000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]


class Refusal(Schema):
    """Why not, and what mends it, in the reader's language."""

    reason: str
    mend: str


class Wait(Refusal):
    retry_after_s: int


class BeginIn(Schema):
    """A new conversation; `country` is where the person is."""

    lang: Lang = "en"
    country: Country | None = None


class SiteIn(Schema):
    """A part of the body map, and complaints there."""

    part: Name
    findings: list[Name] = Field(min_length=1, max_length=24)


class AnswerIn(Schema):
    """One answer to the prompt that stands: words, option ids, a figure, or a step back.

    `prompt` is the id of the prompt meant; an answer to another one changes nothing.
    """

    talk: Token
    prompt: str | None = Field(None, max_length=40)
    lang: Lang | None = None
    text: Words | None = None
    options: list[Name] | None = Field(None, min_length=1, max_length=12)
    years: float | None = Field(None, ge=0, le=120)
    degree: int | None = Field(None, ge=0, le=10)
    hours: float | None = Field(None, gt=0.01, le=MAX_HOURS)
    site: SiteIn | None = None
    do: Literal["back", "stop", "seen"] | None = None


class ResultIn(Schema):
    talk: Token
    lang: Lang | None = None


class MessageOut(Schema):
    kind: Literal["alarm", "news", "reply", "understood", "unclear"]
    text: str


class PieceOut(Schema):
    text: str
    kind: Literal["plain", "present", "absent", "other", "unclear"]
    name: str


class OptionOut(Schema):
    id: str
    label: str


class PromptOut(Schema):
    kind: Literal[
        "complaint", "age", "sex", "proposal", "severity", "finding", "several", "course", "done"
    ]
    id: str
    text: str
    options: list[OptionOut]
    many: bool = Field(description="whether several options may be chosen")
    why: str


class NumberOut(Schema):
    country: Country
    number: str
    who: str
    text: str = Field(description="what to send, for a number that takes messages")
    href: str


class AlarmOut(Schema):
    level: Literal["emergency", "crisis"]
    title: str
    do: str
    because: list[str]
    numbers: list[NumberOut]
    seen: bool


class ProgressOut(Schema):
    part: Literal["complaint", "about", "questions", "result"]
    asked: int
    at_most: int


class EntryOut(Schema):
    at: int
    asked: str
    given: str
    counts: bool


class PossibleOut(Schema):
    id: str
    name: str
    about: str
    advice: str
    probability: float
    low: float = Field(description="lower end of the range that nine draws in ten lie within")
    high: float
    words: str
    speaks_for: list[str]
    speaks_against: list[str]
    would_change: list[str]


class OutcomeOut(Schema):
    level: Level
    name: str
    do: str
    reasons: list[str]
    conditions: list[PossibleOut]
    watch_for: list[str]
    notes: list[str]
    numbers: list[NumberOut]
    crisis: str
    edition: str = Field(description="version of the knowledge")


class TurnOut(Schema):
    """Everything to be shown now, and the talk to send with the next answer."""

    talk: str
    lang: Lang
    country: Country
    messages: list[MessageOut]
    heard: list[PieceOut]
    emergency: AlarmOut | None
    crisis: AlarmOut | None
    prompt: PromptOut
    progress: ProgressOut
    log: list[EntryOut]
    disclaimer: str
    result: OutcomeOut | None
    ai_generated: bool = True


ANSWERS: dict[int, Any] = {200: TurnOut, 410: Refusal, 422: Refusal, 429: Wait, 503: Refusal}


class ExpiredError(SocialError):
    """The talk is too old."""

    status = 410


class ClosedError(SocialError):
    """No assessment begins just now."""

    status = 503


@router.post("/talks", response=ANSWERS, summary="Begin a conversation")
def begin_talk(request: HttpRequest, body: BeginIn) -> dict[str, Any]:
    """Nothing is stored: the answer holds the whole conversation, sealed, as `talk`."""
    _admit(request)
    made = engine()
    if version_is_off(made.base.edition):
        with translation.override(DJANGO_LANG[body.lang]):
            raise ClosedError(
                translation.gettext("No assessment begins just now."),
                translation.gettext("Call 999 (UK) or 120 (China) if it cannot wait."),
            )
    return _shown(begin(made, body.lang, body.country))


@router.post("/talks/answer", response=ANSWERS, summary="Answer the prompt that stands")
def answer_talk(request: HttpRequest, body: AnswerIn) -> dict[str, Any]:
    """Sent twice with the same talk it gives the same answer."""
    _admit(request)
    talk = _opened(body.talk, body.lang)
    with translation.override(DJANGO_LANG[talk.lang]):
        page = act(engine(), _as_form(body, talk))
    if page.error:
        mend = translation.gettext("Send an answer that fits the prompt.")
        raise InvalidError(page.error, mend, field=page.field)
    return _shown(page.talk)


@router.post("/talks/result", response=ANSWERS, summary="The result as it stands")
def talk_result(request: HttpRequest, body: ResultIn) -> dict[str, Any]:
    """Whatever is still unanswered; the talk that comes back has stopped asking."""
    _admit(request)
    talk = _opened(body.talk, body.lang)
    made = engine()
    if turn(made, talk).result is not None:
        return _shown(talk)
    try:
        return _shown(append(made, talk, Stop()))
    except TalkError as error:
        raise InvalidError(str(error), translation.gettext("Begin a new one.")) from None


def _admit(request: HttpRequest) -> None:
    admit("talk", household(request.META.get("REMOTE_ADDR", "")))


def _opened(token: str, lang: Lang | None) -> Talk:
    try:
        return switch(open_token(token), lang=lang)
    except TokenError as error:
        kind = ExpiredError if error.expired else InvalidError
        raise kind(str(error), translation.gettext("Begin a new one.")) from None


def _as_form(body: AnswerIn, talk: Talk) -> QueryDict:
    """The answer as the page's own form would send it."""
    form = QueryDict(mutable=True)
    form["talk"] = seal(talk)
    if body.prompt is not None:
        form["prompt"] = body.prompt
    if body.text is not None:
        form["text"], form["do"] = body.text, "say"
    if body.options is not None:
        form.setlist("answer", body.options)
    if body.years is not None:
        # A baby's age in years has more digits than anybody types.
        form["years"], form["unit"] = f"{body.years * 365.25:.2f}", "days"
    if body.degree is not None:
        form["degree"] = str(body.degree)
    if body.hours is not None:
        form["amount"], form["unit"] = f"{body.hours:.2f}", "hours"
    if body.site is not None:
        form["part"] = body.site.part
        form.setlist("finding", body.site.findings)
    if body.do is not None:
        form["do"] = body.do
    return form


def _shown(talk: Talk) -> dict[str, Any]:
    shown = turn(engine(), talk)
    fields = ("lang", "country", "messages", "heard", "emergency", "crisis", "prompt", "progress")
    told = {name: getattr(shown, name) for name in (*fields, "log", "disclaimer", "result")}
    return {"talk": seal(talk), **told}
