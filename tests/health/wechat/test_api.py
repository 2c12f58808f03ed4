"""WeChat's API from our side: one token for all, renewed in time, and every error by its name."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from moongate.health.wechat.account import WeChatApp
from moongate.health.wechat.api import transport
from moongate.health.wechat.api.access import access_token
from moongate.health.wechat.api.calls import (
    Follower,
    create_menu,
    follower,
    mini_identity,
    send_text,
)
from moongate.health.wechat.api.faults import CODES, ApiError, Reason
from moongate.health.wechat.models import AccessToken
from tests.health.wechat.conftest import MINI_ID, MINI_SECRET
from tests.health.wechat.peer import APP_ID, SECRET

pytestmark = pytest.mark.django_db
APP = WeChatApp(APP_ID, SECRET)
MINI = WeChatApp(MINI_ID, MINI_SECRET)
ROOT = Path(__file__).parents[3]
SEND, TOKEN = "/cgi-bin/message/custom/send", "/cgi-bin/stable_token"


def fails(call, *arguments):
    with pytest.raises(ApiError) as caught:
        call(*arguments)
    return caught.value


def fetched(api):
    return sum(path == TOKEN for path, _query, _body in api.calls)


def test_a_message_arrives_as_it_was_written(api):
    send_text(APP, "o-ming", "头痛 <b> & “三天” 🩺")
    assert api.sent == [("o-ming", "头痛 <b> & “三天” 🩺")]


def test_one_token_serves_many_calls(api):
    for _number in range(3):
        send_text(APP, "o-ming", "x")
    assert fetched(api) == 1


def test_the_token_lies_sealed(api):
    token = access_token(APP)
    row = AccessToken.objects.get()
    assert row.take("sealed") == token
    assert token.encode() not in bytes(row.sealed)


def test_the_token_is_renewed_before_it_ends(api):
    api.lasts_s = 299
    access_token(APP)
    access_token(APP)
    assert fetched(api) == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_token_that_wechat_refuses_is_renewed_and_the_call_repeated(api, code):
    send_text(APP, "o-ming", "one")
    api.faults[SEND] = [code]
    send_text(APP, "o-ming", "two")
    assert [text for _openid, text in api.sent] == ["one", "two"]


def test_a_token_that_another_process_renewed_is_taken_from_it(api):
    access_token(APP)
    row = AccessToken.objects.get()
    row.put("sealed", "token-0")  # as this process would still remember it
    row.save()
    api.spent.add("token-0")
    api.token = "token-9"
    send_text(APP, "o-ming", "x")
    assert [body.get("force_refresh") for path, _q, body in api.calls if path == TOKEN] == [
        False,
        False,
    ]


def test_wechat_is_made_to_give_another_when_it_repeats_a_spent_one(api):
    token = access_token(APP)
    api.spent.add(token)
    send_text(APP, "o-ming", "x")
    assert api.sent
    assert api.calls[-2][2]["force_refresh"] is True


def test_a_token_refused_for_ever_ends(api):
    api.faults[SEND] = [40001] * 9
    assert fails(send_text, APP, "o-ming", "x").reason is Reason.TOKEN
    assert len([1 for path, _q, _b in api.calls if path == SEND]) == 3


def test_while_wechat_is_busy_it_is_asked_again(api):
    api.faults[SEND] = [-1, -1]
    send_text(APP, "o-ming", "x")
    assert len(api.sent) == 1
    api.faults[SEND] = [-1] * 9
    assert fails(send_text, APP, "o-ming", "x").reason is Reason.BUSY
    assert len(api.faults[SEND]) == 9 - transport.TRIES


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (45015, Reason.OUTSIDE_WINDOW),
        (45047, Reason.TOO_MANY),
        (45009, Reason.QUOTA),
        (40003, Reason.NO_PERSON),
        (43004, Reason.NO_PERSON),
        (45002, Reason.REFUSED_TEXT),
        (48001, Reason.NOT_ALLOWED),
    ],
)
def test_every_error_has_a_name(api, code, reason):
    api.faults[SEND] = [code]
    error = fails(send_text, APP, "o-ming", "x")
    assert (error.reason, error.code) == (reason, code)
    assert CODES[code] is reason


def test_an_unknown_code_is_an_error_too(api, monkeypatch):
    api.raw = b'{"errcode": 99999, "errmsg": "?"}'
    error = fails(mini_identity, MINI, "code")
    assert (error.reason, error.code) == (Reason.OTHER, 99999)


def test_a_wrong_secret_is_the_operators_to_mend(api):
    wrong = WeChatApp(APP_ID, "wrong")
    assert fails(send_text, wrong, "o-ming", "x").reason is Reason.SET_UP
    assert not api.sent
    # The next one is not held up by the one that failed.
    send_text(APP, "o-ming", "x")
    assert api.sent


@pytest.mark.parametrize(
    "raw", [b"", b"<html>", b"[]", b"\xff", b'{"errcode": "x"}', b"[" * 60_000, b" " * 70_000]
)
def test_an_answer_that_is_none(api, raw):
    api.raw = raw
    assert fails(mini_identity, MINI, "code").reason is Reason.UNREADABLE


def test_an_answer_in_the_500s_is_busy_and_another_status_unreadable(api):
    api.status = 502
    assert fails(mini_identity, MINI, "code").reason is Reason.BUSY
    api.status = 302
    assert fails(mini_identity, MINI, "code").reason is Reason.UNREADABLE


def test_nobody_there_means_not_done_and_silence_means_in_doubt(api, settings, monkeypatch):
    access_token(APP)
    monkeypatch.setattr(transport, "READ_S", 0.2)
    api.slow_s = 0.6
    assert fails(send_text, APP, "o-ming", "x").reason is Reason.IN_DOUBT
    api.slow_s, api.mute = 0, 1
    assert fails(send_text, APP, "o-ming", "x").reason is Reason.IN_DOUBT
    settings.WECHAT_API_URL = "http://127.0.0.1:9"
    assert fails(send_text, APP, "o-ming", "x").reason is Reason.UNREACHABLE


def test_no_error_and_no_log_line_holds_a_secret(api, settings, caplog):
    caplog.set_level(logging.DEBUG)
    api.faults[SEND] = [45015]
    errors = [fails(send_text, APP, "o-ming", "x")]
    errors.append(fails(mini_identity, MINI, "code"))
    settings.WECHAT_API_URL = "http://127.0.0.1:9"
    errors.append(fails(mini_identity, MINI, "code"))
    assert errors[-1].__cause__ is None
    told = caplog.text + "".join(f"{error!r} {error.__context__}" for error in errors[:2])
    for secret in (SECRET, MINI_SECRET, api.token):
        assert secret not in told


def test_the_menu_and_a_followers_language(api):
    create_menu(APP, {"button": [{"type": "click", "name": "开始", "key": "START"}]})
    assert api.menus[0]["button"][0]["name"] == "开始"
    api.languages["o-ming"] = "zh_CN"
    api.unionids["o-ming"] = "u-ming"
    assert follower(APP, "o-ming") == Follower("zh_CN", "u-ming")
    assert follower(APP, "o-nobody") == Follower("", "")


def test_a_code_of_the_mini_program_counts_once(api):
    api.codes["c-1"] = ("o-mini", "u-ming")
    identity = mini_identity(MINI, "c-1")
    assert (identity.openid, identity.unionid) == ("o-mini", "u-ming")
    assert fails(mini_identity, MINI, "c-1").reason is Reason.CODE
    assert fails(mini_identity, MINI, "never").reason is Reason.CODE
    assert fails(mini_identity, MINI, "").reason is Reason.CODE
    assert fails(mini_identity, MINI, "x" * 513).reason is Reason.CODE


@pytest.mark.parametrize("openid", [None, 7, "", "o o", "x" * 129])
def test_an_identity_must_be_one(api, openid):
    api.codes["c-1"] = (openid, "")
    assert fails(mini_identity, MINI, "c-1").reason is Reason.UNREADABLE


def test_many_at_once_fetch_one_token(api, tmp_path, account):
    api.slow_s = 0.1
    environment = os.environ | {
        "MOONGATE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "moongate.site.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.health.wechat.fetch_at_once", account.WECHAT_API_URL],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [api.token] * 6
    assert fetched(api) == 1
