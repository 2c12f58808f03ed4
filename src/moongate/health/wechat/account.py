"""The Official Account and the Mini Program as the operator has set them up."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

from moongate.accounts.wechat.places import OFFICIAL_ACCOUNT, apps_offered
from moongate.health.wechat.protocol.crypt import MessageKey
from moongate.health.wechat.protocol.gate import Gate


class NotSetUp(Exception):
    """The operator has not connected WeChat; names the variables that are missing."""


@dataclass(frozen=True)
class WeChatApp:
    """An AppID and its secret."""

    app_id: str
    secret: str = field(repr=False)


def official_account() -> WeChatApp:
    """The Official Account. Raises NotSetUp."""
    for app in apps_offered():
        if app["key"] == OFFICIAL_ACCOUNT:
            return WeChatApp(app["client_id"], app["secret"])
    raise NotSetUp("set MOONGATE_WECHAT_ACCOUNT_ID and MOONGATE_WECHAT_ACCOUNT_SECRET")


def mini_program() -> WeChatApp:
    """The Mini Program. Raises NotSetUp."""
    found = settings.WECHAT_MINI_PROGRAM
    if not found["app_id"]:
        raise NotSetUp("set MOONGATE_WECHAT_MINI_ID and MOONGATE_WECHAT_MINI_SECRET")
    return WeChatApp(found["app_id"], found["secret"])


def gate() -> Gate:
    """The door of the account's messages. Raises NotSetUp."""
    app, found = official_account(), settings.WECHAT_MESSAGES
    if not found["token"]:
        raise NotSetUp("set MOONGATE_WECHAT_TOKEN")
    keys = tuple(MessageKey(key, app.app_id) for key in found["aes_keys"])
    return Gate(app.app_id, found["token"], keys)
