"""Where allauth meets our people."""

from __future__ import annotations

import time
from typing import ClassVar

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from moongate.accounts.addresses import household
from moongate.accounts.guests import ENTERED_KEY, guest_of
from moongate.accounts.models import User
from moongate.accounts.names import DISPLAY_NAME_MAX, validate_display_name

log = structlog.get_logger(__name__)
SECOND_FACTOR_STAGE = "allauth.mfa.stages.AuthenticateStage"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up turns this session's guest into an account; sign-in brings the language along."""

    def new_user(self, request):
        return guest_of(request) or super().new_user(request)

    def get_client_ip(self, request):
        return household(super().get_client_ip(request))

    def clean_username(self, username, shallow=False):
        validate_display_name(username)  # which it becomes
        return super().clean_username(username, shallow)

    def save_user(self, request, user, form, commit=True):
        try:
            with transaction.atomic():
                if user.pk:
                    # Two sign-ups at once from one session must not both take the guest's row.
                    locked = User.objects.select_for_update().filter(pk=user.pk, is_guest=True)
                    if not locked.exists():
                        user = User()
                user.is_guest = False
                user.display_name = form.cleaned_data.get("username", "")[:DISPLAY_NAME_MAX]
                user.preferred_language = get_language() or ""
                return super().save_user(request, user, form, commit)
        except IntegrityError:
            # Somebody took the name after the form had found it free.
            messages.error(request, gettext("This username is taken."))
            raise ImmediateHttpResponse(redirect("account_signup")) from None

    def send_confirmation_mail(self, request, emailconfirmation, signup):
        try:
            super().send_confirmation_mail(request, emailconfirmation, signup)
        except OSError as error:
            # The account is made and its page can send the letter again.
            if not signup:
                raise
            log.error("letter not sent", why=type(error).__name__)

    def get_login_stages(self) -> list[str]:
        """A passkey is a way in of its own here, not a second step after the password."""
        return [stage for stage in super().get_login_stages() if stage != SECOND_FACTOR_STAGE]

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whoever has signed in just now need not prove it again."""
        request = context.request
        entered = request.session.get(ENTERED_KEY, 0) if request else 0
        if time.time() - entered < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user) -> list[dict]:
        """Recovery codes last: each can be used only once."""
        methods = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: method["id"] == "mfa_reauthenticate")

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        if user.preferred_language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.preferred_language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response


class PasskeyAdapter(DefaultMFAAdapter):
    """Names for passkeys as a person would say them; recovery codes that no backup betrays."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _("Recovery codes come with a passkey. Add one first."),
        "incorrect_code": _("This code does not fit, or was used before."),
    }

    def decrypt(self, encrypted_text: str) -> str:
        """The secret codes are made from: what the database holds, and the site's own key."""
        salt = "moongate.recovery_codes"
        return salted_hmac(salt, encrypted_text, algorithm="sha256").hexdigest()

    def generate_authenticator_name(self, user, type) -> str:
        count = user.authenticator_set.filter(type=type).count()
        return gettext("Passkey {number}").format(number=count + 1)

    def _get_site_name(self) -> str:
        return "Moongate"
