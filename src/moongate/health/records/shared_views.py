"""What a clinician sees behind a shared link. The link's first page shows nothing of the person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from moongate.health.records.doors import private
from moongate.health.records.sharing import find_share, open_share
from moongate.health.records.views import fhir_answer, language, pdf_answer


@require_http_methods(["GET", "HEAD", "POST"])
@private
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Programs that fetch links to preview them read the first page, which opens nothing."""
    if request.method != "POST":
        return render(request, "health/records/shared_door.html", {"share": find_share(token)})
    kept = open_share(token)
    context = {"kept": kept, "snapshot": kept.snapshot, "token": token}
    return render(request, "health/records/shared.html", context)


@require_POST
@private
def shared_pdf(request: HttpRequest, token: str) -> HttpResponse:
    return pdf_answer(open_share(token, what="pdf"), language())


@require_POST
@private
def shared_fhir(request: HttpRequest, token: str) -> HttpResponse:
    return fhir_answer(open_share(token, what="fhir"), language())
