"""Sign-in with WeChat: one person is one account, however they come, and every fault is a page."""

import json
import logging
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.urls import reverse

from moongate.accounts import guests, merging
from moongate.accounts.models import AuditEntry, User
from moongate.accounts.wechat import client as wechat_client
from moongate.accounts.wechat.client import Identity
from moongate.accounts.wechat.connecting import settle_identity
from moongate.site import environment

sys.path.insert(0, str(Path(__file__).parent))
from wechat_server import Person, WeChat, serve

pytestmark = pytest.mark.django_db
PASSWORD = "enchantress-of-numbers"
LOGIN = "/accounts/wechat/login/"
CALLBACK = "/accounts/wechat/login/callback/"
WEBSITE, ACCOUNT = "wx0123456789abcdef", "wxfedcba9876543210"
SECRET = "s3cret-of-the-website"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 MicroMessenger/8.0.47(0x18002f2f) NetType/WIFI Language/zh_CN"
)


@pytest.fixture
def wechat(settings, monkeypatch):
    """A WeChat of our own, with a website app and an Official Account bound together."""
    cache.clear()
    monkeypatch.setattr(wechat_client, "PAUSE_S", 0)
    world = WeChat({WEBSITE: SECRET, ACCOUNT: "s3cret-of-the-account"})
    server = serve(world)
    settings.WECHAT_API_URL = f"http://127.0.0.1:{server.server_port}"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "weixin": {
            "APPS": [
                {"key": "website", "client_id": WEBSITE, "secret": SECRET},
                {
                    "key": "official_account",
                    "client_id": ACCOUNT,
                    "secret": "s3cret-of-the-account",
                },
            ]
        }
    }
    yield world
    server.shutdown()
    server.server_close()


@pytest.fixture
def ada():
    return User.objects.create_user("ada", password=PASSWORD)


def inside(client_class):
    return client_class(headers={"User-Agent": PHONE})


def begin(client, **data):
    """Touch the button: where the browser is sent, and the query it is sent with."""
    sent = client.post(LOGIN, data)
    assert sent.status_code == 302
    address = sent.headers["Location"]
    return address, {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def come_in(client, wechat, person, **data):
    _address, query = begin(client, **data)
    code = wechat.agree(person, query["appid"])
    return client.get(CALLBACK, {"code": code, "state": query["state"]})


def signed_in(client):
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


# The way there


def test_the_website_shows_a_qr_code(client, wechat):
    address, query = begin(client)
    assert address.startswith("https://open.weixin.qq.com/connect/qrconnect?")
    assert address.endswith("#wechat_redirect")
    assert query["scope"] == "snsapi_login"
    assert query["appid"] == WEBSITE
    assert query["response_type"] == "code"
    assert query["redirect_uri"] == f"http://testserver{CALLBACK}"


def test_inside_wechat_one_touch_is_enough(client, wechat):
    address, query = begin(inside(type(client)))
    assert address.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=")
    assert address.endswith("#wechat_redirect")
    assert query["scope"] == "snsapi_userinfo"
    assert query["appid"] == ACCOUNT
    # WeChat matches the address as a text, so the order counts.
    names = [pair.split("=")[0] for pair in urlsplit(address).query.split("&")]
    assert names == ["appid", "redirect_uri", "response_type", "scope", "state"]


def test_wecom_is_not_wechat(client, wechat):
    wecom = type(client)(headers={"User-Agent": f"{PHONE} wxwork/4.1.0"})
    assert "/connect/qrconnect?" in begin(wecom)[0]


def test_one_app_serves_both_ways(client, wechat, settings):
    del settings.SOCIALACCOUNT_PROVIDERS["weixin"]["APPS"][1]
    assert begin(inside(type(client)))[1]["appid"] == WEBSITE


def test_a_visitor_cannot_bend_the_address(client, wechat):
    sent = client.post(f"{LOGIN}?scope=snsapi_base&auth_params=appid%3Dwxevil%26redirect_uri%3Dx")
    query = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert (query["appid"], query["scope"]) == ([WEBSITE], ["snsapi_login"])
    assert query["redirect_uri"] == [f"http://testserver{CALLBACK}"]


def test_a_link_signs_nobody_in(client, wechat):
    assert client.get(LOGIN).headers["Location"] == reverse("account_login")
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(LOGIN).status_code == 403


# Coming in


def test_a_new_person_gets_an_account_and_their_name(client, wechat):
    answer = come_in(client, wechat, Person("ming", unionid="u-ming"))
    assert answer.headers["Location"] == "/"
    person = signed_in(client)
    assert person.display_name == "小明🀄"
    assert person.username.startswith("wechat-")
    assert not person.has_usable_password()
    assert not person.is_guest
    row = SocialAccount.objects.get()
    assert (row.user, row.uid) == (person, "u-ming")
    assert row.extra_data == {
        "nickname": "小明🀄",
        "unionid": "u-ming",
        "openids": {WEBSITE: f"o-ming-{WEBSITE}"},
    }
    assert SocialToken.objects.count() == 0


@pytest.mark.parametrize("nickname", ["", "\u202e\u200b\u3164", None, 7, "x" * 500, "<b>x</b>"])
def test_any_nickname_makes_a_name_that_is_ours(client, wechat, nickname):
    come_in(client, wechat, Person("ming", nickname=nickname))
    person = signed_in(client)
    person.full_clean(exclude=["password"])
    assert 0 < len(person.display_name) <= 40
    assert "<b>" not in client.get("/").content.decode()


def test_the_same_person_comes_back_to_the_same_account(client, wechat):
    ming = Person("ming", unionid="u-ming")
    come_in(client, wechat, ming)
    first = signed_in(client)
    client.logout()
    ming.nickname = "大明"
    come_in(client, wechat, ming, next="/race/")
    assert signed_in(client) == first
    assert SocialAccount.objects.get().extra_data["nickname"] == "大明"


def test_website_and_phone_open_one_account(client, wechat):
    ming = Person("ming", unionid="u-ming")
    come_in(client, wechat, ming)
    phone = inside(type(client))
    come_in(phone, wechat, ming)
    assert signed_in(phone) == signed_in(client)
    assert User.objects.count() == 1
    assert set(SocialAccount.objects.get().extra_data["openids"]) == {WEBSITE, ACCOUNT}


def test_an_openid_is_moved_to_the_unionid_when_that_becomes_known(client, wechat):
    ming = Person("ming")
    come_in(client, wechat, ming)
    first = signed_in(client)
    assert SocialAccount.objects.get().uid == f"o-ming-{WEBSITE}"
    client.logout()
    ming.unionid = "u-ming"
    come_in(client, wechat, ming)
    assert signed_in(client) == first
    assert SocialAccount.objects.get().uid == "u-ming"
    phone = inside(type(client))
    come_in(phone, wechat, ming)
    assert signed_in(phone) == first
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 1)


