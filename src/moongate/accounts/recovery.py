"""Recovery codes: shown once, kept on paper, each opens the account a single time.

They come with the first passkey. Whoever has lost every passkey signs in with a name and a code,
and then makes a passkey for the new device.
"""

from __future__ import annotations

import time
from typing import ClassVar

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from moongate.accounts import audit
from moongate.accounts.forms import Quiet
from moongate.accounts.models import User

SHOWN_KEY = "moongate_codes_shown"  # when this session saw the codes, seconds since 1970
SAVE_S = 10 * 60  # how long they can be saved as a file after that
GROUP = 4  # digits
LIMITS = "allauth.account"  # tries at codes and at passwords are counted together


class CodeForm(forms.Form):
    """A name and a code. One answer for every fault, so that it tells nothing about accounts."""

    login = forms.CharField(
        label=gettext_lazy("Username or e-mail"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    code = forms.CharField(
        label=gettext_lazy("Recovery code"),
        max_length=40,
        help_text=gettext_lazy("One of the codes you wrote down when you added a passkey."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        self.request = request
        self.used: Authenticator | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        login = cleaned["login"].strip()
        usage = ratelimit.consume(
            self.request, app=LIMITS, action="login_failed", key=login.casefold()
        )
        if not usage:
            raise forms.ValidationError(
                _("Too many tries. Wait five minutes, then try again."), code="too_many"
            )
        self.used = use_code(login, cleaned["code"])
        if self.used is None:
            raise forms.ValidationError(
                _("The name and the code do not fit, or the code was used before."), code="wrong"
            )
        # Only this try is forgiven: otherwise one's own account would refill the tries at others'.
        usage.rollback()
        return cleaned


class ConfirmCodeForm(Quiet, ReauthenticateForm):
    """A code, from somebody who is signed in, to show that it is still them."""

    words: ClassVar = {"code": (gettext_lazy("Recovery code"), "")}


def use_code(login: str, code: str) -> Authenticator | None:
    """Use up a recovery code of the person of that username or e-mail; None if it does not fit."""
    people = list(User.objects.filter(username__iexact=login, is_guest=False)[:2])
    if not people and "@" in login:
        people = filter_users_by_email(login, is_active=True, prefer_verified=True, for_login=True)
    return _use_code_of(people, code)


def codes_left(person: User) -> int | None:
    """How many recovery codes the person has left; None if there never were any."""
    row = _codes_of(person)
    return None if row is None else len(row.wrap().get_unused_codes())


def _codes_of(person: User) -> Authenticator | None:
    kind = Authenticator.Type.RECOVERY_CODES
    return Authenticator.objects.filter(user=person, type=kind).select_related("user").first()


def _use_code_of(people: list[User], code: str) -> Authenticator | None:
    for person in people:
        row = _codes_of(person)
        if row is not None and row.wrap().validate_code(code):
            return row
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@never_cache
def sign_in_with_code(request: HttpRequest) -> HttpResponse:
    """The way in when every passkey is lost."""
    if request.user.is_authenticated:
        return redirect("account_home")
    if request.method == "POST":
        refused = ratelimit.consume_or_429(request, app=LIMITS, action="login")
        if refused:
            return refused
    form = CodeForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _enter(request, form.used)
    context = {"form": form, "next": get_next_redirect_url(request) or ""}
    status = 422 if form.errors else 200
    return render(request, "mfa/recovery_codes/sign_in.html", context, status=status)


def _enter(request: HttpRequest, used: Authenticator) -> HttpResponse:
    audit.write("recovery_code.used", area="accounts", actor=used.user, subject=used.user)
    post_authentication(request, used)
    target = get_next_redirect_url(request) or reverse("account_home")
    response = perform_login(request, Login(user=used.user, redirect_url=target))
    left = codes_left(used.user) or 0
    if request.user.is_authenticated:
        count = ngettext(
            "{left} recovery code is left.", "{left} recovery codes are left.", left
        ).format(left=left)
        advice = _("Add a passkey for this device, and remove those you have lost.")
        messages.warning(request, f"{count} {advice}")
    return response


class ShowCodes(ViewRecoveryCodesView):
    """Shows the codes the first time only; after that, how many are left."""

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        if context["can_view_codes"]:
            self.request.session[SHOWN_KEY] = int(time.time())
        context["unused_codes"] = [grouped(code) for code in context["unused_codes"]]
        return context


# No HEAD: looking counts, and the codes are shown only once.
show_codes = require_GET(never_cache(login_required(ShowCodes.as_view())))
make_codes = never_cache(login_required(GenerateRecoveryCodesView.as_view()))


@require_safe
@never_cache
@login_required
@reauthentication_required
def save_codes(request: HttpRequest) -> HttpResponse:
    """The codes as a text file, to the session that has just seen them and for a little while."""
    row = _codes_of(request.user)
    shown = request.session.get(SHOWN_KEY, 0)
    if row is None or not row.wrap().did_view or time.time() - shown > SAVE_S:
        messages.error(request, _("The codes are shown only once. Make new ones to save them."))
        return redirect("mfa_generate_recovery_codes" if row else "account_home")
    codes = [grouped(code) for code in row.wrap().get_unused_codes()]
    response = render(
        request,
        "mfa/recovery_codes/codes.txt",
        {"codes": codes, "host": request.get_host()},
        content_type="text/plain; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="moongate-recovery-codes.txt"'
    return response


def grouped(code: str) -> str:
    """A code as one reads it out: in groups of four digits."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
