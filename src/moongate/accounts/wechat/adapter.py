"""Where allauth's sign-in through others meets our people."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import get_language

from moongate.accounts.models import User
from moongate.accounts.names import friendly_name, presentable
from moongate.accounts.wechat.client import Reason, WeChatError
from moongate.accounts.wechat.faults import fault_page
from moongate.accounts.wechat.places import (
    OFFICIAL_ACCOUNT,
    PROVIDER,
    WEBSITE,
    apps_offered,
    is_inside_wechat,
)

log = structlog.get_logger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Apps come from the settings alone; people from WeChat get a name and no password."""

    def list_apps(self, request, provider=None, client_id=None) -> list[SocialApp]:
        apps = [SocialApp(provider=PROVIDER, **facts) for facts in apps_offered()]
        return [
            app
            for app in apps
            if provider in {None, app.provider} and client_id in {None, app.client_id}
        ]

    def get_app(self, request, provider, client_id=None) -> SocialApp:
        """The Official Account inside WeChat, the website app elsewhere; one alone does both."""
        apps = {app.key: app for app in self.list_apps(request, provider, client_id)}
        if not apps:
            raise SocialApp.DoesNotExist
        wanted = OFFICIAL_ACCOUNT if is_inside_wechat(request) else WEBSITE
        return apps.get(wanted) or next(iter(apps.values()))

    def new_user(self, request, sociallogin) -> User:
        """Never the guest's row: what the guest had comes along at the sign-in that follows."""
        return User()

    def populate_user(self, request, sociallogin, data) -> User:
        person = sociallogin.user
        person.username = f"wechat-{secrets.token_hex(5)}"
        person.display_name = presentable(data.get("name", "")) or friendly_name()
        person.preferred_language = get_language() or ""
        return person

    def save_user(self, request, sociallogin, form=None) -> User:
        try:
            with transaction.atomic():
                return super().save_user(request, sociallogin, form)
        except IntegrityError:
            # The same person came in twice at once; the other was first, and is found next time.
            raise ImmediateHttpResponse(fault_page(request, Reason.BUSY)) from None

    def get_connect_redirect_url(self, request, socialaccount) -> str:
        return reverse("account_home")

    def on_authentication_error(
        self, request, provider, error=None, exception=None, extra_context: Any = None
    ) -> None:
        if isinstance(exception, WeChatError):
            reason = exception.reason
            log.warning("wechat sign-in refused", reason=reason.value, code=exception.code)
        elif exception is not None:
            reason = Reason.UNREACHABLE
            log.warning("wechat sign-in refused", reason=type(exception).__name__)
        else:
            # WeChat sends those who decline back with the state, and without a code.
            declined = "state" in (extra_context or {})
            reason = Reason.CANCELLED if declined else Reason.OUT_OF_DATE
        raise ImmediateHttpResponse(fault_page(request, reason))
