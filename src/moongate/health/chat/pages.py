"""What a page of the chat is made of: the conversation, what is shown of it, and what to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language

from moongate.accounts import consents
from moongate.health.assessment import Engine
from moongate.health.chat.body_map import Figure, figures
from moongate.health.chat.drawing import Bar, bars
from moongate.health.chat.tokens import seal
from moongate.health.knowledge.schema import Lang
from moongate.health.records import profiles
from moongate.health.records.purposes import RECORDS
from moongate.health.talk import Talk, turn
from moongate.health.talk.body import complaints, parts
from moongate.health.talk.prompts import prompt_at
from moongate.health.talk.shapes import Prompt, Turn
from moongate.health.talk.steps import Say, Site
from moongate.health.talk.words import text

FRAGMENT = "health/chat/turn.html"


@dataclass(frozen=True)
class Page:
    """A page to be shown; `error` is what was wrong with the last form, at `field`.

    `editing` is the number of the step that is being changed; `part` the part of the body chosen
    on the map; `text` what was typed and not taken.
    """

    talk: Talk
    error: str = ""
    field: str = ""
    editing: int | None = None
    part: str = ""
    text: str = ""
    status: int = 200


def language() -> Lang:
    """The reader's language, as the engine names it."""
    return "zh" if (get_language() or "en").startswith("zh") else "en"


def start_context(lang: Lang) -> dict[str, Any]:
    """What the first page needs; it waits for no engine."""
    return {
        "lang": lang,
        "prompt": Prompt("complaint", "", text("complaint", lang)),
        "parts": [(name, part.name.in_(lang)) for name, part in parts().items()],
        "figures": figures(),
    }


def context(engine: Engine, page: Page, request: HttpRequest) -> dict[str, Any]:
    """Everything that the templates need. Takes as long as the engine does."""
    talk, lang = page.talk, page.talk.lang
    shown = turn(engine, talk)
    prompt = shown.prompt if page.editing is None else prompt_at(engine, talk, page.editing)
    token = seal(talk)
    told: dict[str, Any] = {
        "page": page,
        "turn": shown,
        "prompt": prompt,
        "token": token,
        "language_talk": token,
        "parts": [(name, part.name.in_(lang)) for name, part in parts().items()],
        "figures": _figures(prompt, page),
        "complaints": complaints(engine, page.part, lang) if page.part else (),
        "part_name": parts()[page.part].name.in_(lang) if page.part in parts() else "",
        "draft": _draft(page, prompt),
        "degrees": range(11),
    }
    if shown.result is not None:
        told |= {"bars": _bars(shown), **_keeping(request)}
    return told


def fragment(engine: Engine, page: Page, request: HttpRequest) -> str:
    """The part of the page that changes from turn to turn."""
    return render_to_string(FRAGMENT, context(engine, page, request), request)


def _figures(prompt: Prompt, page: Page) -> tuple[Figure, ...]:
    return figures(page.part) if prompt.kind == "complaint" else ()


def _bars(shown: Turn) -> tuple[Bar, ...]:
    """The chart; not for somebody in a crisis, whom it would not help."""
    return () if shown.crisis or shown.result is None else bars(shown.result.conditions)


def _draft(page: Page, prompt: Prompt) -> str:
    """What stands in the field: what was typed and refused, or what is being changed."""
    if page.text or page.editing is None:
        return page.text
    step = page.talk.steps[page.editing]
    return step.text if isinstance(step, Say) and prompt.kind == "complaint" else ""


def _keeping(request: HttpRequest) -> dict[str, Any]:
    """Whether and how the person may keep the result."""
    person = request.user
    if not person.is_authenticated or person.is_guest:
        return {"may_keep": False}
    return {
        "may_keep": True,
        "agreed": consents.has_consent(person, RECORDS.key),
        "purpose": RECORDS,
        "people": profiles.profiles_of(person),
    }


def part_of(talk: Talk, at: int) -> str:
    """The part of the body that a step chose on the map, if it did."""
    step = talk.steps[at]
    return step.parts[0] if isinstance(step, Site) else ""
