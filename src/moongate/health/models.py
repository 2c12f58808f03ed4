"""What a person keeps of their health, whom they show it to, and what the operator switches off."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moongate.health.records.sealed import SealedModel


class Profile(SealedModel):
    """Somebody in the person's care, for whom they keep assessments as guardian."""

    SEALED: ClassVar[tuple[str, ...]] = ("sealed_who",)

    guardian = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="health_profiles"
    )
    # {"name": …, "relation": …}: JSON as `profiles.py` writes it.
    sealed_who = models.BinaryField()
    consent_version = models.PositiveSmallIntegerField(_("version of the guardian's consent"))
    consented_at = models.DateTimeField(_("consented"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("person in care")
        verbose_name_plural = _("people in care")
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.public_id)


class Assessment(SealedModel):
    """A finished assessment that its owner asked to keep."""

    SEALED: ClassVar[tuple[str, ...]] = ("sealed_talk", "sealed_snapshot")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="health_assessments"
    )
    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, null=True, related_name="assessments"
    )
    # What was said, from which everything can be computed again, and what it came to at the time.
    sealed_talk = models.BinaryField()
    sealed_snapshot = models.BinaryField()
    # Of the talk's content: the same conversation kept twice is one record.
    fingerprint = models.CharField(max_length=64, editable=False)
    knowledge = models.CharField(_("version of the knowledge"), max_length=40)
    created = models.DateTimeField(_("kept"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("-created", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["owner", "fingerprint"], name="health_assessment_kept_once"
            ),
        )
        indexes = (models.Index(fields=["created"], name="health_assessment_age"),)

    def __str__(self) -> str:
        return str(self.public_id)


class Share(SealedModel):
    """A link by which one assessment can be read for a while; the token itself is not kept."""

    SEALED: ClassVar[tuple[str, ...]] = ("sealed_label",)

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="shares")
    sealed_label = models.BinaryField()
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires = models.DateTimeField(_("expires"))
    revoked = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("shared link")
        verbose_name_plural = _("shared links")
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.public_id)


class ShareOpening(models.Model):
    """Somebody opened a shared link; only when, since who it was is not known."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    what = models.CharField(max_length=8, default="page")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.share_id} {self.at}"


class Incident(SealedModel):
    """A report that the assessment did, or nearly did, harm; the operator reads every one."""

    class Kind(models.TextChoices):
        UNDER = "under", _("It said less urgent than it was")
        OVER = "over", _("It said more urgent than it was")
        WRONG = "wrong", _("It misunderstood me or said something wrong")
        PRIVACY = "privacy", _("Somebody saw what they should not")
        FAULT = "fault", _("It broke, or did not answer")
        OTHER = "other", _("Something else")

    class Harm(models.TextChoices):
        NONE = "none", _("Nobody was harmed")
        NEAR = "near", _("It could have gone badly")
        HARM = "harm", _("Somebody was harmed")
        UNKNOWN = "unknown", _("I do not know")

    class State(models.TextChoices):
        NEW = "new", _("New")
        OPEN = "open", _("Being looked into")
        CLOSED = "closed", _("Closed")

    SEALED: ClassVar[tuple[str, ...]] = ("sealed_words", "sealed_finding")

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="health_incidents",
    )
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    harm = models.CharField(_("harm"), max_length=8, choices=Harm)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    # {"words": …, "reply_to": …} of the reporter; {"words": …} of the operator.
    sealed_words = models.BinaryField()
    sealed_finding = models.BinaryField(default=b"", blank=True)
    knowledge = models.CharField(_("version of the knowledge"), max_length=40)
    created = models.DateTimeField(_("reported"), default=timezone.now, editable=False)
    closed = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("incident report")
        verbose_name_plural = _("incident reports")
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.public_id)


class KillSwitch(models.Model):
    """The operator has taken a condition, or a whole version of the knowledge, out of use."""

    class Kind(models.TextChoices):
        CONDITION = "condition", _("Condition")
        VERSION = "version", _("Version of the knowledge")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    target = models.CharField(_("condition or version"), max_length=80)
    reason = models.TextField(_("reason"), max_length=1000)
    thrown = models.DateTimeField(_("switched off"), default=timezone.now, editable=False)
    lifted = models.DateTimeField(_("in use again"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("kill switch")
        verbose_name_plural = _("kill switches")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "target"],
                condition=Q(lifted__isnull=True),
                name="health_switch_thrown_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
