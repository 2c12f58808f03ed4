"""Social over HTTP, mounted at /api/social/; /api/docs shows it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from moongate.social.api_inbox import router as inbox
from moongate.social.api_people import router as people
from moongate.social.api_posts import router as posts
from moongate.social.errors import SocialError
from moongate.social.search import CursorError

api = NinjaAPI(
    title="Moongate social",
    version="1",
    description=(
        "People, posts, comments, likes, notifications, search. Come in with the session of a "
        "signed-in browser, or with a personal token as `Authorization: Bearer mgt_…`. Tokens have "
        "scopes: `read` for what only looks, `post` for posts, comments and likes, `follow` for "
        "following, blocking and muting, `report` for reports. Tokens are made in a browser only. "
        "Refusals answer `reason` and `mend`; what is not yours to see is 404."
    ),
    urls_namespace="social-api",
    docs_url=None,
)
api.add_router("", people, tags=["people"])
api.add_router("", posts, tags=["posts"])
api.add_router("", inbox, tags=["notifications and reports"])


def _refuse(status: int, reason: str, mend: str, **more: Any) -> JsonResponse:
    return JsonResponse({"reason": reason, "mend": mend, **more}, status=status)


@api.exception_handler(SocialError)
def _refused(request: HttpRequest, error: SocialError) -> HttpResponse:
    if not error.retry_after_s:
        return _refuse(error.status, error.reason, error.mend)
    wait = error.retry_after_s
    response = _refuse(error.status, error.reason, error.mend, retry_after_s=wait)
    response["Retry-After"] = str(wait)
    return response


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    reason = _("The request names nobody: there is no token, or it opens nothing any more.")
    mend = _("Send a valid token as “Authorization: Bearer …”, or sign in.")
    response = _refuse(401, reason, mend)
    response["WWW-Authenticate"] = 'Bearer realm="Moongate social"'
    return response


@api.exception_handler(CursorError)
def _no_place(request: HttpRequest, error: CursorError) -> HttpResponse:
    mend = _("Give what the page before named as “next”.")
    return _refuse(422, _("“before” does not name a place in what was found."), mend)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _refuse(404, _("There is no such thing."), _("It may have been taken back."))


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors)
    return _refuse(422, faults, _("Correct the request; openapi.json describes it."))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    mend = _("Correct the request; openapi.json describes it.")
    return _refuse(error.status_code, str(error), mend)
