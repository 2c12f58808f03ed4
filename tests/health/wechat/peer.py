"""WeChat's servers as our endpoint sees them, played with `wechatpy`, in all three modes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner, check_signature

APP_ID, SECRET = "wxfedcba9876543210", "s3cret-of-the-account"
TOKEN = "moonlight7"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = "gh_0123456789ab"
ADDRESS = "/health/wechat/"
_numbers, _nonces = itertools.count(10**15), itertools.count(1)
Mode = Literal["plain", "compatible", "safe"]
# (address, body or None for GET) -> (status, content type, body)
Send = Callable[[str, bytes | None], tuple[int, str, bytes]]


@dataclass
class Answer:
    """What came back: `text` as the person would read it, None for silence."""

    status: int
    body: bytes
    text: str | None


@dataclass
class Peer:
    """WeChat's side. `send` carries a request; everything else is WeChat's own."""

    send: Send
    mode: Mode = "plain"
    token: str = TOKEN
    app_id: str = APP_ID
    aes_key: str = AES_KEY
    ahead_s: int = 0  # how far its clock is ahead of ours

    def verify(self, echo: str = "5837251039472", **changes: str) -> tuple[int, str, bytes]:
        return self.send(f"{ADDRESS}?{urlencode(self.query() | {'echostr': echo} | changes)}", None)

    def text(self, openid: str, words: str, **changes) -> Answer:
        return self.message(openid, MsgType="text", Content=words, MsgId=self.number(), **changes)

    def voice(self, openid: str, recognition: str | None) -> Answer:
        heard = {} if recognition is None else {"Recognition": recognition}
        return self.message(
            openid, MsgType="voice", MediaId="m1", Format="amr", MsgId=self.number(), **heard
        )

    def event(self, openid: str, event: str, key: str = "", **changes) -> Answer:
        return self.message(openid, MsgType="event", Event=event, EventKey=key, **changes)

    def message(self, openid: str, **fields: str) -> Answer:
        return self.deliver(*self.request(openid, **fields))

    def request(self, openid: str, **fields: str) -> tuple[str, bytes]:
        """The address and body of a message, as WeChat would send them."""
        parts = {
            "ToUserName": ACCOUNT,
            "FromUserName": openid,
            "CreateTime": str(int(time.time())),
            **fields,
        }
        return self.wrap("".join(f"<{k}>{escape(v)}</{k}>" for k, v in parts.items()), openid)

    def wrap(self, inner: str, openid: str) -> tuple[str, bytes]:
        """The address and body for what stands inside `<xml>`."""
        query = self.query() | {"openid": openid}
        if self.mode == "plain":
            return self.at(query), f"<xml>{inner}</xml>".encode()
        crypto = WeChatCrypto(self.token, self.aes_key, self.app_id)
        sealed = xmltodict.parse(
            crypto.encrypt_message(f"<xml>{inner}</xml>", query["nonce"], query["timestamp"])
        )["xml"]
        query |= {"encrypt_type": "aes", "msg_signature": sealed["MsgSignature"]}
        clear = inner if self.mode == "compatible" else f"<ToUserName>{ACCOUNT}</ToUserName>"
        return self.at(query), f"<xml>{clear}<Encrypt>{sealed['Encrypt']}</Encrypt></xml>".encode()

    def deliver(self, address: str, body: bytes) -> Answer:
        status, _kind, answer = self.send(address, body)
        return Answer(status, answer, self.read(answer) if status == 200 else None)

    def read(self, body: bytes) -> str | None:
        """The text that WeChat would show; fails on anything that it would not take."""
        if body in (b"", b"success"):
            return None
        if self.mode != "plain":
            sealed = xmltodict.parse(body)["xml"]
            crypto = WeChatCrypto(self.token, self.aes_key, self.app_id)
            body = crypto.decrypt_message(
                body, sealed["MsgSignature"], sealed["TimeStamp"], sealed["Nonce"]
            )
        fields = xmltodict.parse(body)["xml"]
        assert fields["FromUserName"] == ACCOUNT
        assert fields["MsgType"] == "text"
        assert len(fields["Content"].encode()) <= 2048
        return fields["Content"]

    def query(self) -> dict[str, str]:
        """The signed part of an address; each has a nonce of its own."""
        timestamp, nonce = str(int(time.time()) + self.ahead_s), f"n{next(_nonces)}"
        signer = WeChatSigner()
        signer.add_data(self.token, timestamp, nonce)
        check_signature(self.token, signer.signature, timestamp, nonce)
        return {"signature": signer.signature, "timestamp": timestamp, "nonce": nonce}

    def number(self) -> str:
        return str(next(_numbers))

    @staticmethod
    def at(query: dict[str, str]) -> str:
        return f"{ADDRESS}?{urlencode(query)}"
