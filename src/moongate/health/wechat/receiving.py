"""A message taken down, once, whatever WeChat or anybody else repeats."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import NamedTuple

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from moongate.health.records.sealing import SealError
from moongate.health.wechat.dialogue import KEPT_HOURS, Heard, State
from moongate.health.wechat.models import Part, Received, Session, UsedSignature, person_key
from moongate.health.wechat.protocol.faults import Refused
from moongate.health.wechat.protocol.gate import Knock

KEPT = timedelta(hours=KEPT_HOURS)
FLOOD, FLOOD_WINDOW = 30, timedelta(minutes=1)

log = structlog.get_logger(__name__)


class Taken(NamedTuple):
    """The row of a message; whether it is new, and whether the person's session is."""

    row: Received
    is_new: bool
    begins: bool


def receive(knock: Knock) -> Taken:
    """Take the message down.

    Before the person has agreed to it, words are not written down. Raises Refused for a signature
    that stood for another message.
    """
    try:
        return _taken_down(knock)
    except IntegrityError:
        # The same message twice at once: the other came first, and its rows stand by now.
        return _taken_down(knock)


@transaction.atomic
def _taken_down(knock: Knock) -> Taken:
    message = knock.message
    used, _new = UsedSignature.objects.get_or_create(
        signature=knock.signature, defaults={"message": message.key}
    )
    if used.message != message.key:
        raise Refused("replay")
    known = Received.objects.filter(key=message.key).select_related("session").first()
    if known is not None:
        return Taken(known, is_new=False, begins=False)
    session, begins = session_of(knock.gate.app_id, message.openid)
    heard = Heard(message.kind, message.words, early=_is_answering(session))
    if session.consented_at is None:
        heard = heard.before_consent()
    row = Received(session=session, key=message.key, early=heard.early)
    row.put("sealed", asdict(heard))
    row.save()
    return Taken(row, is_new=True, begins=begins)


def session_of(app_id: str, openid: str) -> tuple[Session, bool]:
    """The person's session, and whether it is new; one older than it may be is made anew."""
    person = person_key(app_id, openid)
    now = timezone.now()
    session = Session.objects.filter(person=person).first()
    if session is not None and (session.touched_at < now - KEPT or not _opens(session)):
        session.delete()
        session = None
    if session is None:
        session = Session(person=person)
        session.put("sealed", State(openid).as_json())
        session.save()
        return session, True
    Session.objects.filter(pk=session.pk).update(touched_at=now)
    return session, False


def _opens(session: Session) -> bool:
    """Whether the keys that are here open it; without them nobody could answer."""
    try:
        session.take("sealed")
    except SealError:
        log.error("a talk in wechat does not open any more and begins anew")
        return False
    return True


def is_flood(row: Received) -> bool:
    """Whether the person sends more than anybody writes."""
    since = timezone.now() - FLOOD_WINDOW
    return Received.objects.filter(session=row.session, at__gt=since).count() > FLOOD


def _is_answering(session: Session) -> bool:
    """Whether an answer is still under way to the person."""
    return (
        Received.objects.filter(session=session, answered_at=None).exists()
        or Part.objects.filter(
            received__session=session, state__in=(Part.State.WAITING, Part.State.SENDING)
        ).exists()
    )
