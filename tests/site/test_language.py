"""Both languages, chosen by cookie, then by the browser's wish."""

import pytest
from django.urls import reverse

from moongate.accounts.models import User

pytestmark = pytest.mark.django_db


def test_the_browsers_wish_decides_at_first(client):
    page = client.get("/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert '<html lang="zh-Hans"' in page.content.decode()
    assert "穿过月门" in page.content.decode()
    page = client.get("/", headers={"accept-language": "fr"})
    assert '<html lang="en-GB"' in page.content.decode()


def test_the_switch_stays_and_comes_back_to_the_page(client):
    response = client.post(
        reverse("set_language"), {"language": "zh-hans", "next": "/accounts/login/?next=/race/"}
    )
    assert response.status_code == 302
    assert response.headers["Location"] == "/accounts/login/?next=/race/"
    assert "登录" in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "http:///evil.example", "javascript:alert(1)"],
)
def test_the_switch_leads_nowhere_else(client, target):
    response = client.post(reverse("set_language"), {"language": "en", "next": target})
    assert response.status_code == 302
    assert response.headers["Location"] == "/"


def test_the_switch_is_no_link_to_be_followed(client):
    assert client.get(reverse("set_language")).status_code == 405


def test_a_language_we_do_not_speak_changes_nothing(client):
    client.post(reverse("set_language"), {"language": "xx", "next": "/"})
    assert '<html lang="en-GB"' in client.get("/").content.decode()


def test_the_account_remembers_the_language(client):
    user = User.objects.create_user("ada", password="enchantress-of-numbers")
    client.force_login(user)
    client.post(reverse("set_language"), {"language": "zh-hans"})
    user.refresh_from_db()
    assert user.preferred_language == "zh-hans"
    client.logout()
    client.cookies.clear()
    client.post(reverse("account_login"), {"login": "ada", "password": "enchantress-of-numbers"})
    assert '<html lang="zh-Hans"' in client.get("/").content.decode()


def test_the_theme_is_drawn_by_the_server_so_that_nothing_flashes(client):
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert "data-theme=" not in client.get("/").content.decode()
