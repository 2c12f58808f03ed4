"""Sign-up without a password: what the server hands out and what it refuses.

The whole ceremony is driven in a browser by tests/browser/test_accounts.py.
"""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from moongate.accounts.models import User

pytestmark = pytest.mark.django_db
BEGIN, SIGN_UP = reverse("account_begin_passkey"), reverse("account_signup_by_passkey")


@pytest.fixture(autouse=True)
def no_tries_counted():
    cache.clear()


def test_the_key_is_made_for_the_name_that_was_typed_and_for_a_row_of_ours(client):
    options = client.post(BEGIN, {"username": "ada"}).json()["creation_options"]["publicKey"]
    assert options["user"]["name"] == "ada"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert User.objects.get().is_guest


@pytest.mark.parametrize("name", ["", "a", "guest-ada", "TAKEN", "ada lovelace"])
def test_a_name_that_cannot_be_had_is_refused_before_a_key_is_made(client, name):
    User.objects.create_user("taken")
    answer = client.post(BEGIN, {"username": name})
    assert answer.status_code == 422
    assert answer.json()["fault"]
    assert User.objects.filter(is_guest=True).count() == 0


@pytest.mark.parametrize(
    "credential",
    ["", "no JSON", "[]", "7", "{}", '{"id": "x", "response": {}}', '{"id": 7, "rawId": []}'],
)
def test_what_is_no_passkey_makes_no_account(client, credential):
    client.post(BEGIN, {"username": "ada"})
    answer = client.post(SIGN_UP, {"username": "ada", "credential": credential})
    assert answer.status_code == 422
    assert not User.objects.filter(is_guest=False).exists()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("page", ["mfa_add_webauthn", "mfa_login_webauthn"])
@pytest.mark.parametrize("credential", ["[]", "7", "{}", '{"id": "AA", "rawId": 3}'])
def test_nor_does_it_pass_at_the_other_doors(client, page, credential):
    if page == "mfa_add_webauthn":
        client.force_login(User.objects.create_user("ada", password="enchantress-of-numbers"))
    answer = client.post(reverse(page), {"credential": credential})
    assert answer.status_code < 500
    assert not Authenticator.objects.exists()


def test_a_passkey_that_nobody_asked_for_makes_no_account(client):
    credential = json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {}})
    answer = client.post(SIGN_UP, {"username": "ada", "credential": credential})
    assert answer.status_code == 422
    assert "too long" in answer.content.decode()


def test_who_is_signed_in_needs_no_account(client):
    ada = User.objects.create_user("ada")
    client.force_login(ada)
    assert client.post(BEGIN, {"username": "bea"}).status_code == 422
    assert client.get(SIGN_UP).status_code == 302
