"""Where allauth meets our people."""

from __future__ import annotations

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext

from moongate.accounts.guests import ENTERED_KEY, guest_of
from moongate.accounts.models import User
from moongate.accounts.names import DISPLAY_NAME_MAX

SECOND_FACTOR_STAGE = "allauth.mfa.stages.AuthenticateStage"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up turns this session's guest into an account; sign-in brings the language along."""

    def new_user(self, request):
        return guest_of(request) or super().new_user(request)

    def save_user(self, request, user, form, commit=True):
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
    """Names for passkeys as a person would say them."""

    def generate_authenticator_name(self, user, type) -> str:
        count = user.authenticator_set.filter(type=type).count()
        return gettext("Passkey {number}").format(number=count + 1)

    def _get_site_name(self) -> str:
        return "Moongate"
