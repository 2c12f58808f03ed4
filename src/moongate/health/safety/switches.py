"""The operator's kill switches: one condition is no longer named, or one version no longer begun.

A switched-off condition still counts towards urgency: a switch never lowers it.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moongate.accounts import audit
from moongate.health.knowledge.check import load
from moongate.health.models import KillSwitch
from moongate.social.errors import ConflictError, InvalidError

AREA = "health"
REASON_MAX = 1_000


def conditions_off() -> frozenset[str]:
    """The conditions that are switched off now."""
    return _off(KillSwitch.Kind.CONDITION)


def version_is_off(version: str) -> bool:
    """Whether no new assessment may begin with this version of the knowledge."""
    return version in _off(KillSwitch.Kind.VERSION)


def switch_off(kind: str, target: str, *, actor: Any, reason: str) -> KillSwitch:
    """Take a condition (by its id) or a version out of use. Raises SocialError naming the field."""
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_MAX:
        raise InvalidError(
            _("reason: must have 1 to {most} characters.").format(most=REASON_MAX),
            _("Say what was found, and where it is followed up."),
            field="reason",
        )
    if kind not in KillSwitch.Kind.values:
        raise InvalidError(_("kind: choose one."), _("Condition or version."), field="kind")
    if kind == KillSwitch.Kind.CONDITION and target not in load().conditions:
        raise InvalidError(
            _("target: the knowledge has no such condition."),
            _("Give its id, as `moongate health knowledge show NAME` prints it."),
            field="target",
        )
    if not 1 <= len(target) <= 80:
        raise InvalidError(
            _("target: must have 1 to 80 characters."), _("Give a version."), field="target"
        )
    try:
        with transaction.atomic():
            switch = KillSwitch.objects.create(kind=kind, target=target, reason=reason)
            facts = {"kind": kind, "target": target}
            audit.write("switch.thrown", area=AREA, actor=actor, subject=switch, details=facts)
    except IntegrityError:
        raise ConflictError(
            _("That is switched off already."), _("Lift the switch that stands first.")
        ) from None
    return switch


def lift(switch: KillSwitch, *, actor: Any) -> bool:
    """Put it back in use; says whether it was out of use."""
    with transaction.atomic():
        rows = KillSwitch.objects.filter(pk=switch.pk, lifted=None)
        if not rows.update(lifted=timezone.now()):
            return False
        facts = {"kind": switch.kind, "target": switch.target}
        audit.write("switch.lifted", area=AREA, actor=actor, subject=switch, details=facts)
    switch.refresh_from_db()
    return True


def _off(kind: str) -> frozenset[str]:
    rows = KillSwitch.objects.filter(kind=kind, lifted=None)
    return frozenset(rows.values_list("target", flat=True))
