"""A WeChat identity and the account it opens: found, moved to its unionid, taken off again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest

from moongate.accounts import audit
from moongate.accounts.models import User
from moongate.accounts.ways_in import keep_a_way_in
from moongate.accounts.wechat.client import Identity
from moongate.accounts.wechat.places import PROVIDER, is_offered

AREA = "accounts"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class WeChatState:
    """What the account page says of WeChat."""

    offered: bool
    connected: list[SocialAccount]

    @classmethod
    def of(cls, request: HttpRequest) -> WeChatState:
        rows = SocialAccount.objects.filter(user=request.user, provider=PROVIDER)
        return cls(is_offered(), list(rows.order_by("pk")))


def settle_identity(identity: Identity) -> dict[str, Any]:
    """The key (`uid`) and facts under which the identity is kept, after moving what there was.

    A row that hangs on the openid is moved to the unionid as soon as that is known. If the person
    has a row for each, the one of the openid goes; if they belong to two accounts, both stay, and
    WeChat opens the one of the unionid.
    """
    with transaction.atomic():
        mine = SocialAccount.objects.select_for_update().filter(provider=PROVIDER)
        keys = [identity.openid, *([identity.unionid] if identity.unionid else [])]
        rows = {row.uid: row for row in mine.filter(uid__in=keys)}
        by_unionid, by_openid = rows.get(identity.unionid), rows.get(identity.openid)
        if not rows:
            # Known from another app, or from before the app was bound: only the openid tells.
            path = f"extra_data__openids__{identity.app_id}"
            by_openid = mine.filter(**{path: identity.openid}).order_by("pk").first()
        known = by_unionid or by_openid
        if by_unionid and by_openid:
            if by_unionid.user_id == by_openid.user_id:
                by_openid.delete()
            else:
                log.warning("one person of wechat has two accounts")
        elif identity.unionid and by_openid:
            by_openid.uid = identity.unionid
            by_openid.save(update_fields=["uid"])
        uid = identity.unionid or (known.uid if known else identity.openid)
        before = known.extra_data if known else {}
        return {
            "uid": uid,
            "nickname": identity.nickname or before.get("nickname", ""),
            "unionid": identity.unionid or before.get("unionid", ""),
            "openids": {**before.get("openids", {}), identity.app_id: identity.openid},
        }


def disconnect_wechat(person: User, pk: int) -> None:
    """Take the person's WeChat row off the account; gone already, nothing happens.

    Raises LastWayInError when nothing else opens the account.
    """
    with transaction.atomic():
        row = SocialAccount.objects.filter(user=person, provider=PROVIDER, pk=pk).first()
        if row is None:
            return
        keep_a_way_in(person, without=row)
        row.delete()
        audit.write("wechat.disconnected", area=AREA, actor=person, subject=person)
