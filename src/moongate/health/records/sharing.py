"""Showing one assessment to a clinician by a link that expires, can be revoked, and is counted."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moongate.accounts import audit, consents
from moongate.health.models import Assessment, Share, ShareOpening
from moongate.health.records.limits import admit
from moongate.health.records.purposes import SHARING
from moongate.health.records.reading import Kept, no_assessment, note_refusal, opened, read
from moongate.social.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from moongate.social.texts import clean_text

AREA = "health"
TOKEN_BYTES = 32
TOKEN_MAX = 64
DAYS_MAX = 30
SHARES_MAX = 20
LABEL_MAX = 60
OPENINGS_SHOWN = 50


@dataclass(frozen=True)
class Issued:
    """A new link's token, which is not kept and cannot be told again."""

    share: Share
    token: str


@dataclass(frozen=True)
class Shown:
    """A link as its owner sees it: for whom it was made, and when it was opened, newest first."""

    share: Share
    label: str
    openings: list[ShareOpening]
    count: int

    @property
    def works(self) -> bool:
        return self.share.revoked is None and self.share.expires > timezone.now()


def share(person: Any, public_id: UUID, *, label: str, days: int) -> Issued:
    """Make a link to the person's own assessment for `days` days. Raises SocialError."""
    kept = read(person, public_id)
    if not consents.has_consent(person, SHARING.key):
        raise NotAllowedError(
            _("You have not agreed to show assessments by a link."), _("Agree to it first.")
        )
    label = clean_text(label, field="label", most=LABEL_MAX, lines=False)
    if not 1 <= days <= DAYS_MAX:
        reason = _("days: must be from 1 to {most} (received: {days}).")
        raise InvalidError(
            reason.format(most=DAYS_MAX, days=days), _("Choose fewer days."), field="days"
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=kept.row.pk)
        if _open_shares().filter(assessment=kept.row).count() >= SHARES_MAX:
            raise ConflictError(
                _("There are {most} links to this assessment already.").format(most=SHARES_MAX),
                _("Revoke one that is no longer needed."),
            )
        row = Share(
            assessment=kept.row,
            token_sha256=_digest(token),
            expires=timezone.now() + timedelta(days=days),
        )
        row.put("sealed_label", label)
        row.save()
        audit.write("share.made", area=AREA, actor=person, subject=row, details={"days": days})
    return Issued(row, token)


def revoke_share(person: Any, public_id: UUID) -> UUID:
    """Shut a link to the person's own assessment, and answer which. Raises NotFoundError."""
    row = Share.objects.select_related("assessment").filter(public_id=public_id).first()
    if row is None or row.assessment.owner_id != person.pk:
        if row is not None:
            note_refusal(person, row.assessment)
        raise NotFoundError(_("There is no such link."), _("It may be gone already."))
    with transaction.atomic():
        if Share.objects.filter(pk=row.pk, revoked=None).update(revoked=timezone.now()):
            audit.write("share.revoked", area=AREA, actor=person, subject=row)
    return row.assessment.public_id


def shares_of(kept: Kept) -> list[Shown]:
    """Every link ever made to a kept assessment, the newest first."""
    shown = []
    for row in Share.objects.filter(assessment=kept.row):
        openings = list(row.openings.all()[:OPENINGS_SHOWN])
        shown.append(Shown(row, row.take("sealed_label"), openings, row.openings.count()))
    return shown


def find_share(token: str) -> Share:
    """The link of that token if it opens something now; what it opens is not read yet.

    Raises NotFoundError, the same for a wrong, expired, revoked or no longer consented one.
    """
    row = None
    if 0 < len(token) <= TOKEN_MAX:
        # Looked up by its hash: what the time taken tells is the hash of a guess, not the token.
        row = _open_shares().filter(token_sha256=_digest(token)).first()
    if row is None or not consents.has_consent(row.assessment.owner, SHARING.key):
        raise NotFoundError(
            _("This link opens nothing."),
            _("It may have expired or been revoked. Ask for a new one."),
        )
    return row


def open_share(token: str, *, what: Literal["page", "pdf", "fhir"] = "page") -> Kept:
    """The assessment behind a link; the owner will see that it was opened.

    Raises NotFoundError, or TooManyError when the link is opened too often.
    """
    row = find_share(token)
    admit("open", str(row.public_id))
    ShareOpening.objects.create(share=row, what=what)
    assessment = Assessment.objects.select_related("profile").filter(pk=row.assessment_id).first()
    if assessment is None:
        raise no_assessment()
    return opened(assessment)


def _open_shares() -> QuerySet[Share]:
    return Share.objects.select_related("assessment__owner").filter(
        revoked=None, expires__gt=timezone.now(), assessment__owner__is_active=True
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
