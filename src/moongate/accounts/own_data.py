"""What accounts themselves hold of a person: the account, its keys, sessions and papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from moongate.accounts import audit, exporting
from moongate.accounts.guests import SESSION_KEY
from moongate.accounts.models import AuditAlias, Consent, DataExport, Erasure, User
from moongate.accounts.personal_data import delete_in_batches, holds_nothing, register

AREA = "accounts"
# Numbers of the house, and what would let whoever finds the archive in.
KEPT_BACK = {"id", "password", "date_joined", "is_active", "is_staff", "is_superuser"}
SIGNED_IN_KEY = "_auth_user_id"
SESSIONS_CHUNK = 1_000


def register_own_data() -> None:
    """Register accounts' models, and those of the packages that accounts are built on."""
    register(
        Session,
        name="sessions",
        owner=lambda person: Session.objects.none(),  # a shut account begins no new ones
        export=_session_dates,
        erase=end_sessions,
        area=AREA,
    )
    register(
        EmailAddress,
        owner="user",
        export=("email", "verified", "primary"),
        erase="delete",
        area=AREA,
    )
    register(
        Authenticator,
        owner="user",
        export=("type", "created_at", "last_used_at"),
        erase="delete",
        area=AREA,
    )
    register(
        LogEntry,
        owner="user",
        export=("action_time", "content_type__model", "action_flag"),
        erase="delete",
        area=AREA,
    )
    register(
        LogEntry, name="about", owner=_log_about, export=None, erase=_blank_log_about, area=AREA
    )
    register(
        Consent,
        owner="person",
        export=("purpose", "version", "given_at", "withdrawn_at"),
        erase="delete",
    )
    register(
        DataExport,
        owner="person",
        export=("requested_at", "finished_at", "expires_at", "size_bytes"),
        erase=exporting.remove_exports,
    )
    # The alias is needed for the last entry, and goes with the person's row in that transaction.
    register(AuditAlias, owner="person", export=audit.entries_of, erase="cascade")
    holds_nothing(
        Erasure, "person", reason="Names the person until the erasure is done, then nobody."
    )
    register(
        User,
        owner="pk",
        export=[f.name for f in User._meta.concrete_fields if f.name not in KEPT_BACK],
        erase="cascade",
    )
    if apps.is_installed("allauth.socialaccount"):
        _register_social_sign_in()


def _register_social_sign_in() -> None:
    account = apps.get_model("socialaccount", "SocialAccount")
    fields = ("provider", "uid", "date_joined", "last_login", "extra_data")
    register(account, owner="user", export=fields, erase="delete", area=AREA)


def end_sessions(person: User) -> int:
    """Delete every session that is signed in as the person, or is this guest's."""
    count = 0
    keys = [session.pk for session in _sessions(person)]
    for start in range(0, len(keys), SESSIONS_CHUNK):
        rows = Session.objects.filter(pk__in=keys[start : start + SESSIONS_CHUNK])
        count += delete_in_batches(rows)
    return count


def _sessions(person: User) -> Iterator[Session]:
    """A session keeps whose it is only inside, so all of them are read."""
    wanted = {(SIGNED_IN_KEY, str(person.pk)), (SESSION_KEY, str(person.public_id))}
    for session in Session.objects.iterator(chunk_size=SESSIONS_CHUNK):
        inside = session.get_decoded()
        if any(inside.get(key) == value for key, value in wanted):
            yield session


def _session_dates(person: User) -> Iterator[dict[str, Any]]:
    for session in _sessions(person):
        yield {"expires": session.expire_date}


def _log_about(person: User) -> QuerySet[LogEntry]:
    kind = ContentType.objects.get_for_model(User)
    return LogEntry.objects.filter(content_type=kind, object_id=str(person.pk)).exclude(
        object_repr=""
    )


def _blank_log_about(person: User) -> int:
    return _log_about(person).update(object_repr="", change_message="")
