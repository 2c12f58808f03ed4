"""FHIR R4, read-only, mounted at /api/health/fhir/: one's own bundles, or the one a link shows.

The owner comes with the session of a signed-in browser; a clinic's system with the token of a
shared link as `Authorization: Bearer …`, which opens that one record and counts as an opening.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError

from moongate.health.chat.api import Refusal, Wait
from moongate.health.fhir.bundle import instant
from moongate.health.models import Assessment
from moongate.health.records.papers import fhir_of
from moongate.health.records.reading import Kept, no_assessment, opened, read
from moongate.health.records.sharing import find_share, open_share
from moongate.health.records.views import language

router = Router()
MEDIA = "application/fhir+json"
VERSION = "4.0.1"
MOST = 20
BEARER = "Bearer "
PAGES_MOST = 1_000

REFUSALS: dict[int, Any] = {401: Refusal, 404: Refusal, 422: Refusal, 429: Wait}


def answered(kind: str) -> dict[str, Any]:
    """What the description says of a good answer."""
    schema = {"type": "object", "properties": {"resourceType": {"const": kind}}}
    content = {MEDIA: {"schema": {**schema, "required": ["resourceType"]}}}
    return {"responses": {200: {"description": f"A FHIR {kind}", "content": content}}}


@router.get("/metadata", response={422: Refusal}, openapi_extra=answered("CapabilityStatement"))
def metadata(request: HttpRequest) -> HttpResponse:
    """What this FHIR server can do."""
    return _fhir(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": "2026-11-25",
            "kind": "instance",
            "software": {"name": "Moongate"},
            "implementation": {
                "description": "Kept symptom assessments, read by their owners or by a shared link"
            },
            "fhirVersion": VERSION,
            "format": ["json"],
            "rest": [
                {
                    "mode": "server",
                    "resource": [
                        {
                            "type": "Bundle",
                            "interaction": [{"code": "read"}, {"code": "search-type"}],
                        }
                    ],
                }
            ],
        }
    )


@router.get("/Bundle", response=REFUSALS, openapi_extra=answered("Bundle"))
def own_bundles(
    request: HttpRequest,
    count: Annotated[int, Query(alias="_count", ge=1, le=MOST)] = 10,
    page: Annotated[int, Query(ge=1, le=PAGES_MOST)] = 1,
) -> HttpResponse:
    """One's own kept assessments as a searchset, the newest first."""
    person = _member(request)
    rows = Assessment.objects.filter(owner=person).select_related("profile")
    start = (page - 1) * count
    found = [opened(row) for row in rows[start : start + count + 1]]
    here = request.build_absolute_uri(reverse("health-api:own_bundles"))
    links = [{"relation": "self", "url": f"{here}?_count={count}&page={page}"}]
    if len(found) > count:
        links.append({"relation": "next", "url": f"{here}?_count={count}&page={page + 1}"})
    entries = [
        {
            "fullUrl": f"{here}/{kept.row.public_id}",
            "resource": fhir_of(kept, language()),
            "search": {"mode": "match"},
        }
        for kept in found[:count]
    ]
    made: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": rows.count(),
        "link": links,
    }
    return _fhir({**made, "entry": entries} if entries else made)


@router.get("/Bundle/{public_id}", response=REFUSALS, openapi_extra=answered("Bundle"))
def one_bundle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One kept assessment: one's own, or the one that the link's token opens."""
    kept = _shown(request, public_id)
    response = _fhir(fhir_of(kept, language()))
    response["Last-Modified"] = f"{kept.created:%a, %d %b %Y %H:%M:%S} GMT"
    response["ETag"] = f'W/"{instant(kept.created)}"'
    return response


def _shown(request: HttpRequest, public_id: UUID) -> Kept:
    header = request.headers.get("Authorization", "")
    if not header.startswith(BEARER):
        return read(_member(request), public_id)
    token = header.removeprefix(BEARER).strip()
    if find_share(token).assessment.public_id != public_id:
        raise no_assessment()
    return open_share(token, what="fhir")


def _member(request: HttpRequest) -> Any:
    if not request.user.is_authenticated:
        raise HttpError(401, _("Sign in, or send a shared link's token as “Bearer …”."))
    return request.user


def _fhir(resource: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(
        resource,
        content_type=f"{MEDIA}; fhirVersion=4.0",
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "no-store"
    return response
