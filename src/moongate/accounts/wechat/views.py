"""To WeChat and back, and off again."""

from __future__ import annotations

from functools import wraps
from typing import Any

import structlog
from allauth.account.decorators import reauthentication_required
from allauth.core.internal import ratelimit
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from moongate.accounts.ways_in import LastWayInError
from moongate.accounts.wechat.client import Reason, WeChatApi, WeChatOAuth2Client
from moongate.accounts.wechat.connecting import disconnect_wechat, settle_identity
from moongate.accounts.wechat.faults import fault_page
from moongate.accounts.wechat.places import PROVIDER, is_inside_wechat, is_offered

log = structlog.get_logger(__name__)


class WeChatOAuth2Adapter(WeixinOAuth2Adapter):
    client_class = WeChatOAuth2Client

    @property
    def authorize_url(self) -> str:
        way = "oauth2/authorize" if is_inside_wechat(self.request) else "qrconnect"
        return f"{settings.WECHAT_OPEN_URL}/connect/{way}"

    def get_access_token_data(self, request, app, client, pkce_code_verifier=None) -> dict:
        return self._api(app).exchange(request.GET.get("code", ""))

    def parse_token(self, data: dict) -> SocialToken:
        return SocialToken(token=data["access_token"])

    def complete_login(self, request, app, token, **kwargs) -> Any:
        language = "zh_CN" if (get_language() or "").startswith("zh") else "en"
        identity = self._api(app).identify(kwargs["response"], language=language)
        facts = settle_identity(identity)
        return self.get_provider().sociallogin_from_response(request, facts)

    def _api(self, app) -> WeChatApi:
        return WeChatApi(settings.WECHAT_API_URL, app.client_id, app.secret)


_to_wechat = OAuth2LoginView.adapter_view(WeChatOAuth2Adapter)
_from_wechat = OAuth2CallbackView.adapter_view(WeChatOAuth2Adapter)


def _where_offered(view):
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not is_offered():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@_where_offered
def login(request: HttpRequest) -> HttpResponse:
    """Send the visitor to WeChat. Only by a form of ours: a link could sign anybody in unasked."""
    if request.method != "POST":
        return redirect("account_login")
    return _to_wechat(request)


@require_GET
@never_cache
@_where_offered
def callback(request: HttpRequest) -> HttpResponse:
    """Back from WeChat, with a code or without."""
    refused = ratelimit.consume_or_429(
        request, app="allauth.account", action="login", limit_get=True
    )
    if refused:
        return refused
    try:
        return _from_wechat(request)
    except IntegrityError:
        # The same person came in twice at once; the other was first, and is found next time.
        log.warning("wechat sign-in twice at once")
        return fault_page(request, Reason.BUSY)


@require_POST
@login_required
@reauthentication_required
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    if not SocialAccount.objects.filter(user=request.user, provider=PROVIDER, pk=pk).exists():
        raise Http404
    try:
        disconnect_wechat(request.user, pk)
    except LastWayInError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("WeChat is disconnected."))
    return redirect("account_home")
