"""A person's own records, read back. Somebody else's is not there, and the try is noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from moongate.accounts import audit
from moongate.health.models import Assessment, Profile
from moongate.health.records.profiles import who
from moongate.health.records.snapshot import Snapshot, read_snapshot
from moongate.social.errors import NotFoundError

AREA = "health"
PAGE = 50
# One entry of the log for each hour that somebody tries: it can be neither missed nor flooded.
NOTED_S = 3600


@dataclass(frozen=True)
class Kept:
    """A kept assessment, opened. `name` is whom it is about: empty for the owner themself."""

    row: Assessment
    snapshot: Snapshot
    name: str

    @property
    def created(self) -> datetime:
        return self.row.created


def read(person: Any, public_id: UUID) -> Kept:
    """The person's own assessment. Raises NotFoundError for every other."""
    row = Assessment.objects.select_related("profile").filter(public_id=public_id).first()
    if row is None or not person.is_authenticated or row.owner_id != person.pk:
        if row is not None:
            note_refusal(person, row)
        raise no_assessment()
    return opened(row)


def timeline(
    person: Any, *, profile: Profile | None = None, everybody: bool = False, page: int = 1
) -> tuple[list[Kept], bool]:
    """A page of the person's own records (or those about a profile, or all), the newest first.

    Also answers whether there are more.
    """
    rows = Assessment.objects.filter(owner=person).select_related("profile")
    if not everybody:
        rows = rows.filter(profile=profile)
    start = (page - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    return [opened(row) for row in found[:PAGE]], len(found) > PAGE


def opened(row: Assessment) -> Kept:
    """The row with its snapshot. Raises SealError, SnapshotError."""
    name = who(row.profile).name if row.profile else ""
    return Kept(row, read_snapshot(row.take("sealed_snapshot")), name)


def each_opened(rows: QuerySet[Assessment]) -> Iterator[Kept]:
    """Every row opened, a few at a time in memory."""
    for row in rows.select_related("profile").iterator(chunk_size=PAGE):
        yield opened(row)


def note_refusal(person: Any, row: Assessment) -> None:
    """Write into the log that somebody tried to reach a record that is not theirs."""
    known = person if getattr(person, "is_authenticated", False) else None
    key = f"health-refused:{known.pk if known else 0}:{row.pk}"
    if cache.add(key, 1, NOTED_S):
        audit.write("record.refused", area=AREA, actor=known, subject=row)


def no_assessment() -> NotFoundError:
    return NotFoundError(_("There is no such assessment."), _("It may have been deleted."))
