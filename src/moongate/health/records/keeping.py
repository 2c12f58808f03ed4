"""Keeping a finished conversation as a record: asked for, agreed to, sealed."""

from __future__ import annotations

import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from moongate.accounts import audit, consents
from moongate.health.models import Assessment, Profile
from moongate.health.records.purposes import RECORDS
from moongate.health.records.taking import take_snapshot
from moongate.health.serving import engine as shared_engine
from moongate.health.talk.replaying import assessment_of
from moongate.health.talk.steps import Say, Talk
from moongate.social.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from moongate.social.people import require_member

AREA = "health"
ASSESSMENTS_MAX = 2_000


def keep(person: Any, talk: Talk, *, profile: Profile | None = None) -> Assessment:
    """Keep a conversation and what it comes to; kept again, it is the same record.

    `profile` is somebody in the person's care, whom it is about. Raises SocialError: no account,
    no consent to keep records, nothing said yet, somebody else's profile.
    """
    require_member(person)
    if not consents.has_consent(person, RECORDS.key):
        raise NotAllowedError(
            _("You have not agreed to have assessments kept."), _("Agree to it first.")
        )
    if profile is not None and profile.guardian_id != person.pk:
        raise NotFoundError(
            _("There is no such person in your care."), _("Choose one from your list.")
        )
    text = talk.to_json().decode()
    # Keyed, so that nobody can try complaints against it.
    fingerprint = salted_hmac("health.assessment", text, algorithm="sha256").hexdigest()
    kept = Assessment.objects.filter(owner=person, fingerprint=fingerprint).first()
    if kept is not None:
        return kept
    if Assessment.objects.filter(owner=person).count() >= ASSESSMENTS_MAX:
        raise ConflictError(
            _("You keep {most} assessments already.").format(most=ASSESSMENTS_MAX),
            _("Delete some that you no longer need."),
        )
    engine = shared_engine()
    assessment = assessment_of(engine, talk)
    if not assessment.evidence.present and not assessment.sounds.level:
        raise InvalidError(
            _("There is nothing to keep yet."), _("Say what is wrong first."), field="talk"
        )
    words = [step.text for step in talk.steps if isinstance(step, Say)]
    snapshot = take_snapshot(engine, assessment, words=words)
    row = Assessment(
        owner=person, profile=profile, fingerprint=fingerprint, knowledge=snapshot.knowledge
    )
    row.put("sealed_talk", json.loads(text))
    row.put("sealed_snapshot", snapshot.plain())
    try:
        with transaction.atomic():
            row.save()
            audit.write("record.kept", area=AREA, actor=person, subject=row)
    except IntegrityError:
        # Two clicks at once: the other came first.
        return Assessment.objects.get(owner=person, fingerprint=fingerprint)
    return row


def talk_of(row: Assessment) -> Talk:
    """The conversation that a record keeps. Raises TalkError, SealError."""
    return Talk.from_json(json.dumps(row.take("sealed_talk")))
