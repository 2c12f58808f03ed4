"""What the channel asks of WeChat. All raise ApiError."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moongate.health.wechat.account import WeChatApp
from moongate.health.wechat.api.access import call_with_token
from moongate.health.wechat.api.faults import ApiError, Reason
from moongate.health.wechat.api.transport import call

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
CODE_MAX = 512


@dataclass(frozen=True)
class Follower:
    """A follower's language, such as zh_CN, and unionid; each empty where WeChat does not say."""

    language: str
    unionid: str


@dataclass(frozen=True)
class MiniIdentity:
    """Who opened the Mini Program; `unionid` is empty where it is not on the Open Platform."""

    openid: str
    unionid: str


def send_text(app: WeChatApp, openid: str, text: str) -> None:
    """A customer-service message; WeChat allows it for 48 hours after the person wrote."""
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    call_with_token(app, "/cgi-bin/message/custom/send", body)


def create_menu(app: WeChatApp, menu: Mapping[str, Any]) -> None:
    """The account's menu, in place of the one before."""
    call_with_token(app, "/cgi-bin/menu/create", menu)


def follower(app: WeChatApp, openid: str) -> Follower:
    """What WeChat says of somebody who follows the account."""
    answer = call_with_token(app, "/cgi-bin/user/info", openid=openid)
    language, unionid = answer.get("language"), answer.get("unionid")
    return Follower(
        language if isinstance(language, str) else "", unionid if _is_id(unionid) else ""
    )


def mini_identity(app: WeChatApp, code: str) -> MiniIdentity:
    """Who a code from `wx.login` stands for. The session key that comes along is not kept."""
    if not 0 < len(code) <= CODE_MAX:
        raise ApiError(Reason.CODE)
    answer = call(
        "/sns/jscode2session",
        {
            "appid": app.app_id,
            "secret": app.secret,
            "js_code": code,
            "grant_type": "authorization_code",
        },
    )
    openid, unionid = answer.get("openid"), answer.get("unionid") or ""
    if not _is_id(openid) or (unionid and not _is_id(unionid)):
        raise ApiError(Reason.UNREADABLE)
    return MiniIdentity(openid, unionid)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None
