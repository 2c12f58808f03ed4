"""A link out of WeChat: opens once, for a while, for the one who asked; the Mini Program's as well."""

import json
import re
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from moongate.accounts.guests import ENTERED_KEY
from moongate.accounts.models import User
from moongate.health.wechat.cli import create
from moongate.health.wechat.links import LASTS
from moongate.health.wechat.menu import menu
from moongate.health.wechat.models import EntryLink, Session
from tests.health.wechat.conftest import MINI_ID
from tests.health.wechat.peer import APP_ID

pytestmark = pytest.mark.django_db
MING = "o-ming"
SITE = "https://moongate.example"
MINI = "/health/wechat/mini/"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def link(peer, api):
    """The path of a link to the result of a talk about a sore elbow."""
    peer.text(MING, "你好")
    peer.text(MING, "1")
    peer.text(MING, "喉咙痛，流鼻涕")
    return path_in(peer.text(MING, "结束").text)


@pytest.fixture
def ming():
    person = User.objects.create_user("ming", password="x", display_name="小明")
    SocialAccount.objects.create(
        user=person,
        provider="weixin",
        uid="u-ming",
        extra_data={"nickname": "", "unionid": "u-ming", "openids": {APP_ID: MING}},
    )
    return person


def path_in(text):
    return re.search(re.escape(SITE) + r"(/health/wechat/entry/[\w-]{43}/)", text)[1]


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_looking_opens_nothing_and_the_button_opens_once(client, link):
    for _time in range(2):
        door = client.get(link)
        assert door.status_code == 200
        assert "您在微信中的评估结果" in door.content.decode()
        assert "喉咙" not in door.content.decode()
    opened = client.post(link)
    assert opened.status_code == 200
    assert "咽" in opened.content.decode()
    assert 'lang="zh' in opened.content.decode()
    for answer in (client.post(link), client.get(link)):
        assert answer.status_code == 410
        assert "咽" not in answer.content.decode()


def test_the_page_is_private(client, link):
    for answer in (client.get(link), client.post(link)):
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_form_of_another_site_opens_nothing(link):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link).status_code == 403
    assert EntryLink.objects.exists()


def test_a_link_has_its_time(client, link):
    EntryLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert timedelta(minutes=5) <= LASTS <= timedelta(hours=1)


def test_only_a_hash_of_the_link_is_kept(link):
    token = link.split("/")[-2]
    row = EntryLink.objects.get()
    assert token not in row.token
    assert token.encode() not in bytes(row.sealed)


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 4000, "%00", "..%2f"])
def test_a_made_up_link_is_used_up(client, account, token):
    assert client.get(f"/health/wechat/entry/{token}/").status_code in (404, 410)


def test_who_is_not_known_here_stays_nobody(client, link):
    assert "的身份打开" not in client.get(link).content.decode()
    client.post(link, {"how": "with-account"})
    assert signed_in(client) is None


