"""The account's access token: one for all processes, renewed before it ends.

The row in the database is the cache. Whoever finds it spent takes a lease on fetching; the others
wait for what that one brings. No transaction is open while WeChat is asked.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from moongate.health.wechat.account import WeChatApp
from moongate.health.wechat.api.faults import ApiError, Reason
from moongate.health.wechat.api.transport import call
from moongate.health.wechat.models import AccessToken

EARLY = timedelta(minutes=5)  # WeChat keeps the old one alive as long beside the new one
LEASE = timedelta(seconds=30)
WAIT_S = 10.0
POLL_S = 0.1
TOKEN_MAX = 1024


def call_with_token(
    app: WeChatApp, path: str, body: Mapping[str, Any] | None = None, **query: str
) -> dict[str, Any]:
    """The answer of a call that needs the access token. Raises ApiError.

    A token that WeChat does not take any more is renewed, twice at the most.
    """
    token = access_token(app)
    for force in (False, True):
        try:
            return call(path, {"access_token": token, **query}, body)
        except ApiError as error:
            if error.reason is not Reason.TOKEN:
                raise
        token = access_token(app, refused=token, force=force)
    return call(path, {"access_token": token, **query}, body)


def access_token(app: WeChatApp, *, refused: str = "", force: bool = False) -> str:
    """The token that holds now; `refused` is one that WeChat no longer takes.

    With `force` WeChat is made to give out another; it allows that some twenty times a day.
    """
    row, _made = AccessToken.objects.get_or_create(app_id=app.app_id)
    give_up = time.monotonic() + WAIT_S
    while True:
        token = _held(row)
        if token and token != refused:
            return token
        if _leased(row):
            return _fetch(app, row, force=force)
        if time.monotonic() > give_up:
            raise ApiError(Reason.BUSY)
        time.sleep(POLL_S)
        row.refresh_from_db()


def _held(row: AccessToken) -> str:
    """The row's token, while it lasts."""
    if row.expires_at is None or row.expires_at - EARLY <= timezone.now():
        return ""
    token = row.take("sealed")
    return token if isinstance(token, str) else ""


def _leased(row: AccessToken) -> bool:
    now = timezone.now()
    # Only from the state that was read: who has just brought a new one changed the expiry.
    return bool(
        AccessToken.objects.filter(
            Q(fetching_until=None) | Q(fetching_until__lt=now),
            pk=row.pk,
            expires_at=row.expires_at,
        ).update(fetching_until=now + LEASE)
    )


def _fetch(app: WeChatApp, row: AccessToken, *, force: bool) -> str:
    try:
        answer = call(
            "/cgi-bin/stable_token",
            {},
            {
                "grant_type": "client_credential",
                "appid": app.app_id,
                "secret": app.secret,
                "force_refresh": force,
            },
        )
        token, lasts_s = answer.get("access_token"), answer.get("expires_in")
        if not (isinstance(token, str) and 0 < len(token) <= TOKEN_MAX and _is_span(lasts_s)):
            raise ApiError(Reason.UNREADABLE)
    except BaseException:
        AccessToken.objects.filter(pk=row.pk).update(fetching_until=None)
        raise
    row.put("sealed", token)
    row.expires_at = timezone.now() + timedelta(seconds=lasts_s)
    row.fetching_until = None
    row.save(update_fields=["sealed", "expires_at", "fetching_until"])
    return token


def _is_span(value: Any) -> bool:
    return isinstance(value, int) and 0 < value <= 86_400
