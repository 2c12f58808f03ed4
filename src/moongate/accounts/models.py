"""People, and what the house must be able to prove to them: consents, audit, export, erasure."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moongate.accounts.names import (
    DISPLAY_NAME_MAX,
    username_validators,
    validate_chinese_name,
    validate_display_name,
    validate_latin_name,
)


class AgeBand(models.TextChoices):
    """How old somebody says they are; a birthday is never asked for."""

    UNDER_13 = "under13", _("Under 13")
    FROM_13 = "13to15", _("13 to 15")
    FROM_16 = "16to17", _("16 or 17")
    ADULT = "adult", _("18 or older")


class User(AbstractUser):
    """A person known to the house; `public_id` is the only identifier shown outside it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(
        _("username"),
        max_length=150,
        unique=True,
        validators=username_validators,
        error_messages={"unique": _("This username is taken.")},
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    display_name = models.CharField(
        _("name shown to others"),
        max_length=DISPLAY_NAME_MAX,
        validators=[validate_display_name],
    )
    preferred_language = models.CharField(
        _("language"), max_length=16, blank=True, choices=settings.LANGUAGES
    )
    is_guest = models.BooleanField(_("guest"), default=False)
    name_latin = models.CharField(
        _("name in Latin letters"),
        max_length=DISPLAY_NAME_MAX,
        blank=True,
        validators=[validate_display_name, validate_latin_name],
    )
    name_chinese = models.CharField(
        _("name in Chinese characters"),
        max_length=DISPLAY_NAME_MAX,
        blank=True,
        validators=[validate_display_name, validate_chinese_name],
    )
    languages = models.JSONField(_("languages spoken"), default=list, blank=True)
    # The public id of a photo of one's own; whoever sets it looks whose it is (`set_avatar`).
    avatar = models.UUIDField(_("picture"), null=True, blank=True, editable=False)
    age_band = models.CharField(_("age"), max_length=8, blank=True, choices=AgeBand)
    # The earliest birthday that every age ever given admits, so that nobody grows up by a click.
    born_after = models.DateField(
        _("not born before"),
        null=True,
        blank=True,
        help_text=_("Clear it to let somebody put right an age given by mistake."),
    )
    is_private = models.BooleanField(_("private profile"), default=False)
    hears_strangers = models.BooleanField(_("messages from strangers"), default=True)
    minds_time = models.BooleanField(_("play-time reminder"), default=False)
    is_findable = models.BooleanField(_("found by search"), default=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    first_name = None
    last_name = None
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.display_name or self.username

    def save(self, *args, **kwargs) -> None:
        if not self.display_name:
            self.display_name = self.username[:DISPLAY_NAME_MAX]
            if "update_fields" in kwargs and kwargs["update_fields"] is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "display_name"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class Consent(models.Model):
    """Somebody agreed to a purpose as its text stood in `version`; withdrawn, the row stays."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version of the text"))
    given_at = models.DateTimeField(_("given"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["person", "purpose", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="accounts_consent_given_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class AuditAlias(models.Model):
    """The name by which the audit log knows a person; once it is deleted, nobody can tell who."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="audit_alias")
    alias = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    def __str__(self) -> str:
        return str(self.alias)


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete what is only ever added to."""

    def __init__(self) -> None:
        super().__init__("the audit log is append-only; write a new entry with audit.write()")


class AppendOnly(models.QuerySet):
    """Rows that can be read, and added one at a time."""

    def _refuse(self, *args, **kwargs):
        raise AppendOnlyError

    update = delete = bulk_create = bulk_update = update_or_create = _refuse


class AuditEntry(models.Model):
    """What was done, by whom and to what, chained by hash to the entry before (see `audit.py`)."""

    sequence = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(_("time"), editable=False)
    actor = models.CharField(_("actor"), max_length=36, blank=True, editable=False, db_index=True)
    action = models.CharField(_("action"), max_length=60, editable=False)
    area = models.CharField(_("area"), max_length=20, editable=False)
    subject = models.CharField(_("subject"), max_length=100, blank=True, editable=False)
    details = models.JSONField(_("details"), default=dict, editable=False)
    previous = models.CharField(_("hash before"), max_length=64, editable=False)
    hash = models.CharField(_("hash"), max_length=64, editable=False)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ("-sequence",)
        base_manager_name = "objects"
        indexes = (models.Index(fields=["subject"], name="accounts_audit_subject"),)

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise AppendOnlyError


class AuditHead(models.Model):
    """The last entry of the log: one row, locked by whoever appends; shows when the end is cut."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"


class DataExport(models.Model):
    """A ZIP of everything about a person, asked for, made, and gone after `expires_at`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    requested_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("deleted on"), null=True, blank=True)
    size_bytes = models.BigIntegerField(_("bytes"), default=0)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="waiting"), name="accounts_one_export_at_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.public_id)


class Erasure(models.Model):
    """How far a person's data are erased: `done` names the steps finished, with rows of each."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(
        User, on_delete=models.SET_NULL, null=True, related_name="erasure"
    )
    requested_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    done = models.JSONField(_("steps done"), default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.public_id)
