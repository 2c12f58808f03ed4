"""Work of health that outlives a request."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from moongate.health.records.deleting import delete_outdated

EVERY = timedelta(hours=24)


@task
def delete_outdated_records() -> None:
    """Delete what need not be kept any longer, and come again tomorrow."""
    delete_outdated()
    if delete_outdated_records.get_backend().supports_defer:
        delete_outdated_records.using(run_after=timezone.now() + EVERY).enqueue()


def resume() -> int:
    """Begin the daily round, one only; answers how much was queued."""
    waiting = DBTaskResult.objects.filter(
        task_path=delete_outdated_records.module_path, status="READY"
    )
    waiting.delete()
    delete_outdated_records.enqueue()
    return 1
