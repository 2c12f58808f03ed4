"""A guest signs up or signs in, and nothing is lost on the way."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from moongate.accounts import guests, merging
from moongate.accounts.adapters import AccountAdapter
from moongate.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "enchantress-of-numbers"


@pytest.fixture
def moved(monkeypatch):
    """What a floor above would be told at a merge."""
    told = []
    monkeypatch.setattr(
        merging, "_movers", [lambda source, target: told.append((source.pk, target.pk))]
    )
    return told


@pytest.fixture
def guest(client):
    """The client's own guest."""
    session = client.session
    person = guests.make_guest(language="en")
    session[guests.SESSION_KEY] = str(person.public_id)
    session.save()
    return person


def sign_up(client, **more):
    data = {"username": "ada", "email": "", "password1": PASSWORD} | more
    return client.post(reverse("account_signup"), data)


def sign_in(client, **more):
    data = {"login": "ada", "password": PASSWORD} | more
    return client.post(reverse("account_login"), data)


def test_sign_up_keeps_the_guests_row(client, guest, moved):
    response = sign_up(client)
    assert response.status_code == 302
    ada = User.objects.get(username="ada")
    assert ada.pk == guest.pk
    assert ada.public_id == guest.public_id
    assert not ada.is_guest
    assert ada.display_name == "ada"
    assert ada.check_password(PASSWORD)
    assert User.objects.count() == 1
    assert moved == []
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert guests.SESSION_KEY not in client.session


def test_a_sign_up_that_fails_leaves_the_guest_as_it_was(client, guest):
    response = sign_up(client, password1="short")
    assert response.status_code == 200
    guest.refresh_from_db()
    assert guest.is_guest
    assert client.session[guests.SESSION_KEY] == str(guest.public_id)


def test_sign_up_without_a_guest_makes_a_row(client):
    sign_up(client, email="ada@example.org")
    ada = User.objects.get(username="ada")
    assert ada.email == "ada@example.org"
    assert not ada.is_guest


def test_the_page_says_whose_results_will_be_kept(client, guest):
    assert guest.display_name in client.get(reverse("account_signup")).content.decode()
    assert guest.display_name in client.get(reverse("account_login")).content.decode()


def test_sign_in_moves_the_guests_things_and_removes_the_guest(client, guest, moved):
    ada = User.objects.create_user("ada", password=PASSWORD)
    assert sign_in(client).status_code == 302
    assert moved == [(guest.pk, ada.pk)]
    assert not User.objects.filter(pk=guest.pk).exists()
    assert guests.SESSION_KEY not in client.session


def test_a_failed_sign_in_moves_nothing(client, guest, moved):
    User.objects.create_user("ada", password=PASSWORD)
    assert sign_in(client, password="wrong-password").status_code == 200
    assert moved == []
    assert User.objects.filter(pk=guest.pk).exists()


def test_a_mover_that_fails_leaves_everything_in_place(monkeypatch):
    ada = User.objects.create_user("ada", password=PASSWORD)
    guest = guests.make_guest(language="en")

    def rename(source, target):
        User.objects.filter(pk=target.pk).update(display_name="moved")

    def fail(source, target):
        raise RuntimeError("no")

    monkeypatch.setattr(merging, "_movers", [rename, fail])
    with pytest.raises(RuntimeError):
        merging.merge_guest(guest, into=ada)
    ada.refresh_from_db()
    assert ada.display_name == "ada"
    assert User.objects.filter(pk=guest.pk).exists()


def test_an_account_is_never_merged_away(moved):
    ada = User.objects.create_user("ada", password=PASSWORD)
    bea = User.objects.create_user("bea", password=PASSWORD)
    merging.merge_guest(ada, into=bea)
    assert moved == []
    assert User.objects.filter(pk=ada.pk).exists()
    with pytest.raises(ValueError, match="themself"):
        merging.merge_guest(ada, into=ada)


def test_a_guests_row_is_not_taken_twice(client, guest, monkeypatch):
    """Two sign-ups at once from one session: the second makes a row of its own."""
    stale = User.objects.get(pk=guest.pk)
    sign_up(client)
    monkeypatch.setattr(AccountAdapter, "new_user", lambda _self, _request: stale)
    client.logout()
    sign_up(client, username="bea")
    assert User.objects.get(username="ada").pk == guest.pk
    assert User.objects.get(username="bea").pk != guest.pk


def test_the_key_of_the_session_changes_at_sign_in(client, guest):
    User.objects.create_user("ada", password=PASSWORD)
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert not SessionStore().exists(before)


def test_registering_twice_moves_once(monkeypatch):
    monkeypatch.setattr(merging, "_movers", [])

    def mover(source, target):
        """Moves nothing."""

    assert merging.register(mover) is mover
    merging.register(mover)
    assert merging._movers == [mover]


def test_a_name_taken_between_the_check_and_the_sign_up_is_said(client, guest, monkeypatch):
    User.objects.create_user("ada", password=PASSWORD)
    monkeypatch.setattr(AccountAdapter, "clean_username", lambda _self, name, shallow=False: name)
    page = client.post(
        reverse("account_signup"), {"username": "ada", "password1": PASSWORD}, follow=True
    )
    assert page.redirect_chain == [(reverse("account_signup"), 302)]
    assert "This username is taken." in page.content.decode()
    guest.refresh_from_db()
    assert guest.is_guest


def test_a_sign_up_holds_although_its_letter_cannot_be_sent(client, guest, monkeypatch):
    def refuse(*_args):
        raise ConnectionRefusedError

    monkeypatch.setattr(AccountAdapter, "send_mail", refuse)
    assert sign_up(client, email="ada@example.org").status_code == 302
    assert client.session["_auth_user_id"] == str(guest.pk)
