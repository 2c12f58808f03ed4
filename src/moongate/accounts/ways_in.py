"""The ways into an account, so that nobody throws away the last key."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext

from moongate.accounts.models import User


class LastWayInError(ValueError):
    """Taking this away would lock its owner out; says what helps."""

    def __init__(self) -> None:
        super().__init__(
            gettext("This is your only way in. Set a password or add a passkey first.")
        )


def keep_a_way_in(person: User, *, without: Authenticator | SocialAccount) -> None:
    """Raise LastWayInError if nothing opens the account when `without` is gone.

    Call it in a transaction: it locks the person, so that two keys are not removed at once.
    Recovery codes do not count, since they go with the last passkey.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    passkeys = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    elsewhere = SocialAccount.objects.filter(user=person)
    if isinstance(without, Authenticator):
        passkeys = passkeys.exclude(pk=without.pk)
    else:
        elsewhere = elsewhere.exclude(pk=without.pk)
    if not (person.has_usable_password() or passkeys.exists() or elsewhere.exists()):
        raise LastWayInError
