"""Links out of WeChat: each opens once, for a short time, and is kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from moongate.health.records.sealing import SealError
from moongate.health.talk import Talk, TalkError
from moongate.health.wechat.models import EntryLink, Session
from moongate.health.wechat.texts import say

LASTS = timedelta(minutes=30)
TOKEN_BYTES = 32


@dataclass(frozen=True)
class Entry:
    """What a link opens: who came, to which app, and their talk if it is about one."""

    app_id: str
    openid: str
    unionid: str = ""
    talk: Talk | None = None


def link_text(session: Session, entry: Entry) -> str:
    """The line with a link to the result of the entry's talk."""
    assert entry.talk is not None
    url = settings.PUBLIC_URL + make_link(entry, session)
    return say("link", entry.talk.lang, url=url, minutes=int(LASTS.total_seconds() // 60))


def make_link(entry: Entry, session: Session | None = None) -> str:
    """The path of a new link, which the database knows only by its hash."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = EntryLink(token=_hash(token), expires_at=timezone.now() + LASTS, session=session)
    talk = None if entry.talk is None else entry.talk.to_json().decode()
    row.put("sealed", {"app_id": entry.app_id, "openid": entry.openid, "unionid": entry.unionid,
                       "talk": talk})  # fmt: skip
    row.save()
    return reverse("health:wechat:entry", args=[token])


def find_link(token: str) -> Entry | None:
    """What the link would open; looking uses nothing up."""
    row = _open(token)
    return None if row is None else _entry(row)


def use_link(token: str) -> Entry | None:
    """What the link opens, once; None when it is used up, too old, or none at all."""
    row = _open(token)
    # Whoever deletes the row has it: two at once are not both let in.
    if row is None or not EntryLink.objects.filter(pk=row.pk).delete()[0]:
        return None
    return _entry(row)


def _open(token: str) -> EntryLink | None:
    return EntryLink.objects.filter(token=_hash(token), expires_at__gt=timezone.now()).first()


def _entry(row: EntryLink) -> Entry | None:
    """None when what it opens is of another time, or sealed with a key that is not here."""
    try:
        facts: dict[str, Any] = row.take("sealed")
        talk = facts.pop("talk")
        return Entry(**facts, talk=None if talk is None else Talk.from_json(talk))
    except (SealError, TalkError):
        return None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
