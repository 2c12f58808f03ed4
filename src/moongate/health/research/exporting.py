"""Exporting what people agreed to give to research, as they agree today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from moongate.accounts import audit
from moongate.accounts.models import Consent
from moongate.health.models import Assessment
from moongate.health.records.purposes import RECORDS, RESEARCH
from moongate.health.records.reading import each_opened
from moongate.health.research.deidentify import Source, deidentify
from moongate.health.research.writing import write_task_set

AREA = "health"


def export_research(folder: Path, *, k: int) -> dict[str, Any]:
    """Write the task set and answer its manifest. Raises FolderError, ValueError (k), SealError."""
    manifest = write_task_set(deidentify(_sources(), k), folder)
    facts = {name: manifest[name] for name in ("k", "cases", "cells", "suppressed_cells")}
    audit.write("research.exported", area=AREA, subject=f"cases:{manifest['cases']}", details=facts)
    return manifest


def consented() -> QuerySet[Assessment]:
    """Assessments about their owners themselves, who agree to keeping and to research as it stands.

    People in care are left out: nobody can give their answers to research for them.
    """
    given = Consent.objects.filter(person=OuterRef("owner"), withdrawn_at=None)
    agreed = [
        Exists(given.filter(purpose=purpose.key, version=purpose.version))
        for purpose in (RECORDS, RESEARCH)
    ]
    return Assessment.objects.filter(*agreed, profile=None, owner__is_active=True)


def _sources() -> Iterator[Source]:
    for kept in each_opened(consented()):
        if kept.snapshot.about == "self":
            month = kept.created.astimezone(UTC).strftime("%Y-%m")
            yield Source(kept.row.owner_id, month, kept.snapshot)
