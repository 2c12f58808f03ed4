"""The audit log: what was done, append-only, each entry sealed by a hash over the one before.

It holds no personal data. A person stands in it under an alias of their own; when the person is
erased the alias row goes too, and what remains names nobody.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from moongate.accounts.models import AuditAlias, AuditEntry, AuditHead, User

ACTION = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,29}")
WORD = re.compile(r"[\w .,:/+-]{0,120}", re.ASCII)
DETAILS_MAX = 2_000  # characters of JSON
HEAD_ID = 1
CHUNK = 2_000
START = ""


@dataclass(frozen=True)
class Fault:
    """The first entry at which the chain does not hold, and why."""

    sequence: int
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found: how many entries hold, the last hash, the first fault."""

    entries: int
    head: str
    fault: Fault | None = None


def write(
    action: str,
    *,
    area: str,
    actor: User | None = None,
    subject: Model | str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append an entry and answer it.

    `action` reads `thing.done` in small letters; `subject` is a person, a row with a `public_id`,
    or a reference such as `post:1b4e…`; `actor` is None for the house itself. `details` are plain
    JSON without personal data: keys with whole numbers, booleans, None, or short words. Raises
    ValueError, naming the argument. Appends follow one another, so call it last in a transaction.
    """
    if not ACTION.fullmatch(action):
        raise ValueError(f"action must read like post.removed (received: {action!r})")
    facts = _plain(details or {})
    with transaction.atomic():
        AuditHead.objects.get_or_create(pk=HEAD_ID)
        head = AuditHead.objects.select_for_update().get(pk=HEAD_ID)
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=timezone.now(),
            actor=alias_of(actor) if actor is not None else "",
            action=action,
            area=area,
            subject=reference(subject),
            details=facts,
            previous=head.hash,
        )
        entry.hash = hash_of(entry)
        entry.save()
        head.sequence, head.hash = entry.sequence, entry.hash
        head.save(update_fields=["sequence", "hash"])
    return entry


def alias_of(person: User) -> str:
    """The name under which the log knows a person, made at first need."""
    return str(AuditAlias.objects.get_or_create(person=person)[0].alias)


def reference(subject: Model | str) -> str:
    """How the log names a thing: `person:ALIAS`, `album:PUBLIC-ID`, or what is given."""
    if isinstance(subject, User):
        return f"person:{alias_of(subject)}"
    if isinstance(subject, Model):
        return f"{subject._meta.model_name}:{getattr(subject, 'public_id', subject.pk)}"
    if not WORD.fullmatch(subject) or len(subject) > 100:
        raise ValueError(f"subject must read like post:PUBLIC-ID (received: {subject!r})")
    return subject


def hash_of(entry: AuditEntry) -> str:
    """SHA-256, in hex, over the hash before and the entry as JSON with sorted keys, in UTC."""
    facts = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "area": entry.area,
        "subject": entry.subject,
        "details": entry.details,
    }
    form = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{entry.previous}\n{form}".encode()).hexdigest()


def verify(*, anchor: tuple[int, str] | None = None) -> Verdict:
    """Walk the whole chain and name the first entry that does not hold.

    `anchor`, a sequence number and its hash noted elsewhere, must still be in the chain: it
    betrays a log that was written anew from end to end.
    """
    # Read the end first: what is appended during the walk only lies beyond it.
    head = AuditHead.objects.filter(pk=HEAD_ID).first() or AuditHead(sequence=0, hash=START)
    rows = AuditEntry.objects.order_by("sequence").iterator(chunk_size=CHUNK)
    verdict = walk(rows)
    if verdict.fault:
        return verdict
    if verdict.entries < head.sequence:
        fault = Fault(verdict.entries + 1, "the entry is missing: the end of the log is cut off")
        return Verdict(verdict.entries, verdict.head, fault)
    for number, value in ((head.sequence, head.hash), anchor or (0, START)):
        if number and not AuditEntry.objects.filter(sequence=number, hash=value).exists():
            fault = Fault(number, "the hash is not the one noted: the log was written anew")
            return Verdict(verdict.entries, verdict.head, fault)
    if verdict.entries and head.sequence == 0:
        return Verdict(verdict.entries, verdict.head, Fault(1, "the log's head is missing"))
    return verdict


def walk(entries: Iterable[AuditEntry]) -> Verdict:
    """Check entries, in the order of their numbers, against each other."""
    before = START
    count = 0
    for entry in entries:
        if entry.sequence != count + 1:
            where = "the beginning of the log is cut off" if count == 0 else "it was deleted"
            return Verdict(count, before, Fault(count + 1, f"the entry is missing: {where}"))
        if entry.previous != before:
            reason = "it does not follow the entry before: one of the two was replaced or moved"
            return Verdict(count, before, Fault(entry.sequence, reason))
        if entry.hash != hash_of(entry):
            reason = "it was edited: its hash does not fit what it says"
            return Verdict(count, before, Fault(entry.sequence, reason))
        before = entry.hash
        count += 1
    return Verdict(count, before)


def entries_of(person: User) -> Iterable[dict[str, Any]]:
    """What the log holds of a person, as actor or subject, oldest first."""
    alias = AuditAlias.objects.filter(person=person).values_list("alias", flat=True).first()
    if alias is None:
        return
    mine = AuditEntry.objects.filter(actor=str(alias)) | AuditEntry.objects.filter(
        subject=f"person:{alias}"
    )
    fields = ("sequence", "at", "action", "area", "subject", "details")
    yield from mine.order_by("sequence").values(*fields).iterator(chunk_size=CHUNK)


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in details.items():
        plain = value is None or isinstance(value, int)
        if isinstance(value, str):
            plain = WORD.fullmatch(value) is not None
        if not plain or not key.isidentifier():
            raise ValueError(
                f"details.{key} must be a whole number, boolean, None or a short word "
                f"(received: {value!r})"
            )
    if len(json.dumps(dict(details))) > DETAILS_MAX:
        raise ValueError(f"details must have at most {DETAILS_MAX} characters of JSON")
    return dict(details)
