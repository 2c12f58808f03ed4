"""Records go when their owner says so, when their time is over, and when consent is withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from moongate.accounts import audit
from moongate.accounts.models import Consent
from moongate.accounts.personal_data import delete_in_batches
from moongate.health.models import Assessment
from moongate.health.records.purposes import RECORDS
from moongate.health.records.reading import read

AREA = "health"
# How long somebody who withdrew may change their mind.
GRACE = timedelta(days=7)

log = structlog.get_logger(__name__)


def delete_assessment(person: Any, public_id: UUID) -> None:
    """Delete the person's own record with its links. Raises NotFoundError."""
    kept = read(person, public_id)
    with transaction.atomic():
        audit.write("record.deleted", area=AREA, actor=person, subject=kept.row)
        kept.row.delete()


def kept_until(row: Assessment) -> datetime:
    """When the record is deleted if nobody deletes it before."""
    return row.created + timedelta(days=settings.HEALTH_KEEP_DAYS)


def delete_outdated(*, now: datetime | None = None) -> int:
    """Delete what is older than HEALTH_KEEP_DAYS, and what its owner no longer agrees to have kept.

    Answers how many. Safe to call again.
    """
    now = now or timezone.now()
    old = Assessment.objects.filter(created__lte=now - timedelta(days=settings.HEALTH_KEEP_DAYS))
    theirs = Consent.objects.filter(person=OuterRef("owner"), purpose=RECORDS.key)
    no_longer = Assessment.objects.exclude(
        Exists(theirs.filter(withdrawn_at=None))
        | Exists(theirs.filter(withdrawn_at__gt=now - GRACE))
    )
    count = delete_in_batches(old) + delete_in_batches(no_longer)
    if count:
        log.info("records deleted", records=count)
    return count
