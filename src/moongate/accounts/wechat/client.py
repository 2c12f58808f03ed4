"""WeChat's OAuth2 API, as far as signing in needs it.

Its ways: GET with everything in the query, JSON labelled text/plain, and errors as HTTP 200 with
`errcode` and `errmsg`.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.weixin.client import WeixinOAuth2Client
from requests import RequestException

ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
ANSWER_MAX_BYTES = 64 * 1024
TRIES = 2
PAUSE_S = 0.3
NICKNAME_MAX = 128

# At its lowest level it writes whole addresses, and WeChat wants the secret in them.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

BUSY = {-1}
STALE = {40029, 40163, 42003, 41008}  # the code: invalid, used, expired, missing
EXPIRED = {42001, 40001, 40014}  # the access token


class Reason(Enum):
    """Why a sign-in with WeChat came to nothing."""

    CANCELLED = "cancelled"  # the person said no
    OUT_OF_DATE = "out of date"  # not begun in this browser, or too long ago, or twice
    STALE = "stale"  # the code is spent
    BUSY = "busy"  # WeChat asks to try later
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"  # an answer that is none
    SNAPSHOT = "snapshot"  # read in WeChat's preview, where everybody is a made-up person
    SET_UP = "set up"  # the operator's app id, secret or rights


class WeChatError(OAuth2Error):
    """WeChat let nobody in; `reason` says why, `code` is WeChat's own number if it gave one."""

    def __init__(self, reason: Reason, code: int | None = None) -> None:
        super().__init__(reason.value if code is None else f"{reason.value} ({code})")
        self.reason, self.code = reason, code


@dataclass(frozen=True)
class Identity:
    """Who WeChat says it is, to the app of `app_id`."""

    app_id: str
    openid: str
    unionid: str  # empty when the app is not bound on the Open Platform
    nickname: str


class WeChatOAuth2Client(WeixinOAuth2Client):
    """Builds the address to which a person is sent; WeChat insists on the order and on the end."""

    def get_redirect_url(self, authorization_url, scope, extra_params) -> str:
        return super().get_redirect_url(authorization_url, scope, extra_params) + "#wechat_redirect"


class WeChatApi:
    """The calls of one app. All raise WeChatError and nothing else."""

    def __init__(self, base_url: str, app_id: str, secret: str) -> None:
        self.base_url, self.app_id, self._secret = base_url.rstrip("/"), app_id, secret

    def exchange(self, code: str) -> dict[str, Any]:
        """The token of a code: `access_token`, `refresh_token`, `openid`, perhaps `unionid`."""
        if not code or len(code) > 512:
            raise WeChatError(Reason.STALE)
        token = self._call(
            "/sns/oauth2/access_token",
            appid=self.app_id,
            secret=self._secret,
            code=code,
            grant_type="authorization_code",
        )
        if token.get("is_snapshotuser"):
            raise WeChatError(Reason.SNAPSHOT)
        return _whole(token)

    def identify(self, token: Mapping[str, Any], *, language: str) -> Identity:
        """Who the token stands for; an expired token is refreshed once."""
        try:
            facts = self._userinfo(token, language)
        except WeChatError as error:
            if error.code not in EXPIRED:
                raise
            facts = self._userinfo(self._refresh(token), language)
        if facts.get("openid") != token["openid"]:
            raise WeChatError(Reason.UNREADABLE)
        unionid = facts.get("unionid") or token.get("unionid") or ""
        if unionid and not _is_id(unionid):
            raise WeChatError(Reason.UNREADABLE)
        nickname = facts.get("nickname")
        nickname = nickname[:NICKNAME_MAX] if isinstance(nickname, str) else ""
        return Identity(self.app_id, token["openid"], unionid, nickname)

    def _userinfo(self, token: Mapping[str, Any], language: str) -> dict[str, Any]:
        return self._call(
            "/sns/userinfo",
            access_token=token["access_token"],
            openid=token["openid"],
            lang=language,
        )

    def _refresh(self, token: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._call(
            "/sns/oauth2/refresh_token",
            appid=self.app_id,
            grant_type="refresh_token",
            refresh_token=str(token.get("refresh_token", "")),
        )
        if answer.get("openid") != token["openid"]:
            raise WeChatError(Reason.UNREADABLE)
        return _whole({**token, **answer})

    def _call(self, path: str, **params: str) -> dict[str, Any]:
        for tries_left in reversed(range(TRIES)):
            answer = self._get(path, params)
            code = answer.get("errcode") or 0
            if code == 0:
                return answer
            if not isinstance(code, int):
                raise WeChatError(Reason.UNREADABLE)
            if code not in BUSY or not tries_left:
                break
            time.sleep(PAUSE_S)
        raise WeChatError(_reason(code), code)

    def _get(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        try:
            with (
                get_adapter().get_requests_session() as session,
                session.get(
                    self.base_url + path, params=params, allow_redirects=False, stream=True
                ) as response,
            ):
                status = response.status_code
                body = b""
                for piece in response.iter_content(ANSWER_MAX_BYTES):
                    body += piece
                    if len(body) > ANSWER_MAX_BYTES:
                        raise WeChatError(Reason.UNREADABLE)
        except (RequestException, OSError):
            # Without the cause, whose text holds the address and with it the secret.
            raise WeChatError(Reason.UNREACHABLE) from None
        if status >= 500:
            raise WeChatError(Reason.BUSY)
        if status != 200:
            raise WeChatError(Reason.UNREADABLE)
        try:
            answer = json.loads(body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise WeChatError(Reason.UNREADABLE) from None
        if not isinstance(answer, dict):
            raise WeChatError(Reason.UNREADABLE)
        return answer


def _whole(token: dict[str, Any]) -> dict[str, Any]:
    access = token.get("access_token")
    if not isinstance(access, str) or not access or not _is_id(token.get("openid")):
        raise WeChatError(Reason.UNREADABLE)
    return token


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _reason(code: int) -> Reason:
    if code in BUSY:
        return Reason.BUSY
    if code in STALE or code in EXPIRED:
        return Reason.STALE
    return Reason.SET_UP
