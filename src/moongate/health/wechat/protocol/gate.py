"""The gate: who knocks is WeChat itself, now, and for this account; or nobody.

With an AES key WeChat sends its safe or its compatible mode. Both are read from the cipher text
alone: what compatible mode sends beside it in the clear anybody could have written. Without a key
only plain mode is taken.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from moongate.health.wechat.protocol.crypt import MessageKey
from moongate.health.wechat.protocol.faults import Refused
from moongate.health.wechat.protocol.messages import Message, read_message, text_reply
from moongate.health.wechat.protocol.signature import (
    check_part,
    check_signature,
    check_time,
    signature_of,
)
from moongate.health.wechat.protocol.xml import read_fields, write_fields

ECHO_MAX = 128
ACKNOWLEDGED = "success"  # WeChat's word for: heard, and nothing to say now


@dataclass(frozen=True)
class Gate:
    """The account's side of the protocol; `keys` are EncodingAESKeys, newest first."""

    app_id: str
    token: str = field(repr=False)
    keys: tuple[MessageKey, ...] = ()

    def echo(self, query: Mapping[str, str], now: float) -> str:
        """What WeChat wants back when the operator enters the address. Raises Refused."""
        self._check(query, now)
        echo = query.get("echostr", "")
        if not (1 <= len(echo) <= ECHO_MAX and echo.isascii() and echo.isalnum()):
            raise Refused("echo")
        return echo

    def receive(self, query: Mapping[str, str], body: bytes, now: float) -> Knock:
        """A message that WeChat sent. `now` is in s since 1970. Raises Refused."""
        self._check(query, now)
        fields = read_fields(body)
        encrypted = query.get("encrypt_type", "raw") == "aes"
        if encrypted != bool(self.keys):
            raise Refused("mode")
        if not encrypted:
            return self._knock(query["signature"], fields, query, None)
        sealed, signature = fields.get("Encrypt", ""), query.get("msg_signature", "")
        check_signature(signature, self.token, query["timestamp"], query["nonce"], sealed)
        for key in self.keys:
            try:
                plain = key.decrypt(sealed)
            except Refused:
                continue
            return self._knock(signature, read_fields(plain), query, key)
        raise Refused("cipher text")

    def _check(self, query: Mapping[str, str], now: float) -> None:
        timestamp, nonce = (check_part(query.get(name, "")) for name in ("timestamp", "nonce"))
        check_signature(query.get("signature", ""), self.token, timestamp, nonce)
        check_time(timestamp, now)

    def _knock(
        self,
        signature: str,
        fields: dict[str, str],
        query: Mapping[str, str],
        key: MessageKey | None,
    ) -> Knock:
        message = read_message(fields)
        if query.get("openid", message.openid) != message.openid:
            raise Refused("openid")
        return Knock(self, message, signature, key)


@dataclass(frozen=True)
class Knock:
    """A message let in, and how to answer it in the way it came.

    `signature` may stand for this message only; whoever brings it with another is no WeChat.
    """

    gate: Gate
    message: Message
    signature: str
    key: MessageKey | None

    def answer(self, text: str, now: float) -> str:
        """The answer's body: text as XML, sealed if the message was; without text, `success`."""
        if not text:
            return ACKNOWLEDGED
        reply = text_reply(self.message, text, now)
        if self.key is None:
            return reply
        sealed, stamp, nonce = self.key.encrypt(reply), int(now), secrets.token_hex(8)
        return write_fields(
            {
                "Encrypt": sealed,
                "MsgSignature": signature_of(self.gate.token, str(stamp), nonce, sealed),
                "TimeStamp": stamp,
                "Nonce": nonce,
            }
        )