def test_an_app_that_is_unbound_still_finds_the_account(client, wechat):
    ming = Person("ming", unionid="u-ming")
    come_in(client, wechat, ming)
    first = signed_in(client)
    client.logout()
    ming.unionid = ""
    come_in(client, wechat, ming)
    assert signed_in(client) == first
    assert SocialAccount.objects.get().uid == "u-ming"


def test_a_row_for_each_id_becomes_one(ada):
    for uid in ("o-1", "u-1"):
        SocialAccount.objects.create(user=ada, provider="weixin", uid=uid)
    facts = settle_identity(Identity(WEBSITE, "o-1", "u-1", "小明"))
    assert facts["uid"] == "u-1"
    assert SocialAccount.objects.get().uid == "u-1"


def test_two_accounts_of_one_person_both_stay_and_the_unionid_leads(ada):
    bea = User.objects.create_user("bea")
    SocialAccount.objects.create(user=ada, provider="weixin", uid="o-1")
    SocialAccount.objects.create(user=bea, provider="weixin", uid="u-1")
    assert settle_identity(Identity(WEBSITE, "o-1", "u-1", "小明"))["uid"] == "u-1"
    assert SocialAccount.objects.count() == 2


def test_what_a_guest_did_comes_along(client, wechat, monkeypatch):
    moved = []
    monkeypatch.setattr(merging, "_movers", [lambda one, two: moved.append((one.pk, two.pk))])
    guest = guests.make_guest(language="en")
    session = client.session
    session[guests.SESSION_KEY] = str(guest.public_id)
    session.save()
    come_in(client, wechat, Person("ming"))
    person = signed_in(client)
    assert moved == [(guest.pk, person.pk)]
    assert person.pk != guest.pk
    assert not User.objects.filter(pk=guest.pk).exists()
    assert guests.SESSION_KEY not in client.session


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/"])
def test_one_is_never_led_off_the_site(client, wechat, target):
    assert come_in(client, wechat, Person("ming"), next=target).headers["Location"] == "/"


def test_a_closed_account_stays_closed(client, wechat):
    ming = Person("ming", unionid="u-ming")
    come_in(client, wechat, ming)
    User.objects.update(is_active=False)
    client.logout()
    come_in(client, wechat, ming)
    assert signed_in(client) is None