def test_who_has_connected_wechat_may_come_in(client, link, ming):
    assert "以 小明 的身份打开" in client.get(link).content.decode()
    key = client.session.session_key
    opened = client.post(link, {"how": "with-account"})
    assert opened.status_code == 200
    assert signed_in(client) == str(ming.pk)
    assert client.session.session_key != key
    # A link proves less than a password.
    assert ENTERED_KEY not in client.session
    asked = client.get(reverse("mfa_add_webauthn"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_who_came_by_the_website_is_known_by_the_unionid(client, peer, api, ming):
    SocialAccount.objects.update(extra_data={"nickname": "", "unionid": "u-ming", "openids": {}})
    api.unionids[MING] = "u-ming"
    for words in ("你好", "1", "喉咙痛"):
        peer.text(MING, words)
    client.post(path_in(peer.text(MING, "结束").text), {"how": "with-account"})
    assert signed_in(client) == str(ming.pk)


def test_without_signing_in_is_without(client, link, ming):
    client.post(link, {"how": "without"})
    assert signed_in(client) is None


def test_who_is_signed_in_stays_who_they_are(client, link, ming):
    other = User.objects.create_user("ada", password="x")
    client.force_login(other)
    assert "小明" not in client.get(link).content.decode()
    client.post(link, {"how": "with-account"})
    assert signed_in(client) == str(other.pk)


def test_an_account_that_is_closed_is_not_entered(client, link, ming):
    User.objects.update(is_active=False)
    client.post(link, {"how": "with-account"})
    assert signed_in(client) is None


def test_the_talk_goes_on_in_the_browser(client, link):
    page = client.post(link).content.decode()
    token = re.search(r'name="talk"\s+value="([^"]+)"', page)[1]
    on = client.post("/health/", {"talk": token, "do": "say", "text": "还发烧"})
    assert on.status_code == 200
    assert "发热" in on.content.decode()


def test_another_link_for_the_asking(peer, link):
    assert path_in(peer.text(MING, "链接").text) != link
    peer.text(MING, "重新开始")
    assert "还没有结果" in peer.text(MING, "链接").text


def test_without_a_public_address_there_is_no_link(peer, account):
    account.PUBLIC_URL = ""
    for words in ("你好", "1", "喉咙痛", "结束"):
        text = peer.text(MING, words).text
    assert "http" not in text
    assert "没有可打开的网页" in peer.text(MING, "链接").text


def test_with_the_account_the_open_talk_is_exported_and_erased(link, ming):
    from moongate.accounts.personal_data import registrations

    talks = next(r for r in registrations() if r.key == "health_wechat.session.talks")
    told = json.dumps(list(talks.exported(ming)), default=str, ensure_ascii=False)
    assert "喉咙痛" in told
    assert talks.erase_rows(ming) == 1
    assert not Session.objects.exists()
    assert not EntryLink.objects.exists()


# The Mini Program


def post(client, body):
    body = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(MINI, body, content_type="application/json")


def test_the_mini_program_opens_the_chat(client, api):
    api.codes["c-1"] = ("o-mini", "")
    answer = post(client, {"code": "c-1"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"url"}
    path = path_in(answer.json()["url"])
    assert "小程序" in client.get(path, headers={"Accept-Language": "zh-CN"}).content.decode()
    assert client.post(path).headers["Location"] == "/health/"
    assert signed_in(client) is None


def test_the_unionid_brings_the_person_to_their_account(client, api, ming):
    api.codes["c-1"] = ("o-mini", "u-ming")
    path = path_in(post(client, {"code": "c-1"}).json()["url"])
    assert client.post(path, {"how": "with-account"}).headers["Location"] == "/health/"
    assert signed_in(client) == str(ming.pk)
    facts = SocialAccount.objects.get().extra_data
    assert facts["openids"] == {APP_ID: MING, MINI_ID: "o-mini"}


def test_another_unionid_is_another_person(client, api, ming):
    api.codes["c-1"] = (MING, "u-mallory")
    path = path_in(post(client, {"code": "c-1"}).json()["url"])
    client.post(path, {"how": "with-account"})
    assert signed_in(client) is None


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"code": 7}', b'{"code": ""}', b"\xff", b"[" * 2000, b" " * 5000]
)
def test_a_body_without_a_code_says_what_mends_it(client, api, body):
    answer = post(client, body)
    assert answer.status_code == 400
    assert "code" in answer.json()["mend"]
    assert api.calls == []


@pytest.mark.parametrize(("fault", "status"), [(40029, 400), (45011, 429), (-1, 503), (40125, 503)])
def test_what_wechat_refuses_has_its_status(client, api, fault, status):
    api.faults["/sns/jscode2session"] = [fault] * 3
    answer = post(client, {"code": "c-1"})
    assert answer.status_code == status
    assert set(answer.json()) == {"mend"}


def test_the_door_is_shut_where_there_is_no_mini_program(client, api, account):
    account.WECHAT_MINI_PROGRAM = {"app_id": "", "secret": ""}
    assert post(client, {"code": "c-1"}).status_code == 404


def test_the_doors_are_limited(client, api, monkeypatch):
    monkeypatch.setattr("moongate.health.records.limits.LIMITS", {"mini": (2, 600)})
    statuses = [post(client, {"code": "never"}).status_code for _number in range(3)]
    assert statuses == [400, 400, 429]


# The menu


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_menu_keeps_wechats_measures(lang):
    made = menu(lang, "https://moongate.example/health/")
    assert 1 <= len(made["button"]) <= 3
    for button in made["button"]:
        assert len(button["name"].encode()) <= 16
        assert len(button.get("sub_button", [])) <= 5
        for inner in button.get("sub_button", []):
            assert len(inner["name"].encode()) <= 60
            assert len(inner.get("key", "").encode()) <= 128


def test_the_command_makes_the_menu_or_says_why_not(api, capsys):
    class Chosen:
        lang, show, json = "zh", False, False

    assert create(Chosen) == 0
    names = [button["name"] for button in api.menus[0]["button"]]
    assert names == ["开始评估", "急救电话", "更多"]
    assert api.menus[0]["button"][2]["sub_button"][-1]["url"] == f"{SITE}/health/"
    api.faults["/cgi-bin/menu/create"] = [48001]
    assert create(Chosen) == 1
    assert "not allowed (48001)" in capsys.readouterr().err
