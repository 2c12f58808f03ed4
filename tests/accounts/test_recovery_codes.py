"""Recovery codes: shown once, saved for a while, each good for one way in."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal import auth
from django.core.cache import cache
from django.urls import reverse

from moongate.accounts import forms, guests, recovery
from moongate.accounts.guests import ENTERED_KEY
from moongate.accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db
PASSWORD = "enchantress-of-numbers"
SHOW = "/accounts/codes/"
NEW = "/accounts/codes/new/"
FILE = "/accounts/codes/file/"
SIGN_IN = "/accounts/codes/login/"


@pytest.fixture(autouse=True)
def no_tries_counted():
    cache.clear()


@pytest.fixture
def ada():
    """Somebody who has a passkey and nothing else."""
    person = User.objects.create_user("ada", email="ada@example.org")
    data = {"name": "Ada's phone", "credential": {}}
    Authenticator.objects.create(user=person, type="webauthn", data=data)
    return person


@pytest.fixture
def codes(ada):
    return RecoveryCodes.activate(ada).generate_codes()


def enter(client, person):
    client.force_login(person)
    session = client.session
    session[ENTERED_KEY] = int(time.time())
    session.save()


def sign_in(client, login, code, **more):
    return client.post(SIGN_IN, {"login": login, "code": code} | more)


def test_codes_are_long_and_differ(codes):
    assert len(codes) == len(set(codes)) == 10
    assert all(re.fullmatch(r"\d{12}", code) for code in codes)


def test_the_first_passkey_brings_codes_and_shows_them(client, ada, monkeypatch):
    Authenticator.objects.all().delete()
    monkeypatch.setattr(forms, "check_registration", lambda _credential: None)
    monkeypatch.setattr(auth, "parse_registration_response", lambda _credential: None)
    monkeypatch.setattr(auth, "complete_registration", lambda _credential: None)
    enter(client, ada)
    made = client.post(
        reverse("mfa_add_webauthn"), {"name": "Phone", "credential": '{"id": "AAAA"}'}
    )
    assert made.headers["Location"] == SHOW
    page = client.get(SHOW).content.decode()
    shown = re.findall(r"<code>([\d ]+)</code>", page)
    row = Authenticator.objects.get(user=ada, type="recovery_codes")
    assert [code.replace(" ", "") for code in shown] == row.wrap().get_unused_codes()
    second = client.post(
        reverse("mfa_add_webauthn"), {"name": "Laptop", "credential": '{"id": "AAAA"}'}
    )
    assert second.headers["Location"] == reverse("account_home")


def test_codes_are_shown_once(client, ada, codes):
    enter(client, ada)
    first, second = (client.get(SHOW).content.decode() for _look in range(2))
    assert recovery.grouped(codes[0]) in first
    assert recovery.grouped(codes[0]) not in second
    assert "10 codes are left." in second
    assert "****" not in second
    assert client.head(SHOW).status_code == 405


def test_they_can_be_saved_by_the_session_that_saw_them_and_by_no_other(client, ada, codes):
    enter(client, ada)
    assert client.get(FILE).headers["Location"] == NEW  # not yet shown
    client.get(SHOW)
    saved = client.get(FILE)
    assert saved.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in saved.headers["Content-Disposition"]
    assert "no-store" in saved.headers["Cache-Control"]
    assert [recovery.grouped(code) for code in codes] == re.findall(
        r"^[\d ]{14}$", saved.content.decode(), re.MULTILINE
    )
    other = type(client)()
    enter(other, ada)
    assert other.get(FILE).headers["Location"] == NEW
    session = client.session
    session[recovery.SHOWN_KEY] -= recovery.SAVE_S + 1
    session.save()
    assert client.get(FILE).headers["Location"] == NEW


@pytest.mark.parametrize("page", [SHOW, NEW, FILE])
def test_codes_ask_for_a_fresh_proof_by_passkey_first(client, ada, codes, page, monkeypatch):
    monkeypatch.setattr(auth, "begin_authentication", lambda _user: {})
    enter(client, ada)
    session = client.session
    session[ENTERED_KEY] -= 3600
    session.save()
    answer = client.get(page)
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))
    proof = client.get(answer.headers["Location"]).content.decode()
    assert "Use a recovery code instead" in proof


def test_a_code_proves_that_it_is_still_me_once(client, ada, codes):
    enter(client, ada)
    session = client.session
    session[ENTERED_KEY] -= 3600
    session.save()
    confirm = reverse("mfa_reauthenticate")
    wrong = client.post(confirm, {"code": "000000000000", "next": NEW})
    assert "This code does not fit" in wrong.content.decode()
    assert client.post(confirm, {"code": codes[0], "next": NEW}).headers["Location"] == NEW
    assert client.get(NEW).status_code == 200
    assert recovery.codes_left(ada) == 9


def test_new_codes_replace_the_old(client, ada, codes):
    enter(client, ada)
    assert "Those you have now stop working." in client.get(NEW).content.decode()
    assert client.post(NEW).headers["Location"] == SHOW
    assert recovery.grouped(codes[0]) not in client.get(SHOW).content.decode()
    client.logout()
    assert sign_in(client, "ada", codes[0]).status_code == 422


def test_codes_come_only_with_a_passkey(client):
    bea = User.objects.create_user("bea", password=PASSWORD)
    enter(client, bea)
    assert "Recovery codes come with a passkey" in client.post(NEW).content.decode()
    assert client.get(SHOW).status_code == 404
    assert recovery.codes_left(bea) is None


@pytest.mark.parametrize("login", ["ada", "ADA", "ada@example.org", " ada "])
def test_a_code_is_a_way_in_without_passkey_or_password(client, ada, codes, login, monkeypatch):
    monkeypatch.setattr(auth, "get_credentials", lambda _user: [])
    EmailAddress.objects.create(user=ada, email="ada@example.org", verified=True, primary=True)
    answer = sign_in(client, login, recovery.grouped(codes[3]))
    assert answer.headers["Location"] == reverse("account_home")
    assert client.session["_auth_user_id"] == str(ada.pk)
    page = client.get(reverse("account_home")).content.decode()
    assert "9 recovery codes are left." in page
    assert "Add a passkey for this device" in page
    # Fresh enough to add the passkey at once.
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    assert AuditEntry.objects.filter(action="recovery_code.used").count() == 1


def test_a_code_works_once(client, ada, codes):
    sign_in(client, "ada", codes[0])
    client.logout()
    page = sign_in(client, "ada", codes[0])
    assert page.status_code == 422
    assert "the code was used before" in page.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("login", "code"),
    [("ada", "000000000000"), ("eve", "123456789012"), ("nobody@example.org", "1"), ("bea", "…")],
)
def test_every_fault_looks_the_same(client, ada, codes, login, code):
    User.objects.create_user("bea", password=PASSWORD)
    page = sign_in(client, login, code)
    assert page.status_code == 422
    assert "The name and the code do not fit, or the code was used before." in page.content.decode()


def test_guessing_is_slowed_down_even_for_the_right_code(client, ada, codes):
    for _try in range(5):
        assert sign_in(client, "ada", "000000000000").status_code == 422
    page = sign_in(client, "Ada", codes[0])
    assert page.status_code == 422
    assert "Wait five minutes" in page.content.decode()
    assert recovery.codes_left(ada) == 10


def test_a_closed_account_stays_closed(client, ada, codes):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    sign_in(client, "ada", codes[0])
    assert "_auth_user_id" not in client.session


def test_a_guests_things_come_along(client, ada, codes):
    guest = guests.make_guest(language="en")
    session = client.session
    session[guests.SESSION_KEY] = str(guest.public_id)
    session.save()
    sign_in(client, "ada", codes[0])
    assert not User.objects.filter(pk=guest.pk).exists()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_one_is_never_led_off_the_site(client, ada, codes, target):
    assert sign_in(client, "ada", codes[0], next=target).headers["Location"] == "/accounts/"


def test_a_copy_of_the_database_betrays_no_code(ada, codes, settings):
    row = Authenticator.objects.get(user=ada, type="recovery_codes")
    assert not any(code in str(row.data) for code in codes)
    settings.SECRET_KEY = "another key, which whoever took the copy would have to guess"
    assert set(row.wrap().generate_codes()).isdisjoint(codes)


def test_two_tries_at_once_use_a_code_once(ada, codes):
    """Both have read the row before either writes it."""
    first, second = (
        Authenticator.objects.get(user=ada, type="recovery_codes").wrap() for _try in range(2)
    )
    assert first.validate_code(codes[0])
    assert not second.validate_code(codes[0])


def test_the_last_passkey_of_somebody_without_a_password_stays(client, ada, codes):
    enter(client, ada)
    passkey = Authenticator.objects.get(user=ada, type="webauthn")
    page = client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]), follow=True)
    assert "This is your only way in." in page.content.decode()
    assert Authenticator.objects.filter(user=ada).count() == 2
    ada.set_password(PASSWORD)
    ada.save()
    enter(client, ada)
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert Authenticator.objects.filter(user=ada).count() == 0
