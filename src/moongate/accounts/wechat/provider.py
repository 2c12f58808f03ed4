"""WeChat as allauth's `weixin` provider, keyed on the unionid before the openid."""

from __future__ import annotations

from allauth.socialaccount.providers.weixin.provider import WeixinAccount, WeixinProvider
from django.http import HttpRequest

from moongate.accounts.wechat.places import is_inside_wechat
from moongate.accounts.wechat.views import WeChatOAuth2Adapter


class WeChatAccount(WeixinAccount):
    def get_avatar_url(self) -> None:
        """None: pictures are never taken from other sites."""


class WeChatProvider(WeixinProvider):
    name = "WeChat"
    account_class = WeChatAccount
    oauth2_adapter_class = WeChatOAuth2Adapter

    def get_default_scope(self) -> list[str]:
        return ["snsapi_userinfo" if is_inside_wechat(self.request) else "snsapi_login"]

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict:
        """Nothing of the address that WeChat is given comes from the visitor's request."""
        kwargs = super().get_redirect_from_request_kwargs(request)
        connects = kwargs["process"] == "connect" and request.user.is_authenticated
        kwargs["process"] = "connect" if connects else "login"
        kwargs["scope"], kwargs["auth_params"] = self.get_scope(), self.get_auth_params()
        return kwargs

    def extract_uid(self, data: dict) -> str:
        return data["uid"]

    def extract_extra_data(self, data: dict) -> dict:
        return {name: data[name] for name in ("nickname", "unionid", "openids")}

    def extract_common_fields(self, data: dict) -> dict:
        return {"name": data["nickname"]}


provider_classes = [WeChatProvider]
