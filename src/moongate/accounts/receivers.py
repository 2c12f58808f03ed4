"""What happens when somebody signs in."""

from __future__ import annotations

import time

from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from moongate.accounts import audit
from moongate.accounts.guests import ENTERED_KEY, forget_guest, guest_of
from moongate.accounts.merging import merge_guest


@receiver(user_logged_in)
def bring_guest_along(sender, request, user, **kwargs) -> None:
    """Whatever the way in (password, passkey, admin), what the guest had comes along."""
    if request is None or not hasattr(request, "session"):
        return
    request.session[ENTERED_KEY] = int(time.time())
    guest = guest_of(request)
    forget_guest(request)
    if guest is not None and guest.pk != user.pk:
        merge_guest(guest, into=user)


@receiver(social_account_added)
def note_connection(sender, request, sociallogin, **kwargs) -> None:
    person = sociallogin.user
    audit.write("wechat.connected", area="accounts", actor=person, subject=person)
