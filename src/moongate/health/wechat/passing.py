"""The answer in the request itself, where it is ready in time; else the way it goes instead.

Each message is answered one way, chosen once by whoever changes its row first. WeChat repeats a
message that was not answered, and is then given the same answer again.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from moongate.health.wechat import tasks
from moongate.health.wechat.models import Part, Received

# Three tries five seconds apart; who comes later is not WeChat's own repetition.
REPEATED_FOR = timedelta(seconds=30)
# So that what follows does not overtake the answer.
FOLLOWS_AFTER = timedelta(seconds=1)


def take_answer(pk: int) -> str:
    """The text to answer with in this request; empty when there is none or it comes later."""
    row = Received.objects.filter(pk=pk).first()
    if row is None:
        return ""
    if row.answered_at is None:
        if _choose(row, Received.Way.SERVICE):
            # It may have been answered in this very moment, by a thread that saw no way yet.
            row.refresh_from_db(fields=["answered_at"])
            if row.answered_at is not None:
                tasks.deliver.enqueue(row.session_id)
        return ""
    if _choose(row, Received.Way.PASSIVE):
        return _first(row, now_sent=True)
    row.refresh_from_db(fields=["way"])
    if row.way == Received.Way.PASSIVE and row.at > timezone.now() - REPEATED_FOR:
        return _first(row, now_sent=False)
    return ""


def note_passed(pk: int) -> None:
    """Say that the whole answer has gone out."""
    Received.objects.filter(pk=pk, passed_at=None).update(passed_at=timezone.now())


def _choose(row: Received, way: Received.Way) -> bool:
    return bool(Received.objects.filter(pk=row.pk, way=Received.Way.OPEN).update(way=way))


def _first(row: Received, *, now_sent: bool) -> str:
    part = Part.objects.filter(received=row, order=0).first()
    if part is None:
        return ""
    if now_sent:
        Part.objects.filter(pk=part.pk).update(state=Part.State.SENT)
        if Part.objects.filter(received=row, order__gt=0).exists():
            tasks.later(tasks.deliver, FOLLOWS_AFTER, row.session_id)
    return part.take("sealed") or ""
