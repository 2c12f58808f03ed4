"""A turn as a stream of server-sent lines: what was heard at once, the rest when it is reckoned."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from moongate.health.chat.acting import act
from moongate.health.chat.pages import Page, fragment
from moongate.health.chat.tokens import TokenError
from moongate.health.serving import engine
from moongate.health.talk.hearing import messages
from moongate.health.talk.replaying import replay
from moongate.health.talk.turns import early_alarm

STREAM = "text/event-stream"
T = TypeVar("T")
# The engine reckons in one thread at a time anyway; more would only wait for each other.
_workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="health-chat")


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    """The answer to a form as a stream: "heard", then "page" (or "gone")."""
    spoken = translation.get_language() or "en"
    response = StreamingHttpResponse(_told(request, spoken), content_type=STREAM)
    response["X-Accel-Buffering"] = "no"
    return response


async def _told(request: HttpRequest, spoken: str) -> AsyncIterator[str]:
    # Read here: the body cannot be read from another thread while it may still be coming.
    data = request.POST
    try:
        page = await _reckon(spoken, lambda: act(engine(), data))
    except TokenError as error:
        yield _line("gone", text=str(error), again=reverse("health:chat"))
        return
    if not page.error and page.editing is None and not page.part:
        yield _line("heard", html=await _reckon(spoken, lambda: _heard(page)))
    html = await _reckon(spoken, lambda: fragment(engine(), page, request))
    yield _line("page", html=html, status=page.status)


def _heard(page: Page) -> str:
    """What can be said before the next question is found: danger first."""
    made = engine()
    told = {
        "alarm": early_alarm(made, page.talk),
        "messages": messages(replay(made, page.talk), page.talk),
        "wait": _("One moment, I am thinking."),
    }
    return render_to_string("health/chat/heard.html", told)


async def _reckon(spoken: str, work: Callable[[], T]) -> T:
    """Does work in a thread, in the reader's language, and lets go of the database."""

    def run() -> T:
        try:
            with translation.override(spoken):
                return work()
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_workers, run)


def _line(event: str, **data: object) -> str:
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
