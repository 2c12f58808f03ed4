"""Server-sent events: how many notifications are unread, and how many new posts there are.

A stream tells the state, not what led to it, so nothing is missed between two of them: a browser
that comes back says by Last-Event-ID which state it has, and is told only if it is another. Verbs
`announce` in this process; what other processes write is found by looking every few seconds.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.db import connections
from django.db.models import Max
from django.http import HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from moongate.social.models import Notification, Post

STREAMS_PER_PERSON = 2
BEAT_S = 15.0
LIFE_S = 300.0
LOOK_S = 4.0
COME_BACK_MS = 3_000
# A stream whose browser left before it began is forgotten so much later.
GRACE_S = 30.0

T = TypeVar("T")
# Two connections at most, however many streams there are.
_readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="social-events")
_lock = threading.Lock()
_streams: dict[int, list[Stream]] = {}


@dataclass(frozen=True)
class State:
    """What a stream tells, and the name of it."""

    unread: int
    new_posts: int
    newest: int

    @property
    def name(self) -> str:
        facts = f"{self.unread} {self.new_posts} {self.newest}"
        return hashlib.blake2b(facts.encode(), digest_size=8).hexdigest()

    def __str__(self) -> str:
        data = json.dumps({"unread": self.unread, "new_posts": self.new_posts})
        return f"id: {self.name}\nevent: state\ndata: {data}\n\n"


@dataclass(eq=False)
class Stream:
    """One open stream of a person."""

    person: int
    ends: float = field(default_factory=lambda: time.monotonic() + LIFE_S)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    wake: asyncio.Event = field(default_factory=asyncio.Event)


@require_GET
async def stream(request: HttpRequest) -> HttpResponseBase:
    """The stream of whoever is signed in: 401 for others, 429 beyond two at once."""
    person = await request.auser()
    if not person.is_authenticated or person.is_guest:
        reason = _("Only somebody with an account is told.")
        return JsonResponse({"reason": reason, "mend": _("Sign in first.")}, status=401)
    opened = _open(person.pk)
    if opened is None:
        reason = _("You have this site open in other windows already.")
        answer = {"reason": reason, "mend": _("Close one of them, or reload this one later.")}
        response = JsonResponse(answer, status=429)
        response["Retry-After"] = str(round(LIFE_S))
        return response
    known = request.headers.get("Last-Event-ID", "")
    response = StreamingHttpResponse(_tell(opened, known), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def announce(person: int) -> None:
    """Have the streams of a person (their id) look at once. From any thread, after the commit."""
    with _lock:
        streams = list(_streams.get(person, ()))
    for opened in streams:
        try:
            opened.loop.call_soon_threadsafe(opened.wake.set)
        except RuntimeError:
            _close(opened)  # its loop has ended


def open_streams(person: int) -> int:
    """How many streams the person (their id) has open in this process."""
    with _lock:
        return len(_streams.get(person, ()))


def state_of(person: int) -> State | None:
    """What is to be told to the person (their id) now; None when the account is shut."""
    # Not at import: the verbs of these modules announce here.
    from moongate.social.notifications import unread_count, visible_notifications
    from moongate.social.timeline import new_posts

    found = get_user_model().objects.filter(pk=person, is_active=True).first()
    if found is None:
        return None
    unread = visible_notifications(found).filter(is_read=False)
    newest = unread.aggregate(newest=Max("pk"))["newest"] or 0
    return State(unread_count(found), new_posts(found), newest)


async def _tell(opened: Stream, known: str) -> AsyncIterator[str]:
    try:
        # The view's own connection would stay with this request's thread until the end.
        await sync_to_async(connections.close_all)()
        yield f"retry: {COME_BACK_MS}\n\n"
        said = looked = time.monotonic()
        mark = None
        while time.monotonic() < opened.ends:
            latest = await _marks.latest()
            is_due = time.monotonic() - looked >= BEAT_S
            if opened.wake.is_set() or latest != mark or is_due:
                opened.wake.clear()
                mark, looked = latest, time.monotonic()
                state = await _read(lambda: state_of(opened.person))
                if state is None:
                    return
                if state.name != known:
                    known, said = state.name, time.monotonic()
                    yield str(state)
            now = time.monotonic()
            if now - said >= BEAT_S:
                said = now
                yield ": still here\n\n"
            await _wait(opened.wake, min(LOOK_S, said + BEAT_S - now, opened.ends - now))
    finally:
        _close(opened)


class _Marks:
    """The newest rows of the house, read once for all streams; alike, nothing is to be told."""

    def __init__(self) -> None:
        self.value: tuple[Any, Any] = (None, None)
        self.read_at = float("-inf")

    async def latest(self) -> tuple[Any, Any]:
        if time.monotonic() - self.read_at >= LOOK_S / 2:
            self.read_at = time.monotonic()
            self.value = await _read(_newest_rows)
        return self.value


_marks = _Marks()


def _newest_rows() -> tuple[Any, Any]:
    newest = Max("pk")
    return (
        Post.objects.aggregate(newest=newest)["newest"],
        Notification.objects.aggregate(newest=newest)["newest"],
    )


async def _read(reader: Callable[[], T]) -> T:
    """Read from the database in a thread, and let go of the connection."""

    def read() -> T:
        try:
            return reader()
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_readers, read)


async def _wait(wake: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(wake.wait(), timeout=max(0.0, seconds))
    except TimeoutError:
        return


def _open(person: int) -> Stream | None:
    now = time.monotonic()
    with _lock:
        others = [one for one in _streams.get(person, ()) if now < one.ends + GRACE_S]
        if len(others) >= STREAMS_PER_PERSON:
            return None
        opened = Stream(person)
        _streams[person] = [*others, opened]
    return opened


def _close(opened: Stream) -> None:
    with _lock:
        others = [one for one in _streams.get(opened.person, ()) if one is not opened]
        if others:
            _streams[opened.person] = others
        else:
            _streams.pop(opened.person, None)