def test_an_access_token_that_expired_is_refreshed_once(client, wechat, monkeypatch):
    issue = WeChat.issue

    def issue_expired(world, person, app_id):
        facts = issue(world, person, app_id)
        if not world.expired:
            world.expired.add(facts["access_token"])
        return facts

    monkeypatch.setattr(WeChat, "issue", issue_expired)
    come_in(client, wechat, Person("ming", unionid="u-ming"))
    assert signed_in(client).display_name == "小明🀄"
    assert [path for path, _query in wechat.calls] == [
        "/sns/oauth2/access_token",
        "/sns/userinfo",
        "/sns/oauth2/refresh_token",
        "/sns/userinfo",
    ]


def test_a_moment_of_business_is_waited_out(client, wechat):
    wechat.busy = 1
    come_in(client, wechat, Person("ming"))
    assert signed_in(client) is not None


# What goes wrong


def refused(answer, status, words):
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "Another way in" in page
    assert "Traceback" not in page
    assert SECRET not in page


def test_a_code_that_is_none(client, wechat):
    _address, query = begin(client)
    answer = client.get(CALLBACK, {"code": "made-up", "state": query["state"]})
    refused(answer, 400, "WeChat’s permission was used up")
    assert User.objects.count() == 0


def test_a_code_that_was_used(client, wechat):
    come_in(client, wechat, Person("ming"))
    client.logout()
    _address, query = begin(client)
    refused(client.get(CALLBACK, {"code": "code-1", "state": query["state"]}), 400, "used up")
    assert signed_in(client) is None


def test_a_code_of_another_app(client, wechat):
    _address, query = begin(client)
    code = wechat.agree(Person("ming"), ACCOUNT)
    refused(client.get(CALLBACK, {"code": code, "state": query["state"]}), 400, "used up")


def test_a_code_beyond_measure_is_not_even_sent(client, wechat):
    _address, query = begin(client)
    refused(client.get(CALLBACK, {"code": "x" * 5000, "state": query["state"]}), 400, "used up")
    assert wechat.calls == []


def test_a_secret_that_is_wrong_is_the_operators_matter(client, wechat, caplog):
    wechat.apps[WEBSITE] = "another"
    with caplog.at_level(logging.DEBUG):
        answer = come_in(client, wechat, Person("ming"))
    refused(answer, 503, "Whoever runs it must check its WeChat settings")
    assert "Try WeChat again" not in answer.content.decode()
    assert "40125" in caplog.text
    assert SECRET not in caplog.text


def test_a_wechat_that_is_busy(client, wechat):
    wechat.busy = 99
    refused(come_in(client, wechat, Person("ming")), 503, "WeChat does not answer")


def test_a_wechat_that_is_away(client, wechat, settings, caplog):
    settings.WECHAT_API_URL = "http://127.0.0.1:9"
    with caplog.at_level(logging.DEBUG):
        answer = come_in(client, wechat, Person("ming"))
    refused(answer, 503, "WeChat does not answer")
    assert SECRET not in caplog.text


def test_a_wechat_that_is_slow(client, wechat, settings, monkeypatch):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2
    monkeypatch.setattr(WeChat, "answer", lambda *_args: time.sleep(1) or {})
    refused(come_in(client, wechat, Person("ming")), 503, "WeChat does not answer")


GOOD = {"access_token": "t", "openid": "o-1"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{}",
        b"[" * 60_000,
        b" " * 70_000 + b"{}",
        json.dumps(GOOD | {"openid": ""}).encode(),
        json.dumps(GOOD | {"openid": 7}).encode(),
        json.dumps(GOOD | {"openid": "o 1\n"}).encode(),
        json.dumps(GOOD | {"openid": "o" * 129}).encode(),
        json.dumps(GOOD | {"access_token": None}).encode(),
        json.dumps(GOOD | {"unionid": "u" * 500}).encode(),
        json.dumps(GOOD | {"unionid": ["u"]}).encode(),
        json.dumps(GOOD | {"errcode": "40029"}).encode(),
        json.dumps(GOOD | {"errcode": [1]}).encode(),
    ],
)
def test_an_answer_that_is_none(client, wechat, body):
    wechat.raw = body
    refused(come_in(client, wechat, Person("ming")), 503, "WeChat does not answer")
    assert User.objects.count() == 0


@pytest.mark.parametrize("status", [302, 404, 500, 502])
def test_a_status_that_is_none(client, wechat, status):
    wechat.status = status
    refused(come_in(client, wechat, Person("ming")), 503, "WeChat does not answer")


