"""Which account a person of WeChat has here, if any."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount

from moongate.accounts.models import User
from moongate.accounts.wechat.client import Identity
from moongate.accounts.wechat.connecting import settle_identity
from moongate.accounts.wechat.places import PROVIDER


def account_of(app_id: str, openid: str, unionid: str = "") -> User | None:
    """The account that this identity opens; the unionid goes before the openid."""
    rows = SocialAccount.objects.filter(provider=PROVIDER, user__is_active=True)
    known = rows.filter(uid=unionid).first() if unionid else None
    if known is None:
        here = {f"extra_data__openids__{app_id}": openid}
        known = rows.filter(**here).order_by("pk").first()
    return None if known is None else known.user


def remember_openid(app_id: str, openid: str, unionid: str) -> None:
    """Note a further app's openid with the account of the unionid, if there is one."""
    row = SocialAccount.objects.filter(provider=PROVIDER, uid=unionid).first() if unionid else None
    if row is not None and row.extra_data.get("openids", {}).get(app_id) != openid:
        row.extra_data = settle_identity(Identity(app_id, openid, unionid, ""))
        row.extra_data.pop("uid")
        row.save(update_fields=["extra_data"])
