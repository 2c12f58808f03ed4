"""One call over HTTPS: bounded in time and size, every failure one ApiError.

Secrets and access tokens travel in addresses, so no text of an exception below is passed on.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings

from moongate.health.wechat.api.faults import ApiError, Reason, error_of

CONNECT_S, READ_S = 3.05, 8.0
ANSWER_MAX_BYTES = 64 * 1024
TRIES = 3
# How urllib3 names a connection that never came about.
_NEVER = ("NewConnectionError", "NameResolutionError")
PAUSE_S = 0.3

# At its lowest level it writes whole addresses.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


def call(
    path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The answer of WeChat's `path`: GET, or POST of JSON where there is a body.

    While WeChat says that it is busy it is asked TRIES times, with growing pauses. Raises ApiError.
    """
    for number in range(TRIES):
        try:
            return _call_once(path, query, body)
        except ApiError as error:
            if error.reason is not Reason.BUSY or number == TRIES - 1:
                raise
        time.sleep(PAUSE_S * 2**number)
    raise AssertionError("unreachable")


def _call_once(
    path: str, query: Mapping[str, str], body: Mapping[str, Any] | None
) -> dict[str, Any]:
    # As it stands: WeChat shows \uXXXX to people as it gets it.
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    status, text = _exchange("GET" if body is None else "POST", path, query, data)
    if status >= 500:
        raise ApiError(Reason.BUSY)
    try:
        answer = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ApiError(Reason.UNREADABLE) from None
    if status != 200 or not isinstance(answer, dict):
        raise ApiError(Reason.UNREADABLE)
    code = answer.get("errcode") or 0
    if not isinstance(code, int):
        raise ApiError(Reason.UNREADABLE)
    if code:
        raise error_of(code)
    return answer


def _exchange(
    method: str, path: str, query: Mapping[str, str], data: bytes | None
) -> tuple[int, bytes]:
    try:
        with (
            requests.Session() as session,
            session.request(
                method,
                settings.WECHAT_API_URL + path,
                params=query,
                data=data,
                headers={"Content-Type": "application/json; charset=utf-8"} if data else {},
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            body = b""
            for piece in response.iter_content(ANSWER_MAX_BYTES):
                body += piece
                if len(body) > ANSWER_MAX_BYTES:
                    raise ApiError(Reason.UNREADABLE)
            return response.status_code, body
    except (requests.ConnectTimeout, requests.exceptions.SSLError):
        raise ApiError(Reason.UNREACHABLE) from None
    except (requests.RequestException, OSError) as error:
        raise ApiError(_never_had(error)) from None


def _never_had(error: Exception) -> Reason:
    """Whether the connection failed before WeChat could have had the request."""
    return Reason.UNREACHABLE if any(name in repr(error) for name in _NEVER) else Reason.IN_DOUBT
