"""How a page of health records answers: no cache keeps it, and its refusals are worded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from moongate.social.doors import for_members, wait_in_words
from moongate.social.errors import SocialError

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """No cache keeps it, no search engine lists it, no other site learns its address."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = never_cache(answers(view))(request, *args, **kwargs)
        # Not "no-referrer": with it a browser would not say that our own forms come from here.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return answer


def for_owner(view: View) -> View:
    """A private page of somebody with an account; others are asked to sign in."""
    return never_cache(for_members(private(view)))


def answers(view: View) -> View:
    """Word the verbs' refusals as a page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except SocialError as error:
            context = {"error": error, "wait": wait_in_words(error.retry_after_s)}
            page = "health/records/refused.html"
            response = render(request, page, context, status=error.status)
            if error.retry_after_s:
                response["Retry-After"] = str(error.retry_after_s)
            return response

    return answer
