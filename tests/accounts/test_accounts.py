"""Sign-up, sign-in, the account page: what is taken and what is refused."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.http import int_to_base36

from moongate.accounts.guests import ENTERED_KEY, make_guest
from moongate.accounts.models import User
from moongate.accounts.names import validate_display_name

pytestmark = pytest.mark.django_db
PASSWORD = "enchantress-of-numbers"


@pytest.fixture(autouse=True)
def no_tries_counted():
    cache.clear()


@pytest.fixture
def ada():
    return User.objects.create_user("ada", email="ada@example.org", password=PASSWORD)


def sign_in(client, next_page="", **more):
    data = {"login": "ada", "password": PASSWORD, "next": next_page} | more
    return client.post(reverse("account_login"), data)


def test_one_signs_in_by_name_or_by_address(client, ada):
    assert sign_in(client).status_code == 302
    client.logout()
    assert sign_in(client, login="ada@example.org").status_code == 302


def test_one_comes_back_to_where_one_was(client, ada):
    assert sign_in(client, "/race/").headers["Location"] == "/race/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_one_is_never_led_off_the_site(client, ada, target):
    assert sign_in(client, target).headers["Location"] == "/"
    client.logout()
    page = client.get(reverse("account_login"), {"next": target}).content.decode()
    assert 'href="https://evil' not in page


def test_guessing_a_password_is_slowed_down(client, ada):
    for _try in range(5):
        assert sign_in(client, password="wrong-password").status_code == 200
    page = sign_in(client)
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_flood_gets_a_page_in_words(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    answers = [client.post(reverse("account_signup"), {}) for _try in range(3)]
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].content.decode()


@pytest.mark.parametrize(
    ("username", "complaint"),
    [
        ("guest-ada", "cannot begin with"),
        ("Guest-0123", "cannot begin with"),
        ("a", "at least 2"),
        ("ada lovelace", "valid username"),
        ("ADA", "already exists"),
        ("\u3164\u3164", "made of letters"),
    ],
)
def test_some_usernames_are_refused(client, ada, username, complaint):
    page = client.post(
        reverse("account_signup"), {"username": username, "password1": PASSWORD}
    ).content.decode()
    assert complaint in page
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password123", "12345678901"])
def test_weak_passwords_are_refused(client, password):
    client.post(reverse("account_signup"), {"username": "bea", "password1": password})
    assert User.objects.count() == 0


def test_a_chinese_username_is_welcome(client):
    client.post(reverse("account_signup"), {"username": "阿达", "password1": PASSWORD})
    assert User.objects.get().display_name == "阿达"


def test_signing_out_needs_a_form(client, ada):
    client.force_login(ada)
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_reset_by_letter(client, ada):
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    (letter,) = mail.outbox
    address = re.search(r"http://testserver(\S+)", letter.body)[1]
    form = client.get(address, follow=True)
    new = "difference-engine-no-2"
    done = client.post(
        form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True
    )
    assert "Your password is changed" in done.content.decode()
    assert sign_in(client, password=new).status_code == 302
    client.logout()
    assert "used before" in client.get(address, follow=True).content.decode()


def test_an_unknown_address_looks_the_same(client, ada):
    known = client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    unknown = client.post(reverse("account_reset_password"), {"email": "eve@example.org"})
    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]


def test_a_taken_address_is_not_betrayed_at_sign_up(client, ada):
    data = {"username": "eve", "email": "ada@example.org", "password1": PASSWORD + "!"}
    taken = client.post(reverse("account_signup"), data)
    client.logout()
    free = client.post(
        reverse("account_signup"), data | {"username": "bea", "email": "bea@example.org"}
    )
    assert taken.status_code == free.status_code == 302
    assert taken.headers["Location"] == free.headers["Location"]
    client.logout()
    sign_in(client, login="ada@example.org")
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_confirmed_address_belongs_to_one_account(client, ada):
    eve = User.objects.create_user("eve", email="ada@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=ada, email="ada@example.org", verified=True, primary=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.create(user=eve, email="ada@example.org", verified=True)
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    (letter,) = mail.outbox
    assert f"/{int_to_base36(ada.pk)}-" in letter.body


def test_the_account_page_asks_who_one_is(client):
    response = client.get(reverse("account_home"))
    assert response.headers["Location"] == "/accounts/login/?next=/accounts/"


def test_the_shown_name_can_be_changed(client, ada):
    client.force_login(ada)
    client.post(reverse("account_name"), {"display_name": "Ada of the Engine"})
    ada.refresh_from_db()
    assert ada.display_name == "Ada of the Engine"
    assert str(ada) == "Ada of the Engine"


@pytest.mark.parametrize("name", ["", "x" * 41, "a\u202eb", "a\u200bb", "a\x00b"])
def test_a_name_that_deceives_is_refused(client, ada, name):
    client.force_login(ada)
    response = client.post(reverse("account_name"), {"display_name": name})
    assert response.status_code == 422
    ada.refresh_from_db()
    assert ada.display_name == "ada"


def test_names_of_every_script_are_fine():
    for name in ("阿达 2", "Zoë O’Neil", "Łukasz", "नमस्ते"):
        validate_display_name(name)
    with pytest.raises(ValidationError):
        validate_display_name("a\u2028b")


def test_a_name_is_shown_as_text(client, ada):
    ada.display_name = "<script>alert(1)</script>"
    ada.save()
    client.force_login(ada)
    assert "<script>alert" not in client.get("/").content.decode()


def test_passkeys_are_hinted_away_from_an_ip_address(client):
    page = client.get(reverse("account_login"), headers={"host": "127.0.0.1:8000"})
    assert "http://localhost:8000" in page.content.decode()
    page = client.get(reverse("account_login"), headers={"host": "localhost:8000"})
    assert "Passkeys belong to a name" not in page.content.decode()


def test_a_passkey_of_another_person_cannot_be_touched(client, ada):
    bea = User.objects.create_user("bea", password=PASSWORD)
    data = {"name": "Bea's", "credential": {}}
    hers = Authenticator.objects.create(user=bea, type="webauthn", data=data)
    sign_in(client)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[hers.pk])).status_code == 404
        assert client.post(reverse(name, args=[hers.pk]), {"name": "mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=hers.pk).exists()


def test_adding_a_passkey_needs_a_fresh_proof(client, ada):
    sign_in(client)
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    session = client.session
    session[ENTERED_KEY] -= 3600
    session.save()
    response = client.get(reverse("mfa_add_webauthn"))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    proof = client.post(
        response.headers["Location"], {"password": PASSWORD, "next": reverse("mfa_add_webauthn")}
    )
    assert proof.headers["Location"] == reverse("mfa_add_webauthn")
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def test_a_made_up_passkey_signs_nobody_in(client, ada):
    forged = '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}'
    for credential in ("", "{}", "[]", "null", forged):
        response = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
        assert response.status_code == 302
        assert "_auth_user_id" not in client.session


def test_the_operator_can_close_a_guest(admin_client):
    guest = make_guest(language="en")
    page = admin_client.post(
        reverse("admin:accounts_user_change", args=[guest.pk]),
        {"display_name": guest.display_name, "is_guest": "on"},
    )
    assert page.status_code == 302
    guest.refresh_from_db()
    assert not guest.is_active
    assert guest.username.startswith("guest-")
