"""What a browser sends as a new passkey, read with every way of being wrong expected."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What fido2's reader raises on JSON that is no registration, depending on where it stumbles.
NOT_A_REGISTRATION = (ValueError, TypeError, LookupError, AttributeError)


def check_registration(credential: Any) -> None:
    """Raise ValidationError unless `credential` has the form of a registration response."""
    try:
        response = auth.parse_registration_response(credential)
        # Both are parsed only when asked for.
        parsed = response.response
        _read = (parsed.attestation_object.auth_data, parsed.client_data.challenge)
    except NOT_A_REGISTRATION:
        raise ValidationError(
            _("The passkey could not be read. Reload the page and try again.")
        ) from None
