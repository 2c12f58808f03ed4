"""The account page and its passkeys."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from moongate.accounts.forms import NameForm
from moongate.accounts.recovery import codes_left
from moongate.accounts.ways_in import LastWayInError, keep_a_way_in
from moongate.accounts.wechat.connecting import WeChatState

ACCOUNT_HOME = reverse_lazy("account_home")


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "account/overview.html", _overview(request, NameForm(request.user)))


@require_POST
@login_required
def change_name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.user, request.POST)
    if not form.is_valid():
        return render(request, "account/overview.html", _overview(request, form), status=422)
    form.save()
    messages.success(request, _("Your name is changed."))
    return redirect("account_home")


def _overview(request: HttpRequest, form: NameForm) -> dict:
    passkeys = Authenticator.objects.filter(
        user=request.user, type=Authenticator.Type.WEBAUTHN
    ).order_by("created_at")
    return {
        "form": form,
        "passkeys": [passkey.wrap() for passkey in passkeys],
        "codes_left": codes_left(request.user),
        "wechat": WeChatState.of(request),
    }


def to_overview(request: HttpRequest) -> HttpResponse:
    return redirect("account_home")


class AddPasskey(AddWebAuthnView):
    """Always a passkey that signs in by itself; allauth would offer a bare second factor too."""

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return context

    def get_success_url(self) -> str:
        if self.did_generate_recovery_codes:
            return reverse("mfa_view_recovery_codes")
        return str(ACCOUNT_HOME)


class RemovePasskey(RemoveWebAuthnView):
    success_url = ACCOUNT_HOME

    def form_valid(self, form) -> HttpResponse:
        try:
            with transaction.atomic():
                keep_a_way_in(self.request.user, without=self.object)
                return super().form_valid(form)
        except LastWayInError as error:
            messages.error(self.request, str(error))
            return redirect("account_home")


class RenamePasskey(EditWebAuthnView):
    success_url = ACCOUNT_HOME


add_passkey = never_cache(login_required(AddPasskey.as_view()))
remove_passkey = never_cache(login_required(RemovePasskey.as_view()))
rename_passkey = never_cache(login_required(RenamePasskey.as_view()))
