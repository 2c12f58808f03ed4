"""What health holds of a person: kept assessments, people in care, links, incident reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from moongate.accounts.personal_data import register
from moongate.health.models import Assessment, Incident, Profile, Share
from moongate.health.records.profiles import profiles_of

BATCH = 50


def register_health() -> None:
    """Register everything with its content opened: the person's own copy is theirs to read."""
    register(Share, name="links", owner=_shares, export=_export_shares, erase="cascade")
    register(Assessment, owner="owner", export=_export_assessments, erase="delete")
    register(Profile, owner="guardian", export=_export_profiles, erase="delete")
    register(Incident, owner="reporter", export=_export_incidents, erase=erase_incidents)


def erase_incidents(person: Any) -> int:
    """Take the person and their words out of their reports; that something happened stays known."""
    return Incident.objects.filter(reporter=person).update(
        reporter=None, sealed_words=b"", sealed_finding=b""
    )


def move_records(guest: Any, person: Any) -> None:
    """What a guest's row owns becomes the account's that the guest signs in to."""
    known = set(Assessment.objects.filter(owner=person).values_list("fingerprint", flat=True))
    rows = Assessment.objects.filter(owner=guest)
    rows.filter(fingerprint__in=known).delete()
    rows.update(owner=person)
    guest.health_profiles.update(guardian=person)
    guest.health_incidents.update(reporter=person)


def _shares(person: Any) -> QuerySet[Share]:
    return Share.objects.filter(assessment__owner=person)


def _export_shares(person: Any) -> Iterator[Mapping[str, Any]]:
    for row in _shares(person).select_related("assessment").iterator(chunk_size=BATCH):
        yield {
            "assessment": row.assessment.public_id,
            "label": row.take("sealed_label"),
            "made": row.created,
            "expires": row.expires,
            "revoked": row.revoked,
            "opened": list(row.openings.values_list("at", flat=True)),
        }


def _export_assessments(person: Any) -> Iterator[Mapping[str, Any]]:
    rows = Assessment.objects.filter(owner=person).select_related("profile")
    for row in rows.iterator(chunk_size=BATCH):
        yield {
            "id": row.public_id,
            "kept": row.created,
            "knowledge": row.knowledge,
            "person_in_care": row.profile.public_id if row.profile else None,
            "talk": row.take("sealed_talk"),
            "result": row.take("sealed_snapshot"),
        }


def _export_profiles(person: Any) -> Iterator[Mapping[str, Any]]:
    for found in profiles_of(person):
        yield {
            "id": found.profile.public_id,
            "name": found.name,
            "relation": found.relation,
            "guardian_consent_version": found.profile.consent_version,
            "consented": found.profile.consented_at,
        }


def _export_incidents(person: Any) -> Iterator[Mapping[str, Any]]:
    for row in Incident.objects.filter(reporter=person).iterator(chunk_size=BATCH):
        yield {
            "kind": row.kind,
            "harm": row.harm,
            "state": row.state,
            "reported": row.created,
            **(row.take("sealed_words") or {}),
        }
