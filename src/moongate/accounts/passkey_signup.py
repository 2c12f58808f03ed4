"""An account whose only key is a passkey: no password to think of, none to lose."""

from __future__ import annotations

from allauth.account.internal.flows.signup import complete_signup
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.decorators import rate_limit
from allauth.mfa.webauthn.internal import auth, flows
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from moongate.accounts.forms import PasskeyNameForm, PasskeySignupForm
from moongate.accounts.guests import ensure_person, guest_of
from moongate.accounts.models import User
from moongate.accounts.passkey_reading import check_registration


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@rate_limit(action="signup")
def sign_up(request: HttpRequest) -> HttpResponse:
    """The page, and the account once the browser has made the passkey."""
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request) or "account_home")
    form = PasskeySignupForm(request.POST if request.method == "POST" else None, by_passkey=True)
    if request.method == "POST" and form.is_valid():
        try:
            return _make_account(request, form)
        except ImmediateHttpResponse as instead:
            return instead.response
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "redirect_field_value": get_next_redirect_url(request) or ""}
    status = 422 if form.errors else 200
    return render(request, "account/signup_by_passkey.html", context, status=status)


@require_POST
@never_cache
@rate_limit(action="signup")
def begin(request: HttpRequest) -> JsonResponse:
    """What the browser makes the passkey from: JSON, or 422 with what is wrong with the name.

    The key belongs to a row of ours, so whoever has none yet becomes a guest here.
    """
    form = PasskeyNameForm(request.POST, by_passkey=True)
    if request.user.is_authenticated:
        return JsonResponse({"fault": _("You are signed in already.")}, status=422)
    if not form.is_valid():
        return JsonResponse({"fault": " ".join(form.errors.get("username", []))}, status=422)
    holder = ensure_person(request)
    named = User(pk=holder.pk, username=form.cleaned_data["username"])
    return JsonResponse({"creation_options": auth.begin_registration(named, True)})


def _make_account(request: HttpRequest, form: PasskeySignupForm) -> HttpResponse:
    """The session's guest becomes an account with this passkey, signed in; all or nothing."""
    holder = guest_of(request)
    if holder is None:
        raise ValidationError(_("This took too long. Press the button once more."))
    credential = form.cleaned_data["credential"]
    check_registration(credential)
    if not auth.complete_registration(credential).is_user_verified():
        raise ValidationError(_("Your device did not check that it is you. Try again."))
    with transaction.atomic():
        person, _instead = form.try_save(request)
        if person.pk != holder.pk:  # another sign-up of this session was faster
            raise ValidationError(_("This took too long. Press the button once more."))
        response = complete_signup(
            request,
            user=person,
            redirect_url=get_next_redirect_url(request) or reverse("account_home"),
        )
        name = _("Passkey {number}").format(number=1)
        _key, codes = flows.add_authenticator(request, name=name, credential=credential)
    return redirect("mfa_view_recovery_codes") if codes else response
