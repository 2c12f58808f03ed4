"""Where a visitor is: in WeChat's own browser, or in any other."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

PROVIDER = "weixin"
WEBSITE, OFFICIAL_ACCOUNT = "website", "official_account"


def is_inside_wechat(request: HttpRequest | None) -> bool:
    """Whether this is WeChat's browser. WeCom's says so too, but cannot sign in that way."""
    agent = request.headers.get("User-Agent", "") if request is not None else ""
    return "MicroMessenger" in agent and "wxwork" not in agent


def apps_offered() -> list[dict[str, str]]:
    """The WeChat apps of this site: `key` (WEBSITE or OFFICIAL_ACCOUNT), `client_id`, `secret`."""
    return settings.SOCIALACCOUNT_PROVIDERS.get(PROVIDER, {}).get("APPS", [])


def is_offered() -> bool:
    """Whether the operator has given the id and secret of a WeChat app."""
    return bool(apps_offered())
