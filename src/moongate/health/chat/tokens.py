"""A conversation as a sealed text that the page itself carries, so that nothing is kept here.

Sealed with a key of its own, derived from the house's secret: nobody reads it on the way, nobody
changes it, and after a while it opens no more.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from moongate.health.talk import Talk, TalkError

LASTS_S = 12 * 3600
MAX_CHARS = 600_000
_PERSON = b"health-chat"


class TokenError(ValueError):
    """A token that opens nothing: `expired` when it once did."""

    def __init__(self, reason: str, *, expired: bool = False) -> None:
        super().__init__(reason)
        self.expired = expired


def seal(talk: Talk) -> str:
    """The conversation as a token."""
    return _seal().encrypt(talk.to_json()).decode()


def open_token(token: str) -> Talk:
    """The conversation in a token.

    Raises:
        TokenError: it is too old, or was not made by us.
    """
    if len(token) > MAX_CHARS:
        raise _broken()
    box = _seal()
    try:
        plain = box.decrypt(token.encode("ascii", "replace"), ttl=LASTS_S)
    except InvalidToken:
        raise (_expired() if _was_ours(box, token) else _broken()) from None
    try:
        return Talk.from_json(plain)
    except TalkError:
        # Sealed by an older version of this program.
        raise _expired() from None


def _was_ours(box: MultiFernet, token: str) -> bool:
    try:
        box.decrypt(token.encode("ascii", "replace"))
    except InvalidToken:
        return False
    return True


def _seal() -> MultiFernet:
    return MultiFernet(
        [Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> bytes:
    digest = hashlib.blake2b(secret.encode(), digest_size=32, person=_PERSON).digest()
    return base64.urlsafe_b64encode(digest)


def _expired() -> TokenError:
    return TokenError(
        _("This conversation is too old to go on with. Nothing of it was kept."), expired=True
    )


def _broken() -> TokenError:
    return TokenError(_("This conversation cannot be read: the page was changed on its way."))
