"""Reports that the assessment did harm or nearly did: taken from anybody, read by the operator."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moongate.accounts import audit
from moongate.health.models import Incident
from moongate.social.errors import InvalidError
from moongate.social.texts import clean_text

AREA = "health"
WORDS_MAX = 4_000
REPLY_MAX = 200


def report_incident(
    *, kind: str, harm: str, words: str, reply_to: str = "", knowledge: str, reporter: Any = None
) -> Incident:
    """Take a report. `reporter` is the account it came from, if any. Raises InvalidError."""
    words = clean_text(words, field="words", most=WORDS_MAX)
    reply_to = clean_text(reply_to, field="reply_to", most=REPLY_MAX, lines=False)
    if not words:
        raise InvalidError(
            _("words: say what happened."), _("A sentence is enough."), field="words"
        )
    for field, value, known in (
        ("kind", kind, Incident.Kind.values),
        ("harm", harm, Incident.Harm.values),
    ):
        if value not in known:
            raise InvalidError(
                _("{field}: choose one of those shown.").format(field=field),
                _("Choose one."),
                field=field,
            )
    incident = Incident(kind=kind, harm=harm, knowledge=knowledge, reporter=reporter)
    incident.put("sealed_words", {"words": words, "reply_to": reply_to})
    with transaction.atomic():
        incident.save()
        audit.write(
            "incident.reported",
            area=AREA,
            actor=reporter,
            subject=incident,
            details={"kind": kind, "harm": harm},
        )
    return incident


def decide_incident(incident: Incident, *, state: str, finding: str, actor: Any) -> None:
    """Note how far the operator is with a report, and what they found. Raises InvalidError."""
    finding = clean_text(finding, field="finding", most=WORDS_MAX)
    if state not in Incident.State.values:
        raise InvalidError(_("state: choose one."), _("Choose one."), field="state")
    if state == Incident.State.CLOSED and not finding:
        raise InvalidError(
            _("finding: a closed report says what was found."), _("Write it down."), field="finding"
        )
    incident.state = state
    incident.closed = timezone.now() if state == Incident.State.CLOSED else None
    incident.put("sealed_finding", {"words": finding})
    with transaction.atomic():
        incident.save(update_fields=["state", "closed", "sealed_finding"])
        audit.write(
            "incident.decided", area=AREA, actor=actor, subject=incident, details={"state": state}
        )