def test_the_preview_of_wechat_makes_no_account(client, wechat):
    wechat.snapshot = True
    refused(come_in(inside(type(client)), wechat, Person("ghost")), 403, "使用完整服务")
    assert User.objects.count() == 0


def test_whoever_declines_is_told_of_other_ways(client, wechat):
    _address, query = begin(client)
    refused(client.get(CALLBACK, {"state": query["state"]}), 400, "WeChat says that you declined")


@pytest.mark.parametrize("state", [None, "", "made-up", "x" * 9000, "\x00"])
def test_a_state_that_is_not_ours(client, wechat, state):
    begin(client)
    query = {"code": wechat.agree(Person("ming"), WEBSITE)} | ({"state": state} if state else {})
    refused(client.get(CALLBACK, query), 400, "Begin it again")
    assert wechat.calls == []


def test_a_state_of_somebody_else_or_used_before(client, wechat):
    _address, query = begin(client)
    answer = {"code": wechat.agree(Person("eve"), WEBSITE), "state": query["state"]}
    victim = type(client)()
    begin(victim)
    refused(victim.get(CALLBACK, answer), 400, "Begin it again")
    assert signed_in(victim) is None
    client.get(CALLBACK, answer)
    client.logout()
    refused(client.get(CALLBACK, answer), 400, "Begin it again")


def test_a_state_that_is_too_old(client, wechat):
    _address, query = begin(client)
    session = client.session
    session["socialaccount_states"][query["state"]][1] -= 601
    session.save()
    answer = {"code": wechat.agree(Person("ming"), WEBSITE), "state": query["state"]}
    refused(client.get(CALLBACK, answer), 400, "Begin it again")


def test_the_same_person_twice_at_once_makes_one_account(client, wechat, monkeypatch):
    ming = Person("ming", unionid="u-ming")
    come_in(client, wechat, ming)
    other = type(client)()
    monkeypatch.setattr(
        "allauth.socialaccount.models.SocialLogin._lookup_by_socialaccount", lambda _self: False
    )
    refused(come_in(other, wechat, ming), 503, "Wait a minute and try again")
    assert User.objects.count() == 1


def test_two_moves_at_once_end_in_a_page(client, wechat, monkeypatch):
    def lost(_identity):
        raise IntegrityError

    monkeypatch.setattr("moongate.accounts.wechat.views.settle_identity", lost)
    refused(come_in(client, wechat, Person("ming")), 503, "Wait a minute and try again")


