"""Who may take part, and on whom."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from moongate.social.errors import NotAllowedError, no_person
from moongate.social.visibility import visible_people


def require_member(person: Any) -> None:
    """Guests and strangers only read. Raises NotAllowedError."""
    is_member = person is not None and person.is_authenticated and not person.is_guest
    if not is_member or not person.is_active:
        reason = _("Only somebody with an account can do this.")
        raise NotAllowedError(reason, _("Sign up or sign in first."))


def require_person(person: Any) -> None:
    """Somebody with an open account, seen or not. Raises NotFoundError."""
    people = get_user_model().objects.filter(pk=person.pk, is_active=True, is_guest=False)
    if not people.exists():
        raise no_person()


def require_seen(person: Any, *, by: Any) -> None:
    """Somebody whom `by` may see. Raises NotFoundError."""
    if not visible_people(by).filter(pk=person.pk).exists():
        raise no_person()
