"""What a press of a button makes of the conversation: the page that follows."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from moongate.health.assessment import Engine
from moongate.health.chat.forms import FormFault, step_from
from moongate.health.chat.pages import Page, language, part_of
from moongate.health.chat.tokens import open_token
from moongate.health.talk import (
    ReplyError,
    Talk,
    TalkError,
    append,
    back,
    begin,
    change,
    switch,
    turn,
)
from moongate.health.talk.body import parts
from moongate.health.talk.prompts import prompt_at, prompt_of
from moongate.health.talk.steps import Country, Seen, Stop

COUNTRIES: tuple[Country, ...] = ("uk", "cn")


def begun(engine: Engine, country: str = "") -> Talk:
    """A new conversation in the reader's language."""
    place: Country | None = next((c for c in COUNTRIES if c == country), None)
    return begin(engine, language(), place)


def act(engine: Engine, data: QueryDict) -> Page:
    """The page after a form was sent; sent twice, it is the same page.

    Raises:
        TokenError: the conversation cannot be opened any more.
    """
    token = data.get("talk", "")
    talk = open_token(token) if token else begun(engine, data.get("country", ""))
    talk = switch(talk, lang=language())
    if not talk.steps and data.get("country") in COUNTRIES:
        talk = begun(engine, data["country"])
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    try:
        return _acted(engine, talk, data, now)
    except (FormFault, ReplyError) as fault:
        return _again(talk, data, str(fault), getattr(fault, "field", "text"))
    except TalkError:
        full = _("This conversation has become too long to go on. You can see the result as it is.")
        return Page(talk, error=full, status=422)


def _acted(engine: Engine, talk: Talk, data: QueryDict, now: str) -> Page:
    match data.get("do", "answer"):
        case "back":
            return Page(back(engine, talk))
        case "stop":
            return Page(append(engine, talk, Stop(at=now)))
        case "seen":
            return Page(_seen(engine, talk, now))
        case "show":
            return Page(talk)
        case "edit":
            at = _step_number(talk, data)
            prompt_at(engine, talk, at)
            return Page(talk, editing=at, part=part_of(talk, at))
        case "part":
            part = data.get("part", "")
            if part not in parts():
                raise FormFault("part", _("Choose a part of the body from the list."))
            editing = _step_number(talk, data) if "at" in data else None
            return Page(talk, part=part, text=data.get("text", "")[:8_000], editing=editing)
    if "at" in data:
        at = _step_number(talk, data)
        step = step_from(talk, prompt_at(engine, talk, at), data, now)
        return Page(change(engine, talk, at, step))
    prompt = prompt_of(engine, talk)
    if data.get("prompt", prompt.id) != prompt.id:
        # An answer to another question, from a page that stood elsewhere: it answers nothing here.
        return Page(talk)
    return Page(append(engine, talk, step_from(talk, prompt, data, now)))


def _seen(engine: Engine, talk: Talk, now: str) -> Talk:
    """The conversation after the alarm that stands was seen."""
    unseen = turn(engine, talk).unseen
    return talk if unseen is None else append(engine, talk, Seen(what=unseen.level, at=now))


def _again(talk: Talk, data: QueryDict, error: str, field: str) -> Page:
    """The same page with what was wrong, and with what was typed."""
    number = data.get("at", "")
    editing = int(number) if number.isdecimal() and int(number) < len(talk.steps) else None
    part = data.get("part", "")
    return Page(
        talk,
        error=error,
        field=field,
        editing=editing,
        part=part if part in parts() else "",
        text=data.get("text", "")[:8_000],
        status=422,
    )


def _step_number(talk: Talk, data: QueryDict) -> int:
    number = data.get("at", "")
    if not number.isascii() or not number.isdigit() or len(number) > 4:
        raise FormFault("at", _("Choose one of your answers."))
    if int(number) >= len(talk.steps):
        raise FormFault("at", _("Choose one of your answers."))
    return int(number)
