"""Health over HTTP, mounted at /api/health/; /api/docs shows it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from moongate.health.chat.api import router as talks
from moongate.health.fhir.api import router as fhir
from moongate.social.errors import SocialError

api = NinjaAPI(
    title="Moongate health",
    version="1",
    description=(
        "A symptom assessment as a conversation. It is AI, no doctor and no registered device. "
        "Nothing is stored: every answer holds the conversation as a sealed `talk`, which you send "
        "with the next one and which opens for twelve hours. Show `emergency` and `crisis` before "
        "anything else. Refusals answer `reason` and `mend`."
    ),
    urls_namespace="health-api",
    docs_url=None,
)
api.add_router("", talks, tags=["conversation"])
api.add_router("/fhir", fhir, tags=["FHIR"])


def _refuse(status: int, reason: str, mend: str, **more: Any) -> JsonResponse:
    response = JsonResponse({"reason": reason, "mend": mend, **more}, status=status)
    response["Cache-Control"] = "no-store"
    return response


@api.exception_handler(SocialError)
def _refused(request: HttpRequest, error: SocialError) -> HttpResponse:
    if not error.retry_after_s:
        return _refuse(error.status, error.reason, error.mend)
    wait = error.retry_after_s
    response = _refuse(error.status, error.reason, error.mend, retry_after_s=wait)
    response["Retry-After"] = str(wait)
    return response


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _refuse(404, _("There is no such thing."), _("openapi.json describes what there is."))


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    # Which field and why; never what was sent, which may be about somebody's health.
    faults = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors)
    return _refuse(422, faults, _("Correct the request; openapi.json describes it."))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    mend = _("Correct the request; openapi.json describes it.")
    return _refuse(error.status_code, str(error), mend)
