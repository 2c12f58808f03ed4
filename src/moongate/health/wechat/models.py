"""What the WeChat channel keeps: a talk a person, what came in, what goes out, and for how long.

A person stands here under a keyed hash of their openid; the openid itself is sealed with the talk.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from moongate.health.records.sealed import SealedModel

HASH_LENGTH = 64


def person_key(app_id: str, openid: str) -> str:
    """Under what name the tables know a person of WeChat."""
    return salted_hmac("health.wechat.person", f"{app_id}:{openid}", algorithm="sha256").hexdigest()


class Session(SealedModel):
    """One person's talk. `sealed` is the state as `dialogue.State` gives it, or empty.

    `version` grows with every change, so that two processes never overwrite each other.
    """

    SEALED = ("sealed",)

    person = models.CharField(max_length=HASH_LENGTH, unique=True)
    sealed = models.BinaryField(default=bytes)
    version = models.PositiveIntegerField(default=0)
    consented_at = models.DateTimeField(_("consented at"), null=True)
    touched_at = models.DateTimeField(_("last message"), default=timezone.now, db_index=True)
    sending_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("talk in WeChat")
        verbose_name_plural = _("talks in WeChat")

    def __str__(self) -> str:
        return str(self.public_id)


class Received(SealedModel):
    """A message that came in. Its words are kept, sealed, only until they are answered."""

    class Way(models.TextChoices):
        OPEN = "", _("not yet decided")
        PASSIVE = "passive", _("in the same request")
        SERVICE = "service", _("as a customer-service message")

    SEALED = ("sealed",)

    session = models.ForeignKey(Session, models.CASCADE, related_name="received")
    key = models.CharField(max_length=HASH_LENGTH, unique=True)
    sealed = models.BinaryField(default=bytes)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    # Sent before the person could have read the question that stands now.
    early = models.BooleanField(default=False)
    way = models.CharField(max_length=7, choices=Way.choices, default=Way.OPEN, blank=True)
    answered_at = models.DateTimeField(null=True)
    # When the last byte of a passive answer had gone out.
    passed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message from WeChat")
        verbose_name_plural = _("messages from WeChat")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.public_id)


class Part(SealedModel):
    """One text of an answer; what has been sent is emptied."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        HELD = "held", _("held until the person writes again")

    SEALED = ("sealed",)

    received = models.ForeignKey(Received, models.CASCADE, related_name="parts")
    order = models.PositiveSmallIntegerField()
    sealed = models.BinaryField(default=bytes)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    # The note that says an answer may have been lost on the way.
    note = models.BooleanField(default=False)

    class Meta:
        ordering = ("received_id", "order")
        constraints = [
            models.UniqueConstraint(fields=("received", "order"), name="health_wechat_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.received_id}/{self.order}"


class UsedSignature(models.Model):
    """A signature that stood for a message; with another message it is a replay."""

    signature = models.CharField(max_length=HASH_LENGTH, primary_key=True)
    message = models.CharField(max_length=HASH_LENGTH)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.signature


class AccessToken(SealedModel):
    """The account's access token, shared by all processes; one of them at a time fetches."""

    SEALED = ("sealed",)

    app_id = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(default=bytes)
    expires_at = models.DateTimeField(null=True)
    fetching_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.app_id


class EntryLink(SealedModel):
    """A link out of WeChat that opens once, for a short time. `sealed` says what it opens."""

    SEALED = ("sealed",)

    token = models.CharField(max_length=HASH_LENGTH, unique=True)
    sealed = models.BinaryField(default=bytes)
    expires_at = models.DateTimeField(db_index=True)
    # Whose talk it opens, so that it goes with the talk; a Mini Program's link has none.
    session = models.ForeignKey(Session, models.CASCADE, null=True, related_name="links")

    def __str__(self) -> str:
        return str(self.public_id)
