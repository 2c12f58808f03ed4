"""What a person sent through WeChat, as values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from moongate.health.wechat.protocol.faults import Refused
from moongate.health.wechat.protocol.xml import write_fields

Kind = Literal["words", "silent_voice", "subscribe", "unsubscribe", "menu", "other", "ignored"]
TEXT_MAX = 8_000
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True)
class Message:
    """One message: `words` are what was written or said, or a menu's key.

    `key` is the same for every delivery of the same message and for no other.
    """

    account: str
    openid: str
    created: int
    key: str
    kind: Kind
    words: str = ""


def read_message(fields: Mapping[str, str]) -> Message:
    """The message in the fields of its XML. Raises Refused when they are no message."""
    account, openid = (fields.get(name, "") for name in ("ToUserName", "FromUserName"))
    created, kind = fields.get("CreateTime", ""), fields.get("MsgType", "")
    if not (_ID.fullmatch(account) and _ID.fullmatch(openid) and _NUMBER.fullmatch(created)):
        raise Refused("message")
    if kind == "event":
        identity = [openid, created, fields.get("Event", ""), fields.get("EventKey", "")]
    elif _NUMBER.fullmatch(fields.get("MsgId", "")):
        identity = [openid, fields["MsgId"]]
    else:
        raise Refused("message")
    key = hashlib.sha256("\n".join([account, kind, *identity]).encode()).hexdigest()
    sort, words = _what(kind, fields)
    return Message(account, openid, int(created), key, sort, words[:TEXT_MAX])


def _what(kind: str, fields: Mapping[str, str]) -> tuple[Kind, str]:
    if kind == "text":
        return "words", fields.get("Content", "")
    if kind == "voice":
        heard = fields.get("Recognition", "").strip()
        return ("words", heard) if heard else ("silent_voice", "")
    if kind != "event":
        return "other", ""
    event = fields.get("Event", "")
    if event == "CLICK":
        return "menu", fields.get("EventKey", "")
    if event in ("subscribe", "SCAN"):
        return "subscribe", ""
    if event == "unsubscribe":
        return "unsubscribe", ""
    return "ignored", ""


def text_reply(message: Message, text: str, now: float) -> str:
    """The XML of a passive answer in text."""
    return write_fields(
        {
            "ToUserName": message.openid,
            "FromUserName": message.account,
            "CreateTime": int(now),
            "MsgType": "text",
            "Content": text,
        }
    )
