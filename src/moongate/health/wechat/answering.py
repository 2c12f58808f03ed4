"""A message answered: the talk goes on and the answer is written, both or neither.

The engine works outside any transaction. What it found is written only if the session is still as
it was read; else it reads again. A process that dies in between leaves the message unanswered.
"""

from __future__ import annotations

import threading
import traceback
from dataclasses import replace

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from moongate.health import serving
from moongate.health.knowledge.schema import Lang
from moongate.health.safety.switches import version_is_off
from moongate.health.talk import TalkError
from moongate.health.wechat.account import NotSetUp, official_account
from moongate.health.wechat.api.calls import Follower, follower
from moongate.health.wechat.api.faults import ApiError
from moongate.health.wechat.dialogue import Heard, House, Said, State, respond, show
from moongate.health.wechat.links import Entry, link_text
from moongate.health.wechat.models import EntryLink, Part, Received, Session
from moongate.health.wechat.people import account_of
from moongate.health.wechat.receiving import is_flood
from moongate.health.wechat.splitting import split
from moongate.health.wechat.texts import both, say

TRIES = 8
log = structlog.get_logger(__name__)
HOUSE = House(
    engine=lambda: serving.engine(),
    is_closed=lambda: version_is_off(serving.engine().base.edition),
)
# Answers to one person follow one another; strangers rarely share a lock.
_locks = [threading.Lock() for _number in range(256)]


class _Overtaken(Exception):
    """Another process has moved the session on meanwhile."""


def answer(pk: int) -> None:
    """Answer the message, after all earlier ones of the same person; again, it does nothing."""
    row = Received.objects.filter(pk=pk).first()
    if row is None:
        return
    with _locks[row.session_id % len(_locks)]:
        waiting = Received.objects.filter(
            session=row.session_id, answered_at=None, pk__lte=pk
        ).order_by("pk")
        for number in list(waiting.values_list("pk", flat=True)):
            _answer_one(number)


def _answer_one(pk: int) -> None:
    for _try in range(TRIES):
        row = Received.objects.filter(pk=pk, answered_at=None).select_related("session").first()
        if row is None:
            return
        try:
            _write(row, *_found_or_sorry(row))
        except _Overtaken:
            continue
        return
    log.warning("a session of wechat changes faster than it is answered")


def _found_or_sorry(row: Received) -> tuple[Said, list[Part]]:
    """What to say; an apology where the engine stumbles, so that nothing waits for ever."""
    try:
        return _found(row)
    except DatabaseError:
        raise
    except Exception as error:
        # Without its text, which might quote the person.
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "the talk stumbled", fault=type(error).__name__, at=f"{where.name}:{where.lineno}"
        )
        state, _renewed = _state(row.session)
        lang: Lang = state.lang or "zh"
        return Said(state, f"{say('sorry', lang)}\n\n{say('numbers', lang)}"), []


def _found(row: Received) -> tuple[Said, list[Part]]:
    """What to say, or the parts of an earlier answer that have not reached the person yet."""
    session = row.session
    state, renewed = _state(session)
    heard = Heard(**row.take("sealed"))
    if is_flood(row):
        text = both("too_many") if state.lang is None else say("too_many", state.lang)
        return Said(state, text), []
    if renewed:
        return show(HOUSE, state, "renewed"), []
    held = Part.objects.filter(received__session=session, state=Part.State.HELD)
    unread = list(held.order_by("received_id", "order"))
    if unread and heard.needs_the_question:
        if any(part.note for part in unread):
            return show(HOUSE, state, "interrupted"), []
        return Said(state), unread
    if heard.kind == "subscribe" and state.lang is None:
        heard = Heard("subscribe", lang=_followers_language(state.openid))
    said = respond(HOUSE, state, heard)
    return (_with_link(session, said) if said.wants_link else said), []


def _with_link(session: Session, said: Said) -> Said:
    """The same with a link to the result; where only that was asked for, and is not, it says so."""
    app_id, openid = official_account().app_id, said.state.openid
    link = ""
    if settings.PUBLIC_URL:
        # Whoever has signed in here elsewhere is known by the unionid alone.
        known = account_of(app_id, openid) is not None
        unionid = "" if known else _follower(openid).unionid
        link = link_text(session, Entry(app_id, openid, unionid, said.state.talk))
    text = "\n\n".join(part for part in (said.text, link) if part)
    return replace(said, text=text or say("no_link", said.state.lang or "zh"))


def _state(session: Session) -> tuple[State, bool]:
    """The session's state, and whether its talk cannot be read any more and begins anew."""
    facts = session.take("sealed")
    try:
        return State.from_json(facts), False
    except TalkError:
        return State.from_json({**facts, "talk": None}), True


def _followers_language(openid: str) -> Lang | None:
    """What WeChat says of somebody who has just subscribed; None when it does not say."""
    spoken = _follower(openid).language
    if spoken.startswith("zh"):
        return "zh"
    return "en" if spoken.startswith("en") else None


def _follower(openid: str) -> Follower:
    """What WeChat says of the person; nothing where it does not answer."""
    try:
        return follower(official_account(), openid)
    except (ApiError, NotSetUp):
        return Follower("", "")


@transaction.atomic
def _write(row: Received, said: Said, unread: list[Part]) -> None:
    session, now = row.session, timezone.now()
    session.put("sealed", said.state.as_json())
    agreed = said.state.talk is not None
    changed = Session.objects.filter(pk=session.pk, version=session.version).update(
        sealed=session.sealed,
        version=session.version + 1,
        consented_at=(session.consented_at or now) if agreed else None,
    )
    done = Received.objects.filter(pk=row.pk, answered_at=None).update(answered_at=now, sealed=b"")
    if not (changed and done):
        raise _Overtaken
    earlier = Part.objects.filter(received__session=session).exclude(received=row)
    texts = [part.take("sealed") for part in unread]
    if unread:
        earlier.filter(pk__in=[part.pk for part in unread]).delete()
    else:
        texts = _pieces(said)
    if said.whole or said.forget:
        earlier.filter(state=Part.State.HELD).delete()
    if said.forget:
        earlier.filter(state=Part.State.WAITING).delete()
        EntryLink.objects.filter(session=session).delete()
    earlier.filter(state=Part.State.SENT).exclude(sealed=b"").update(sealed=b"")
    for order, text in enumerate(texts):
        part = Part(received=row, order=order)
        part.put("sealed", text)
        part.save()


def _pieces(said: Said) -> list[str]:
    lang: Lang = said.state.lang or "zh"
    return split(said.text, say("more", lang)) if said.text else []
