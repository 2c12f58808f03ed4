"""Guests: people who play before they sign up.

A guest is a user row that this browser's session points to. The session lives on the server
under a random key, so a guest cannot be taken by guessing; the row's own id is never accepted
from outside.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import get_language

from moongate.accounts.models import User
from moongate.accounts.names import friendly_name, guest_username

SESSION_KEY = "moongate_guest"
ENTERED_KEY = "moongate_entered"  # when this session signed in, seconds since 1970
NAME_TRIES = 8


def current_person(request: HttpRequest) -> User | None:
    """Who is here: the signed-in user, else this session's guest, else nobody yet."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return user
    return guest_of(request)


def guest_of(request: HttpRequest) -> User | None:
    """The guest this session points to, if there is one."""
    public_id = request.session.get(SESSION_KEY)
    if not public_id:
        return None
    if not hasattr(request, "_moongate_guest") or str(request._moongate_guest_id) != public_id:
        request._moongate_guest_id = public_id
        request._moongate_guest = User.objects.filter(
            public_id=public_id, is_guest=True, is_active=True
        ).first()
    return request._moongate_guest


def ensure_person(request: HttpRequest) -> User:
    """Who is here, made a guest if nobody yet. Call it when there is a first thing to keep."""
    person = current_person(request)
    if person is not None:
        return person
    guest = make_guest(language=get_language() or "")
    # A new key: whoever knew the key of the empty session shall not know the guest's.
    request.session.cycle_key()
    request.session[SESSION_KEY] = str(guest.public_id)
    return guest


def make_guest(*, language: str) -> User:
    """A new guest row with a friendly name that no one else wears at the moment."""
    codes = {code for code, _name in User._meta.get_field("preferred_language").choices}
    guest = User(
        username=guest_username(),
        display_name=_free_name(language),
        preferred_language=language if language in codes else "",
        is_guest=True,
    )
    guest.set_unusable_password()
    guest.save()
    return guest


def forget_guest(request: HttpRequest) -> None:
    """This session points to no guest any more; the row stays as it is."""
    request.session.pop(SESSION_KEY, None)


def _free_name(language: str) -> str:
    name = friendly_name(language)
    for _try in range(NAME_TRIES):
        if not User.objects.filter(display_name=name).exists():
            return name
        name = friendly_name(language)
    return f"{name} {User.objects.count() + 1}"
