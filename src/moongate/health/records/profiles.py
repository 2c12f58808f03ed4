"""People in somebody's care, for whom they keep assessments: a parent for a child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from moongate.accounts import audit
from moongate.health.models import Profile
from moongate.health.records.purposes import GUARDIAN
from moongate.social.errors import ConflictError, InvalidError, NotFoundError
from moongate.social.people import require_member
from moongate.social.texts import clean_text

AREA = "health"
NAME_MAX = 60
PROFILES_MAX = 20
RELATIONS = ("child", "partner", "parent", "other")


@dataclass(frozen=True)
class Who:
    """A person in care as their guardian named them."""

    profile: Profile
    name: str
    relation: str


def add_profile(guardian: Any, *, name: str, relation: str, consent_version: int) -> Profile:
    """Take somebody into one's care here; `consent_version` is that of the text agreed to.

    Raises SocialError naming the field.
    """
    require_member(guardian)
    name = clean_text(name, field="name", most=NAME_MAX, lines=False)
    if not name:
        raise InvalidError(
            _("name: it must not be empty."), _("A first name is enough."), field="name"
        )
    if relation not in RELATIONS:
        raise InvalidError(
            _("relation: choose one of those shown."), _("Choose one."), field="relation"
        )
    if consent_version != GUARDIAN.version:
        raise InvalidError(
            _("consent: the text must be agreed to as it stands now."),
            _("Read it again, and tick it if you agree."),
            field="consent",
        )
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=guardian.pk)
        if Profile.objects.filter(guardian=guardian).count() >= PROFILES_MAX:
            raise ConflictError(
                _("You keep records for {most} people already.").format(most=PROFILES_MAX),
                _("Remove one that is no longer needed."),
            )
        profile = Profile(guardian=guardian, consent_version=consent_version)
        profile.put("sealed_who", {"name": name, "relation": relation})
        profile.save()
        facts = {"purpose": GUARDIAN.key, "version": consent_version}
        audit.write("guardian.consented", area=AREA, actor=guardian, subject=profile, details=facts)
    return profile


def remove_profile(guardian: Any, public_id: UUID) -> int:
    """End the care, and delete the assessments kept under it; answers how many.

    Raises NotFoundError.
    """
    profile = find_profile(guardian, public_id)
    with transaction.atomic():
        count = profile.assessments.count()
        audit.write(
            "guardian.ended",
            area=AREA,
            actor=guardian,
            subject=profile,
            details={"assessments": count},
        )
        profile.delete()
    return count


def find_profile(guardian: Any, public_id: UUID) -> Profile:
    """The guardian's own; raises NotFoundError."""
    profile = Profile.objects.filter(guardian=guardian, public_id=public_id).first()
    if profile is None:
        raise NotFoundError(
            _("There is no such person in your care."), _("Choose one from your list.")
        )
    return profile


def profiles_of(guardian: Any) -> list[Who]:
    """Everybody in the guardian's care, in the order they came."""
    return [who(profile) for profile in Profile.objects.filter(guardian=guardian)]


def who(profile: Profile) -> Who:
    """The name and relation of somebody in care."""
    facts = profile.take("sealed_who")
    return Who(profile, facts["name"], facts["relation"])
