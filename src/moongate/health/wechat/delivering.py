"""Answers as customer-service messages: in order, and never twice.

A part is marked before WeChat is called. If the process dies, or WeChat's answer is lost, nobody
knows whether the person has it; it is not sent again, but a note follows that says so.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from moongate.health.wechat.account import official_account
from moongate.health.wechat.api.calls import send_text
from moongate.health.wechat.api.faults import TRY_LATER, ApiError, Reason
from moongate.health.wechat.models import Part, Received, Session
from moongate.health.wechat.texts import say

LEASE = timedelta(minutes=3)  # longer than one message can take with all its tries
TRIES_MOST = 5
log = structlog.get_logger(__name__)


def deliver(session_pk: int) -> timedelta | None:
    """Send what waits for the person; answers after how long to come again, None when done."""
    if not _leased(session_pk):
        return timedelta(seconds=2) if Session.objects.filter(pk=session_pk).exists() else None
    try:
        # Nobody else sends to this person now: who marked these is dead.
        for part in _parts(session_pk, Part.State.SENDING):
            doubt(part)
        while (part := _parts(session_pk, Part.State.WAITING).first()) is not None:
            Session.objects.filter(pk=session_pk).update(sending_until=timezone.now() + LEASE)
            pause = _send(part)
            if pause is not None:
                return pause
        return None
    finally:
        Session.objects.filter(pk=session_pk).update(sending_until=None)


@transaction.atomic
def doubt(part: Part) -> None:
    """The part may have been lost: it is over, and a note takes its place."""
    Part.objects.filter(pk=part.pk).update(state=Part.State.SENT, sealed=b"")
    session = part.received.session
    unsent = (Part.State.WAITING, Part.State.HELD)
    if (
        part.note
        or Part.objects.filter(received__session=session, note=True, state__in=unsent).exists()
    ):
        return
    last = Part.objects.filter(received=part.received).aggregate(last=Max("order"))["last"]
    note = Part(received=part.received, order=last + 1, note=True)
    note.put("sealed", say("interrupted", session.take("sealed")["lang"] or "zh"))
    note.save()


def _leased(session_pk: int) -> bool:
    now = timezone.now()
    free = Q(sending_until=None) | Q(sending_until__lt=now)
    rows = Session.objects.filter(free, pk=session_pk)
    return bool(rows.update(sending_until=now + LEASE))


def _parts(session_pk: int, state: Part.State):
    """The person's parts in that state, in order; those whose request still waits are not ours."""
    return (
        Part.objects.filter(received__session=session_pk, state=state)
        .exclude(received__way=Received.Way.OPEN)
        .select_related("received__session")
        .order_by("received_id", "order")
    )


def _send(part: Part) -> timedelta | None:
    """Send one part; answers after how long to try again, None when it is settled."""
    session = part.received.session
    openid = session.take("sealed")["openid"]
    text = part.take("sealed")
    claimed = Part.objects.filter(pk=part.pk, state=Part.State.WAITING)
    if not claimed.update(state=Part.State.SENDING, tries=part.tries + 1):
        return None
    try:
        send_text(official_account(), openid, text)
    except ApiError as error:
        log.warning("wechat took no message", reason=error.reason.value, code=error.code)
        return _failed(part, error.reason)
    Part.objects.filter(pk=part.pk).update(state=Part.State.SENT, sealed=b"")
    return None


def _failed(part: Part, reason: Reason) -> timedelta | None:
    mine = Part.objects.filter(pk=part.pk)
    unsent = Part.objects.filter(
        received__session=part.received.session_id,
        state__in=(Part.State.WAITING, Part.State.SENDING),
    )
    if reason in (Reason.IN_DOUBT, Reason.UNREADABLE):
        doubt(part)
    elif reason is Reason.NO_PERSON:
        unsent.update(state=Part.State.SENT, sealed=b"")
    elif reason in TRY_LATER and part.tries + 1 < TRIES_MOST:
        mine.update(state=Part.State.WAITING)
        return timedelta(seconds=5 * 3**part.tries)
    else:
        # A text that WeChat refuses holds up none of the others.
        kept = mine if reason is Reason.REFUSED_TEXT else unsent
        kept.update(state=Part.State.HELD)
    return None
