"""Safe defaults, and what each page carries."""

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from moongate.accounts.models import User
from tests.site.pages import inline_code

PUBLIC = [
    "home",
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
    "account_email_verification_sent",
]
SIGNED_IN = [
    "home",
    "account_home",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    user = User.objects.create_user("ada", password="enchantress-of-numbers")
    client.force_login(user)
    return user


def check(response) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy + ";"
    assert "style-src 'self';" in policy + ";"
    assert inline_code(response.content.decode()) == []


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_strict_about_scripts_and_styles(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    check(response)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_of_the_account_is_strict_about_scripts_and_styles(client, ada, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    check(response)


def test_the_admin_works_under_the_same_policy(client):
    boss = User.objects.create_superuser("boss", password="enchantress-of-numbers")
    login = client.get("/admin/login/?next=/admin/")
    assert login.headers["Location"].startswith(reverse("account_login"))
    client.force_login(boss)
    for address in ("/admin/", "/admin/accounts/user/", f"/admin/accounts/user/{boss.pk}/change/"):
        response = client.get(address)
        assert response.status_code == 200
        check(response)


def test_a_missing_page_is_strict_too(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    check(response)


def test_every_answer_carries_the_secure_headers(client):
    headers = client.get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_a_static_file_carries_them_as_well(client):
    response = client.get("/static/site/icon.svg")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_debug_is_off_unless_asked():
    assert settings.DEBUG is False


def test_an_unknown_host_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_sqlite_waits_for_its_turn_and_keeps_foreign_keys():
    if connection.vendor != "sqlite":
        pytest.skip("the database is not SQLite")
    options = settings.DATABASES["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (1,)


def test_passwords_are_hashed_with_argon2(ada):
    assert ada.password.startswith("argon2$argon2id$")


def test_a_form_without_its_token_is_refused_in_words(client):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "ada"})
    assert response.status_code == 403
    assert "cookie" in response.content.decode()
    check(response)


def test_a_broken_page_says_so_without_leaking(client, monkeypatch):
    from moongate.site import views

    def boom(*_args, **_more):
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(views, "why_not_ready", boom)
    client.raise_request_exception = False
    response = client.get(reverse("readyz"))
    text = response.content.decode()
    assert response.status_code == 500
    assert "Something broke on our side" in text
    assert "42" not in text.replace(response.headers["X-Request-ID"], "")
    check(response)


def test_robots_manifest_and_icon_are_there(client):
    assert b"Disallow: /accounts/" in client.get("/robots.txt").content
    manifest = client.get("/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert manifest.json()["name"] == "Moongate"
    for icon in manifest.json()["icons"]:
        assert client.get(icon["src"]).status_code == 200
    assert client.get("/favicon.ico", follow=True).status_code == 200
