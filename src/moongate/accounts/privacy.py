"""The page of one's own data: consents, a copy of everything, and erasure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from moongate.accounts import consents, erasing, exporting
from moongate.accounts.forms import EraseForm
from moongate.accounts.models import DataExport

SEND_BYTES = 1 << 18


@require_safe
@never_cache
@login_required
def privacy(request: HttpRequest) -> HttpResponse:
    return _page(request, EraseForm())


@require_POST
@login_required
def change_consent(request: HttpRequest, key: str) -> HttpResponse:
    """Give the consent whose text was shown (`version`), or withdraw it (`withdraw`)."""
    if "withdraw" in request.POST:
        consents.withdraw_consent(request.user, key)
        messages.success(request, _("Your consent is withdrawn."))
        return redirect("account_privacy")
    try:
        version = int(request.POST.get("version", ""))
        consents.give_consent(request.user, key, version=version)
    except KeyError:
        raise Http404(key) from None
    except ValueError:
        messages.error(request, _("The text has changed. Read it again before you agree."))
    else:
        messages.success(request, _("Thank you. You can withdraw at any time."))
    return redirect("account_privacy")


@require_POST
@login_required
def ask_for_export(request: HttpRequest) -> HttpResponse:
    export = exporting.request_export(request.user)
    if export.state == DataExport.State.READY:
        messages.info(request, _("This copy was made within the hour. Ask for a new one later."))
    return redirect("account_privacy")


@require_safe
@never_cache
@login_required
@reauthentication_required
def download_export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The archive, for its owner only, a piece at a time."""
    try:
        export, path = exporting.find_download(request.user, public_id)
    except DataExport.DoesNotExist:
        raise Http404(str(public_id)) from None
    body = _pieces_async(path) if isinstance(request, ASGIRequest) else _pieces(path)
    response = StreamingHttpResponse(body, content_type="application/zip")
    response["Content-Length"] = str(export.size_bytes)
    name = f"moongate-{export.finished_at:%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@login_required
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    erasing.request_erasure(request.user)
    logout(request)
    messages.success(request, _("Your account is closed, and everything in it is being erased."))
    return redirect("home")


def _page(request: HttpRequest, form: EraseForm, status: int = 200) -> HttpResponse:
    context = {
        "consents": consents.overview(request.user),
        "export": exporting.latest_export(request.user),
        "form": form,
    }
    return render(request, "account/privacy.html", context, status=status)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(SEND_BYTES):
            yield piece


async def _pieces_async(path: Path) -> AsyncIterator[bytes]:
    # Django would gather a synchronous iterator into memory before it sends the first byte.
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, SEND_BYTES):
            yield piece
