"""Work of the accounts that outlives a request."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

from moongate.accounts import erasing, exporting
from moongate.accounts.models import DataExport, Erasure

RETRY = timedelta(minutes=5)


@task
def build_export(public_id: str) -> None:
    """Make the archive, and see that it is deleted when its time has come."""
    if exporting.build_export(UUID(public_id)):
        _later(expire_exports, exporting.KEPT)


@task
def expire_exports() -> None:
    exporting.expire_exports()


@task
def erase_person(public_id: str) -> None:
    """Finish the erasure; what a fault leaves is taken up again later."""
    try:
        erasing.erase_person(UUID(public_id))
    except Exception:
        _later(erase_person, RETRY, public_id)
        raise


def resume() -> int:
    """Put back on the queue what a stopped worker left; answers how much. Call it before working.

    Whatever is on the queue twice is done once: both jobs find nothing left to do.
    """
    exporting.expire_exports()
    erasures = Erasure.objects.filter(finished_at=None, person__isnull=False)
    exports = DataExport.objects.filter(state=DataExport.State.WAITING)
    jobs = [(erase_person, str(row.public_id)) for row in erasures]
    jobs += [(build_export, str(row.public_id)) for row in exports]
    for job, public_id in jobs:
        job.enqueue(public_id)
    return len(jobs)


def _later(job: Task, delay: timedelta, *arguments: str) -> None:
    """Queue a job for later, where the queue can; where it cannot, `resume` comes to it."""
    if job.get_backend().supports_defer:
        job.using(run_after=timezone.now() + delay).enqueue(*arguments)
