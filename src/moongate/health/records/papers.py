"""A kept assessment as a paper for the doctor, and as FHIR for their system."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from moongate.accounts.models import Consent
from moongate.health.fhir.bundle import About, bundle
from moongate.health.knowledge.schema import Lang
from moongate.health.records.purposes import RECORDS
from moongate.health.records.reading import Kept


def pdf_of(kept: Kept, lang: Lang) -> bytes:
    """The printed report, A4; takes a second or two."""
    from moongate.health.report.pdf import Heading, report

    heading = Heading(kept.name, timezone.localtime(kept.created))
    return report(kept.snapshot, heading, lang)


def fhir_of(kept: Kept, lang: Lang) -> dict[str, Any]:
    """The FHIR R4 bundle. Its consent is the one under which the record was kept."""
    given = Consent.objects.filter(
        person=kept.row.owner_id, purpose=RECORDS.key, given_at__lte=kept.created
    ).first()
    about = About(
        record=kept.row.public_id,
        created=kept.created,
        consented=given.given_at if given else kept.created,
        consent_version=given.version if given else RECORDS.version,
        name=kept.name,
    )
    return bundle(kept.snapshot, about, lang)
