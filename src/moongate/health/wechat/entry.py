"""Where a link out of WeChat leads: a page that opens nothing, and behind its button the talk.

Programs that fetch links to preview them read the first page. The button is a form of ours, so a
link alone signs nobody in.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from moongate.accounts.guests import ENTERED_KEY
from moongate.health.chat.views import talk_page
from moongate.health.records.doors import private
from moongate.health.wechat.links import Entry, find_link, use_link
from moongate.health.wechat.people import account_of

WITH_ACCOUNT = "with-account"


@require_http_methods(["GET", "HEAD", "POST"])
@private
def entry(request: HttpRequest, token: str) -> HttpResponse:
    """The link's own page by GET; by POST what it opens, once."""
    if request.method == "POST":
        found = use_link(token)
        return _used_up(request) if found is None else _open(request, found)
    found = find_link(token)
    if found is None:
        return _used_up(request)
    told = {"entry": found, "account": _may_become(request, found)}
    with _in_language(request, found):
        return render(request, "health/wechat/entry.html", told)


def _open(request: HttpRequest, found: Entry) -> HttpResponse:
    account = _may_become(request, found)
    if account is not None and request.POST.get("how") == WITH_ACCOUNT:
        home = reverse("health:chat")
        signed_in = perform_login(request, Login(user=account, redirect_url=home))
        if not request.user.is_authenticated:
            return signed_in
        # A link proves less than a password: what needs proof asks for it again.
        request.session.pop(ENTERED_KEY, None)
    if found.talk is None:
        return redirect("health:chat")
    with _in_language(request, found):
        response = talk_page(request, found.talk)
        # What follows on that page is in the same language.
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            translation.get_language(),
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
        return response


def _in_language(request: HttpRequest, found: Entry) -> AbstractContextManager[None]:
    """The language that the person chose here, else that of the talk, else the browser's."""
    if found.talk is None or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return nullcontext()
    return translation.override("zh-hans" if found.talk.lang == "zh" else "en")


def _may_become(request: HttpRequest, found: Entry):
    """The account to sign in to; None for somebody who is signed in already, as whoever."""
    if request.user.is_authenticated:
        return None
    return account_of(found.app_id, found.openid, found.unionid)


def _used_up(request: HttpRequest) -> HttpResponse:
    return render(request, "health/wechat/used_up.html", status=410)
