"""What a person is told: written by the verbs, read in pages, likes of one post folded together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from moongate.social import events
from moongate.social.models import Comment, Mute, Notification, Post, State
from moongate.social.people import require_member
from moongate.social.visibility import are_apart, not_apart

PAGE = 30
PAGE_MOST = 100
UNREAD_MOST = 100  # more are told as this many
ID_MAX = 2**63 - 1
Kind = Notification.Kind
# Told once however often it is done and undone.
ONCE = frozenset({Kind.LIKE, Kind.FOLLOW, Kind.REQUEST, Kind.ACCEPTED})


@dataclass
class Notice:
    """One line to show: who did what. `actors` are several where one post was liked by several.

    `actors` is empty when the house itself did it. `id` is the newest of what is folded in.
    """

    id: int
    kind: str
    actors: list[Any]
    post: Post | None
    comment: Comment | None
    is_read: bool
    created: datetime


@dataclass(frozen=True)
class NoticePage:
    """Notices, newest first; give `next` as `before` to go on, None at the end."""

    notices: list[Notice] = field(default_factory=list)
    next: int | None = None


def notify(
    person: Any,
    kind: Notification.Kind,
    *,
    actor: Any = None,
    post: Post | None = None,
    comment: Comment | None = None,
) -> bool:
    """Tell a person; says whether they are told. Nobody is told of themself, nor of the muted."""
    if actor is not None:
        if actor.pk == person.pk or are_apart(person, actor):
            return False
        if Mute.objects.filter(muter=person, muted=actor).exists():
            return False
    row = {"person": person, "kind": kind, "actor": actor, "post": post, "comment": comment}
    if kind in ONCE and Notification.objects.filter(**row).exists():
        return False
    Notification.objects.create(**row)
    _announce(person)
    return True


def withdraw(person: Any, kind: Notification.Kind, *, actor: Any, post: Post | None = None) -> None:
    """Take back what was not read yet, since it is no longer so."""
    rows = Notification.objects.filter(person=person, kind=kind, actor=actor, post=post)
    rows.filter(is_read=False).delete()


def withdraw_between(one: Any, other: Any) -> None:
    """Neither is told of the other, nor was."""
    between = Q(person=one, actor=other) | Q(person=other, actor=one)
    Notification.objects.filter(between).delete()


def visible_notifications(person: Any) -> QuerySet[Notification]:
    """The person's notifications, without the blocked, the muted, and what was taken down."""
    muted = Exists(Mute.objects.filter(muter=person, muted=OuterRef("actor")))
    by_house = Q(actor=None)
    by_others = Q(actor__is_active=True) & not_apart(person, "actor") & ~Q(muted)
    standing = Q(comment=None) | Q(comment__state=State.SHOWN)
    return Notification.objects.filter(by_house | (by_others & standing), person=person)


def list_notifications(person: Any, *, before: int | None = None, limit: int = PAGE) -> NoticePage:
    """A page of notices older than the notification `before`, newest first."""
    require_member(person)
    limit = max(1, min(limit, PAGE_MOST))
    edge = ID_MAX if before is None else max(0, min(before, ID_MAX))
    rows = visible_notifications(person).filter(pk__lt=edge).order_by("-pk")
    found = list(rows.select_related("actor", "post", "comment")[: limit + 1])
    shown = found[:limit]
    return NoticePage(_fold(shown), shown[-1].pk if len(found) > limit else None)


def unread_count(person: Any) -> int:
    """How many notifications are unread; `UNREAD_MOST` stands for that many or more."""
    unread = visible_notifications(person).filter(is_read=False).order_by("-pk")
    return unread.values("pk")[:UNREAD_MOST].count()


def mark_read(person: Any, *, upto: int) -> int:
    """Mark everything up to the notification `upto` as read; says how many were not."""
    require_member(person)
    rows = Notification.objects.filter(person=person, is_read=False)
    read = rows.filter(pk__lte=max(0, min(upto, ID_MAX))).update(is_read=True)
    _announce(person)
    return read


def _announce(person: Any) -> None:
    """The person's open pages hear of it at once, when it is certain."""
    transaction.on_commit(partial(events.announce, person.pk))


def _fold(rows: list[Notification]) -> list[Notice]:
    notices: list[Notice] = []
    likes: dict[tuple[int | None, bool], Notice] = {}
    for row in rows:
        key = (row.post_id, row.is_read)
        if row.kind == Kind.LIKE and key in likes:
            likes[key].actors.append(row.actor)
            continue
        actors = [row.actor] if row.actor else []
        notice = Notice(row.pk, row.kind, actors, row.post, row.comment, row.is_read, row.created)
        notices.append(notice)
        if row.kind == Kind.LIKE:
            likes[key] = notice
    return notices