def test_a_flood_is_held_up(client, wechat, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [client.get(CALLBACK, {"code": "x", "state": "y"}).status_code for _try in range(3)]
    assert answers == [400, 400, 429]


# Connecting and disconnecting


def test_an_account_gets_wechat_as_a_second_way_in(client, wechat, ada):
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    ming = Person("ming", unionid="u-ming")
    answer = come_in(client, wechat, ming, process="connect")
    assert answer.headers["Location"] == reverse("account_home")
    page = client.get(reverse("account_home")).content.decode()
    assert "Your WeChat opens this account now." in page
    assert "小明🀄 opens this account." in page
    assert AuditEntry.objects.filter(action="wechat.connected").count() == 1
    client.logout()
    come_in(client, wechat, ming)
    assert signed_in(client) == ada
    assert User.objects.count() == 1


def test_connecting_after_a_while_asks_for_a_fresh_proof(client, wechat, ada):
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    session = client.session
    session[guests.ENTERED_KEY] -= 3600
    session.save()
    answer = come_in(client, wechat, Person("ming"), process="connect")
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert SocialAccount.objects.count() == 0
    client.post(answer.headers["Location"], {"password": PASSWORD})
    assert SocialAccount.objects.get().user == ada


def test_a_wechat_that_opens_another_account_stays_there(client, wechat, ada):
    ming = Person("ming", unionid="u-ming")
    other = type(client)()
    come_in(other, wechat, ming)
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    page = client.get(come_in(client, wechat, ming, process="connect").headers["Location"])
    assert "This WeChat opens another account here." in page.content.decode()
    assert SocialAccount.objects.get().user == signed_in(other) != ada


def test_a_visitor_who_is_nobody_connects_nothing(client, wechat):
    come_in(client, wechat, Person("ming"), process="connect")
    assert signed_in(client).display_name == "小明🀄"


def test_wechat_can_be_taken_off_again(client, wechat, ada):
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    come_in(client, wechat, Person("ming"), process="connect")
    row = SocialAccount.objects.get()
    page = client.post(reverse("wechat_disconnect", args=[row.pk]), follow=True)
    assert "WeChat is disconnected." in page.content.decode()
    assert SocialAccount.objects.count() == 0
    assert AuditEntry.objects.filter(action="wechat.disconnected").count() == 1


def test_the_only_way_in_stays(client, wechat):
    come_in(client, wechat, Person("ming"))
    row = SocialAccount.objects.get()
    page = client.post(reverse("wechat_disconnect", args=[row.pk]), follow=True)
    assert "This is your only way in." in page.content.decode()
    assert SocialAccount.objects.count() == 1
    Authenticator.objects.create(
        user=signed_in(client), type="webauthn", data={"name": "Phone", "credential": {}}
    )
    client.post(reverse("wechat_disconnect", args=[row.pk]))
    assert SocialAccount.objects.count() == 0


def test_nobody_takes_off_somebody_elses(client, wechat, ada):
    come_in(type(client)(), wechat, Person("ming"))
    row = SocialAccount.objects.get()
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    assert client.post(reverse("wechat_disconnect", args=[row.pk])).status_code == 404
    assert client.get(reverse("wechat_disconnect", args=[row.pk])).status_code == 405
    assert SocialAccount.objects.count() == 1


# Offered or not


def test_it_is_offered_where_one_signs_in(client, wechat):
    for name in ("account_login", "account_signup"):
        assert "Sign in with WeChat" in client.get(reverse(name)).content.decode()


def test_without_an_app_nothing_of_it_is_there(client, ada):
    assert "WeChat" not in client.get(reverse("account_login")).content.decode()
    assert client.post(LOGIN).status_code == 404
    assert client.get(CALLBACK).status_code == 404
    client.force_login(ada)
    assert "WeChat" not in client.get(reverse("account_home")).content.decode()


PAIR = {"MOONGATE_WECHAT_APP_ID": WEBSITE, "MOONGATE_WECHAT_APP_SECRET": SECRET}
OTHER = {"MOONGATE_WECHAT_ACCOUNT_ID": ACCOUNT, "MOONGATE_WECHAT_ACCOUNT_SECRET": "s"}


def test_the_environment_gives_the_apps():
    assert environment.wechat_apps({}) == []
    assert environment.wechat_apps(PAIR | OTHER) == [
        {"key": "website", "client_id": WEBSITE, "secret": SECRET},
        {"key": "official_account", "client_id": ACCOUNT, "secret": "s"},
    ]


@pytest.mark.parametrize(
    ("environ", "complaint"),
    [
        ({"MOONGATE_WECHAT_APP_ID": WEBSITE}, "MOONGATE_WECHAT_APP_SECRET must be set together"),
        ({"MOONGATE_WECHAT_ACCOUNT_SECRET": "s"}, "MOONGATE_WECHAT_ACCOUNT_ID and"),
        (PAIR | {"MOONGATE_WECHAT_APP_ID": "wx__a"}, "MOONGATE_WECHAT_APP_ID must be letters"),
    ],
)
def test_half_an_app_stops_the_start(environ, complaint):
    with pytest.raises(ImproperlyConfigured, match=complaint):
        environment.wechat_apps(environ)


# The server of these tests itself


def test_the_loopback_server_keeps_wechats_rules(wechat, settings):
    def get(path, **query):
        answer = requests.get(settings.WECHAT_API_URL + path, params=query, timeout=5)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/plain"
        return json.loads(answer.content.decode("utf-8"))

    ming = Person("ming", unionid="u-ming")
    exchange = {"appid": WEBSITE, "secret": SECRET, "code": wechat.agree(ming, WEBSITE)}
    wrong = get("/sns/oauth2/access_token", **exchange | {"secret": "no"})
    assert wrong["errcode"] == 40125
    token = get("/sns/oauth2/access_token", **exchange)
    assert get("/sns/oauth2/access_token", **exchange)["errcode"] == 40163
    assert get("/sns/oauth2/access_token", **exchange | {"code": "no"})["errcode"] == 40029
    who = {"access_token": token["access_token"], "openid": token["openid"]}
    assert get("/sns/auth", **who) == {"errcode": 0, "errmsg": "ok"}
    assert get("/sns/userinfo", **who)["nickname"] == "小明🀄"
    wechat.expired.add(token["access_token"])
    assert get("/sns/auth", **who)["errcode"] == 42001
    fresh = get("/sns/oauth2/refresh_token", refresh_token=token["refresh_token"])
    assert fresh["openid"] == token["openid"]
