"""Who is let in: WeChat itself, now, for this account; everybody else hears 403 and no more."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from moongate.health.wechat.models import Received
from tests.health.wechat.peer import ADDRESS, APP_ID, Peer

pytestmark = pytest.mark.django_db
MODES = ["plain", "compatible", "safe"]


@pytest.fixture(params=MODES)
def mode(request, peer, account):
    peer.mode = request.param
    keys = [] if request.param == "plain" else [peer.aes_key]
    account.WECHAT_MESSAGES = {"token": peer.token, "aes_keys": keys}
    return request.param


def changed(address, **values):
    query = dict(parse_qsl(urlsplit(address).query)) | values
    return f"{ADDRESS}?{urlencode({k: v for k, v in query.items() if v is not None})}"


def refused(answer):
    status, kind, body = answer
    assert (status, kind, body) == (403, "text/plain; charset=utf-8", b"forbidden")
    assert not Received.objects.exists()


def test_the_address_is_verified(peer):
    assert peer.verify("5837251039472") == (200, "text/plain; charset=utf-8", b"5837251039472")


def test_an_echo_is_only_what_wechat_sends(peer):
    refused(peer.verify("<script>alert(1)</script>"))
    refused(peer.verify(""))
    refused(peer.verify("1" * 129))


def test_without_an_account_there_is_no_address(peer, account):
    account.WECHAT_MESSAGES = {"token": "", "aes_keys": []}
    assert peer.verify()[0] == 404


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
def test_a_request_that_is_not_signed_is_refused(peer, mode, name):
    address, body = peer.request("o-ming", MsgType="text", Content="头痛", MsgId="1")
    for value in ("", "0", "x" * 65, "é"):
        refused(peer.send(changed(address, **{name: value}), body))
    refused(peer.send(changed(address, **{name: None}), body))
    refused(peer.verify(**{name: "0"}))


def test_a_signature_by_another_token_is_refused(peer, mode):
    stranger = Peer(peer.send, peer.mode, token="sunlight8")
    assert stranger.text("o-ming", "头痛").status == 403
    assert stranger.verify()[0] == 403


@pytest.mark.parametrize("ahead_s", [-310, 310])
def test_an_old_or_future_request_is_refused(peer, mode, ahead_s):
    peer.ahead_s = ahead_s
    assert peer.text("o-ming", "头痛").status == 403


def test_a_message_is_let_in_and_answered(peer, mode):
    answer = peer.text("o-ming", "你好")
    assert answer.status == 200
    assert "同意" in answer.text


def test_a_signature_does_not_serve_for_another_message(peer, mode):
    address, body = peer.request("o-ming", MsgType="text", Content="你好", MsgId="1")
    assert peer.deliver(address, body).text
    _address, other = peer.request("o-ming", MsgType="text", Content="你好", MsgId="2")
    assert peer.send(address, other)[0] == 403
    assert Received.objects.count() == 1


def test_what_names_another_person_than_the_address_is_refused(peer, mode):
    address, body = peer.request("o-ming", MsgType="text", Content="你好", MsgId="1")
    refused(peer.send(changed(address, openid="o-mallory"), body))


@pytest.mark.parametrize("mode_of_peer", ["compatible", "safe"])
class TestSealed:
    @pytest.fixture(autouse=True)
    def seal(self, peer, sealed_account, mode_of_peer):
        peer.mode = mode_of_peer

    def test_another_key_is_refused(self, peer):
        stranger = Peer(peer.send, peer.mode, aes_key="Z" * 43)
        refused(peer.send(*stranger.request("o-ming", MsgType="text", Content="1", MsgId="1")))

    def test_another_app_is_refused(self, peer):
        stranger = Peer(peer.send, peer.mode, app_id=APP_ID[:-1] + "1")
        refused(peer.send(*stranger.request("o-ming", MsgType="text", Content="1", MsgId="1")))

    def test_a_changed_cipher_text_is_refused(self, peer):
        address, body = peer.request("o-ming", MsgType="text", Content="1", MsgId="1")
        refused(peer.send(address, body.replace(b"<Encrypt>", b"<Encrypt>AAAA")))

    def test_plain_messages_are_not_taken_any_more(self, peer):
        clear = Peer(peer.send, "plain")
        refused(peer.send(*clear.request("o-ming", MsgType="text", Content="1", MsgId="1")))

    def test_the_key_before_still_opens_and_answers(self, peer, account):
        account.WECHAT_MESSAGES = {"token": peer.token, "aes_keys": ["N" * 43, peer.aes_key]}
        assert "同意" in peer.text("o-ming", "你好").text

    def test_what_stands_in_the_clear_counts_for_nothing(self, peer):
        address, body = peer.request("o-ming", MsgType="text", Content="你好", MsgId="1")
        forged = body.replace(b"<xml>", b"<xml><Content>hello</Content>", 1)
        if peer.mode == "safe":
            # The clear text says English, the sealed one Chinese.
            assert "English" in peer.deliver(address, forged).text


def test_a_sealed_message_without_a_key_here_is_refused(peer):
    peer.mode = "safe"
    refused(peer.send(*peer.request("o-ming", MsgType="text", Content="1", MsgId="1")))


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 9))
    + b"]><xml><Content>&i;</Content></xml>"
)
BODIES = {
    "nothing": b"",
    "no xml": b"hello",
    "cut": b"<xml><ToUserName>gh_1</ToUserName><FromUser",
    "bomb": BOMB,
    "outer entity": b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><a>&a;</a></xml>',
    "document type": b"<!DOCTYPE xml><xml></xml>",
    "instruction": b"<?php echo 1 ?><xml></xml>",
    "another root": b"<html></html>",
    "a field twice": b"<xml><MsgType>text</MsgType><MsgType>event</MsgType></xml>",
    "too deep": b"<xml>" + b"<a>" * 9 + b"</a>" * 9 + b"</xml>",
    "many fields": b"<xml>" + b"".join(b"<f%d/>" % n for n in range(65)) + b"</xml>",
    "utf-16": "<xml><a>1</a></xml>".encode("utf-16"),
    "utf-7": b'<?xml version="1.0" encoding="utf-7"?><xml><a>+ADw-</a></xml>',
    "no message": b"<xml><MsgType>text</MsgType></xml>",
    "no number": b"<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName>"
    b"<CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>x</MsgId></xml>",
    "odd person": b"<xml><ToUserName>g</ToUserName><FromUserName>o o</FromUserName>"
    b"<CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId></xml>",
    "too long": b"<xml><Content>" + b"x" * 70_000 + b"</Content></xml>",
    "bad utf-8": b"<xml><Content>\xff\xfe</Content></xml>",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_hostile_xml_is_refused_outside_and_inside(peer, body, account):
    refused(peer.send(peer.at(peer.query()), body))
    if body.startswith(b"<xml>") and body.endswith(b"</xml>") and b"\xff" not in body:
        account.WECHAT_MESSAGES = {"token": peer.token, "aes_keys": [peer.aes_key]}
        peer.mode = "safe"
        refused(peer.send(*peer.wrap(body.decode()[5:-6], "o-ming")))


def test_other_methods_are_none(client, account):
    assert client.put(ADDRESS).status_code == 405
    assert client.delete(ADDRESS).status_code == 405
