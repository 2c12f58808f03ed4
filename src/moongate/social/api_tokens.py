"""Personal tokens for programs: issued once to read, kept as a hash, expiring, revocable."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moongate.accounts import audit
from moongate.social.errors import ConflictError, InvalidError, NotFoundError
from moongate.social.models import ApiToken
from moongate.social.people import require_member
from moongate.social.texts import clean_text

AREA = "social"
PREFIX = "mgt_"
SCOPES = ("read", "post", "follow", "report")
TOKENS_MAX = 20
NAME_MAX = 60
DAYS_MAX = 365
SECRET_BYTES = 32
# Written at most once in a while: a program may ask a hundred times a second.
USED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Issued:
    """A new token, and its secret, which is not kept and cannot be told again."""

    token: ApiToken
    secret: str


def issue_token(person: Any, *, name: str, scopes: Iterable[str], days: int) -> Issued:
    """Make a token for `days` days. Raises SocialError."""
    require_member(person)
    name = clean_text(name, field="name", most=NAME_MAX, lines=False)
    if not name:
        raise InvalidError(_("name: a token needs a name."), _("Say what it is for."), field="name")
    wanted = set(scopes)
    if not wanted or wanted - set(SCOPES):
        reason = _("scopes: choose among {known}.").format(known=", ".join(SCOPES))
        raise InvalidError(reason, _("Choose at least one."), field="scopes")
    if not 1 <= days <= DAYS_MAX:
        reason = _("days: must be from 1 to {most} (received: {days}).")
        reason = reason.format(most=DAYS_MAX, days=days)
        raise InvalidError(reason, _("Choose fewer days; a new token is quickly made."))
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=person.pk)
        if tokens_of(person).count() >= TOKENS_MAX:
            reason = _("You have {most} tokens already.").format(most=TOKENS_MAX)
            raise ConflictError(reason, _("Revoke one that you no longer use."))
        token = ApiToken.objects.create(
            person=person,
            name=name,
            sha256=_digest(secret),
            scopes=[scope for scope in SCOPES if scope in wanted],
            expires=timezone.now() + timedelta(days=days),
        )
        audit.write("token.issued", area=AREA, actor=person, subject=token)
    return Issued(token, secret)


def revoke_token(public_id: Any, *, by: Any) -> bool:
    """Have a token open nothing any more; says whether it did. Raises NotFoundError."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(public_id=public_id, person=by).first()
        if token is None:
            raise NotFoundError(_("There is no such token."), _("Choose one of your own."))
        if token.revoked is not None:
            return False
        token.revoked = timezone.now()
        token.save(update_fields=["revoked"])
        audit.write("token.revoked", area=AREA, actor=by, subject=token)
    return True


def tokens_of(person: Any) -> QuerySet[ApiToken]:
    """The person's tokens that open something, the newest first."""
    return ApiToken.objects.filter(person=person, revoked=None, expires__gt=timezone.now())


def find_token(secret: str) -> ApiToken | None:
    """The token of that secret with its `person`, if it opens something today; notes the use."""
    if not secret.startswith(PREFIX) or len(secret) > 4 * SECRET_BYTES:
        return None
    now = timezone.now()
    valid = ApiToken.objects.filter(revoked=None, expires__gt=now, person__is_active=True)
    # Looked up by its hash: what the time taken tells is the hash of a guess, not the secret.
    token = valid.select_related("person").filter(sha256=_digest(secret)).first()
    if token is None:
        return None
    unnoted = Q(last_used=None) | Q(last_used__lt=now - USED_EVERY)
    if token.last_used is None or token.last_used < now - USED_EVERY:
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used=now)
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
