"""Guests: made at the first result, kept by their session, never taken by somebody else."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.utils import translation

from moongate.accounts import guests
from moongate.accounts.models import User
from moongate.accounts.names import COLOURS, CREATURES, GUEST_PREFIX, friendly_name

pytestmark = pytest.mark.django_db


def visit(session=None, user=None):
    """A request in a session of its own, or in one that is given."""
    request = RequestFactory().get("/")
    request.session = session or SessionStore()
    request.user = user or AnonymousUser()
    return request


def test_looking_around_makes_nobody(client):
    request = visit()
    assert guests.current_person(request) is None
    client.get("/")
    assert User.objects.count() == 0


def test_the_first_result_makes_a_guest_who_stays():
    request = visit()
    guest = guests.ensure_person(request)
    assert guest.is_guest
    assert guest.username.startswith(GUEST_PREFIX)
    assert not guest.has_usable_password()
    assert guests.ensure_person(request) == guest
    request.session.save()
    later = visit(SessionStore(request.session.session_key))
    assert guests.current_person(later) == guest
    assert User.objects.count() == 1


def test_another_session_is_another_person():
    assert guests.ensure_person(visit()) != guests.ensure_person(visit())


def test_the_session_gets_a_new_key_when_the_guest_is_made():
    request = visit()
    request.session.save()
    known = request.session.session_key
    guests.ensure_person(request)
    assert request.session.session_key != known
    assert not SessionStore().exists(known)


def test_a_signed_in_person_is_never_made_a_guest():
    ada = User.objects.create_user("ada", password="enchantress-of-numbers")
    assert guests.ensure_person(visit(user=ada)) == ada
    assert User.objects.count() == 1


def test_a_session_cannot_point_to_an_account():
    ada = User.objects.create_user("ada", password="enchantress-of-numbers")
    request = visit()
    request.session[guests.SESSION_KEY] = str(ada.public_id)
    assert guests.current_person(request) is None


def test_a_made_up_cookie_opens_no_guest(client):
    guest = guests.ensure_person(visit())
    for guess in (str(guest.public_id), str(guest.pk), guest.username):
        client.cookies["sessionid"] = guess
        page = client.get("/accounts/signup/")
        assert guest.display_name not in page.content.decode()


def test_a_closed_guest_is_nobody():
    request = visit()
    guest = guests.ensure_person(request)
    User.objects.filter(pk=guest.pk).update(is_active=False)
    assert guests.current_person(visit(request.session)) is None


def test_a_guest_is_named_in_their_language():
    with translation.override("zh-hans"):
        guest = guests.ensure_person(visit())
    assert guest.preferred_language == "zh-hans"
    assert any(guest.display_name.startswith(colour) for colour in COLOURS["zh-hans"])


def test_names_are_a_colour_and_a_creature():
    name = friendly_name("en", random_source=random.Random(7))
    colour, creature = name.split(" ", 1)
    assert colour in COLOURS["en"]
    assert creature in CREATURES["en"]


def test_two_guests_do_not_share_a_name(monkeypatch):
    names = iter(["Cobalt Heron", "Cobalt Heron", "Cobalt Heron", "Jade Otter"])
    monkeypatch.setattr(guests, "friendly_name", lambda _language: next(names))
    assert guests.make_guest(language="en").display_name == "Cobalt Heron"
    assert guests.make_guest(language="en").display_name == "Jade Otter"


def test_when_all_names_are_worn_a_number_helps(monkeypatch):
    monkeypatch.setattr(guests, "friendly_name", lambda _language: "Cobalt Heron")
    first, second = guests.make_guest(language="en"), guests.make_guest(language="en")
    assert first.display_name == "Cobalt Heron"
    assert second.display_name == "Cobalt Heron 2"
