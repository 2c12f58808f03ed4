"""How a page answers: who may act, and what a refusal looks like, with script or without."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moongate.accounts.minors import must_tell_age
from moongate.social.errors import SocialError

View = Callable[..., HttpResponse]
ADDRESS_MAX = 2_000  # characters of `next`


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of ours asks, which shows the answer itself."""
    return request.headers.get("Accept") == "application/json"


def answers(view: View) -> View:
    """Word the verbs' refusals for whoever asked, as a page or as JSON."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except SocialError as error:
            return refuse(request, error)

    return answer


def for_members(view: View) -> View:
    """Guests and strangers are asked to sign in first, and come back to where they were."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.is_guest:
            return answers(view)(request, *args, **kwargs)
        here = request.get_full_path() if request.method in {"GET", "HEAD"} else back_to(request)
        address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': here})}"
        if wants_json(request):
            reason = _("Only somebody with an account can do this.")
            answer = {"reason": reason, "mend": _("Sign in first."), "sign_in": address}
            return JsonResponse(answer, status=401)
        return HttpResponseRedirect(address)

    return answer


def of_known_age(view: View) -> View:
    """Before the first thing they post, people are asked their age."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if must_tell_age(request.user):
            address = f"{reverse('account_age')}?{urlencode({'next': back_to(request)})}"
            return HttpResponseRedirect(address)
        return view(request, *args, **kwargs)

    return answer


def refuse(request: HttpRequest, error: SocialError) -> HttpResponse:
    """The refusal, with the time to wait where waiting helps."""
    if wants_json(request):
        answer: dict[str, Any] = {"reason": error.reason, "mend": error.mend}
        if error.retry_after_s:
            answer["retry_after_s"] = error.retry_after_s
        response: HttpResponse = JsonResponse(answer, status=error.status)
    else:
        context = {"error": error, "wait": wait_in_words(error.retry_after_s)}
        response = render(request, "social/refused.html", context, status=error.status)
    if error.retry_after_s:
        response["Retry-After"] = str(error.retry_after_s)
    return response


def wait_in_words(seconds: int) -> str:
    """How long to wait, in seconds or whole minutes; empty for no wait."""
    if not seconds:
        return ""
    if seconds < 60:
        said = ngettext("Try again in %(n)s second.", "Try again in %(n)s seconds.", seconds)
        return said % {"n": seconds}
    minutes = -(-seconds // 60)
    said = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes)
    return said % {"n": minutes}


def back_to(request: HttpRequest, otherwise: str = "") -> str:
    """The form's own `next`, if it is an address of this house; else `otherwise` or the timeline.

    Nobody else's site gets people from here by a link with a `next` of its own.
    """
    wanted = request.POST.get("next", "")[:ADDRESS_MAX]
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return otherwise or reverse("social:timeline")


def done(
    request: HttpRequest, facts: dict[str, Any] | None = None, *, said: str = "", to: str = ""
) -> HttpResponse:
    """The answer to something done: facts to a script, the page before (or `to`) to others."""
    if wants_json(request):
        return JsonResponse({"said": said, **(facts or {})})
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(to or back_to(request))


def place_from(request: HttpRequest, name: str = "before") -> int | None:
    """A keyset place from the address; what is no number is the beginning."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None


def given(request: HttpRequest) -> QueryDict | None:
    """What a form was filled in with; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None
