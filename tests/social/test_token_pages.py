"""The page of one's personal tokens."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from moongate.accounts.guests import ENTERED_KEY
from moongate.social.api_tokens import issue_token
from moongate.social.models import ApiToken
from tests.social.folk import guest, person

pytestmark = pytest.mark.django_db
TOKENS = "/accounts/tokens/"
WANTED = {"name": "vane", "scopes": ["read", "post"], "days": "7"}


@pytest.fixture
def ada():
    ada = person("ada")
    ada.set_password("enchantress-of-numbers")
    ada.save()
    return ada


def signed_in(who):
    client = Client()
    client.force_login(who)
    return client


def entered_long_ago(client):
    session = client.session
    session[ENTERED_KEY] = 0
    session.save()
    return client


def test_a_new_token_is_shown_once_and_never_kept_to_be_read(ada):
    client = signed_in(ada)
    made = client.post(f"{TOKENS}new/", WANTED)
    token = ApiToken.objects.get()
    assert (token.name, token.scopes) == ("vane", ["read", "post"])
    left = token.expires - timezone.now()
    assert timedelta(days=6, hours=23) < left < timedelta(days=7)
    secret = made.content.decode().split('value="mgt_')[1].split('"')[0]
    assert made.headers["Cache-Control"] == (
        "max-age=0, no-cache, no-store, must-revalidate, private"
    )
    bearer = {"Authorization": f"Bearer mgt_{secret}"}
    assert Client().get("/api/social/me", headers=bearer).json()["name"] == "ada"
    listed = client.get(TOKENS).content.decode()
    assert "Last used on" in listed
    assert secret not in listed
    assert token.sha256 not in listed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "\x01"}, "A token needs a name."),
        ({"scopes": []}, "This field is required."),
        ({"scopes": ["admin"]}, "admin is not one of the available choices."),
        ({"days": "366"}, "366 is not one of the available choices."),
    ],
)
def test_what_is_filled_in_wrong_is_said_at_its_field(ada, changed, words):
    answer = signed_in(ada).post(f"{TOKENS}new/", WANTED | changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_whoever_came_in_long_ago_proves_again_that_it_is_them(ada):
    client = entered_long_ago(signed_in(ada))
    for answer in (client.get(f"{TOKENS}new/"), client.post(f"{TOKENS}new/", WANTED)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    sent = {"name": "vane", "scopes": ["read"]}
    refused = client.post("/api/social/tokens", sent, content_type="application/json")
    assert refused.status_code == 403
    assert refused.json()["reason"] == "A new token needs a fresh proof that it is you."
    assert not ApiToken.objects.exists()
    # To look and to revoke is free.
    issued = issue_token(ada, name="old", scopes=["read"], days=1)
    assert "old" in client.get(TOKENS).content.decode()
    client.post(f"{TOKENS}{issued.token.public_id}/revoke/")
    issued.token.refresh_from_db()
    assert issued.token.revoked is not None


def test_somebody_elses_token_is_neither_shown_nor_revoked(ada):
    issued = issue_token(ada, name="hers alone", scopes=["read"], days=1)
    client = signed_in(person("bo"))
    assert "hers alone" not in client.get(TOKENS).content.decode()
    assert client.post(f"{TOKENS}{issued.token.public_id}/revoke/").status_code == 404
    assert client.post(f"{TOKENS}{uuid.uuid4()}/revoke/").status_code == 404
    issued.token.refresh_from_db()
    assert issued.token.revoked is None


def test_strangers_and_guests_sign_in_first():
    for client in (Client(), signed_in(guest())):
        for address in (TOKENS, f"{TOKENS}new/"):
            answer = client.get(address)
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/accounts/login/")
