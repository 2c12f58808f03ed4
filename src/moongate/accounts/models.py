"""A person: a guest who came to play, or somebody with an account."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moongate.accounts.names import (
    DISPLAY_NAME_MAX,
    username_validators,
    validate_display_name,
)


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
