"""Work of the channel that outlives a request."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Min, Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from moongate.health.wechat import answering, delivering
from moongate.health.wechat.models import EntryLink, Part, Received, Session, UsedSignature
from moongate.health.wechat.protocol.signature import WINDOW_S
from moongate.health.wechat.receiving import KEPT

# Longer than any request may live; what is younger at a start may be another process's.
LEFT_ALONE = timedelta(seconds=30)
TIDIED_EVERY = timedelta(minutes=10)


@task
def deliver(session_pk: int) -> None:
    """Send what waits for a person, and come again for what could not be sent."""
    pause = delivering.deliver(session_pk)
    if pause is not None:
        later(deliver, pause, session_pk)


@task
def finish(received_pk: int) -> None:
    """Answer a message that no thread was free for, or what a stopped process left of it."""
    answering.answer(received_pk)
    take_up(received_pk)


@task
def tidy() -> None:
    """Delete what has had its time, and come again as long as there is something."""
    forget_expired()
    plan_tidying()


def answer(received_pk: int) -> None:
    """Answer a message while its request waits; if that has gone, see that the answer is sent."""
    answering.answer(received_pk)
    unsent = Part.objects.filter(
        received__session__received=received_pk,
        received__way=Received.Way.SERVICE,
        state=Part.State.WAITING,
    )
    for session_pk in set(unsent.values_list("received__session", flat=True)):
        deliver.enqueue(session_pk)


def take_up(received_pk: int) -> None:
    """Send the answer of a message whose request has gone."""
    row = Received.objects.filter(pk=received_pk).first()
    if row is None:
        return
    Received.objects.filter(pk=row.pk, way=Received.Way.OPEN).update(way=Received.Way.SERVICE)
    if row.way == Received.Way.PASSIVE and row.passed_at is None:
        for part in Part.objects.filter(received=row, order=0).select_related("received__session"):
            delivering.doubt(part)
        Received.objects.filter(pk=row.pk).update(passed_at=timezone.now())
    deliver.enqueue(row.session_id)


def forget_expired() -> int:
    """Delete talks, signatures and links whose time has passed; answers how many talks."""
    now = timezone.now()
    talks = Session.objects.filter(touched_at__lt=now - KEPT)
    count = talks.count()
    talks.delete()
    Received.objects.filter(at__lt=now - KEPT).exclude(parts__state=Part.State.HELD).delete()
    UsedSignature.objects.filter(at__lt=now - 2 * timedelta(seconds=WINDOW_S)).delete()
    EntryLink.objects.filter(expires_at__lt=now).delete()
    return count


def plan_tidying() -> None:
    """Have `tidy` come when the oldest talk has had its time, unless it comes anyway."""
    oldest = Session.objects.aggregate(oldest=Min("touched_at"))["oldest"]
    waiting = DBTaskResult.objects.filter(
        task_path=tidy.module_path, status=TaskResultStatus.READY
    ).exists()
    if oldest is not None and not waiting:
        later(tidy, max(TIDIED_EVERY, oldest + KEPT - timezone.now()))


def resume() -> int:
    """Put back on the queue what a stopped process left; answers how much. Call it before working.

    Whatever is on the queue twice is done once.
    """
    forget_expired()
    plan_tidying()
    unfinished = Q(answered_at=None) | Q(way=Received.Way.OPEN)
    unfinished |= Q(way=Received.Way.PASSIVE, passed_at=None)
    unfinished |= Q(parts__state__in=(Part.State.WAITING, Part.State.SENDING))
    rows = list(Received.objects.filter(unfinished).distinct().values_list("pk", flat=True))
    for pk in rows:
        later(finish, LEFT_ALONE, pk)
    return len(rows)


def later(job: Task, delay: timedelta, *arguments: int) -> None:
    """Queue a job for later, where the queue can wait; where it cannot, at once."""
    if job.get_backend().supports_defer:
        job = job.using(run_after=timezone.now() + delay)
    job.enqueue(*arguments)
