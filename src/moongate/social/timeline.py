"""The timeline: what was written to it, merged with the posts of those who have many followers.

Entries say only what might be shown. Whether it is, is asked on every read: an unfollow, a block,
a mute, a removal take effect at once.
"""

from __future__ import annotations

import heapq
from itertools import groupby, islice
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from moongate.social.models import Follow, Mute, Page, Post, State, TimelineEntry
from moongate.social.pages import page_of
from moongate.social.people import require_member
from moongate.social.prepared import Prepared, padded
from moongate.social.reading import PAGE, PostPage, clamp, load_posts
from moongate.social.visibility import is_followed, visible_posts

ROUND_MOST = 500  # candidates looked at in one round
NEW_MOST = 50  # more new posts are told as this many


def read_timeline(person: Any, *, before: int | None = None, limit: int = PAGE) -> PostPage:
    """A page of the person's timeline older than the post `before` (an id), newest first."""
    require_member(person)
    edge, limit = clamp(before, limit)
    ids = timeline_ids(person, before=edge, limit=limit + 1)
    shown = ids[:limit]
    return PostPage(load_posts(shown, person), shown[-1] if len(ids) > limit else None)


def timeline_ids(person: Any, *, before: int, limit: int) -> list[int]:
    """The ids of up to `limit` posts on the person's timeline below `before`, newest first."""
    seen: list[int] = []
    size = limit
    while len(seen) < limit:
        ids = _candidates(person, before, size)
        seen += _shown(person, ids)
        if len(ids) < size:
            break
        before, size = ids[-1], min(2 * size, ROUND_MOST)
    return seen[:limit]


def new_posts(person: Any) -> int:
    """How many posts of others have come since the mark; `NEW_MOST` stands for that or more."""
    require_member(person)
    seen = page_of(person).timeline_seen
    edge, _limit = clamp(None, PAGE)
    count, size = 0, NEW_MOST
    while count < NEW_MOST:
        ids = _candidates(person, edge, size)
        newer = [pk for pk in ids if pk > seen]
        theirs = Post.objects.filter(pk__in=_shown(person, newer)).exclude(author=person)
        count += theirs.count()
        if len(newer) < size:
            break
        edge = ids[-1]
    return min(count, NEW_MOST)


def mark_seen(person: Any, *, upto: int) -> None:
    """Move the mark to the post `upto` (an id); it never moves back."""
    require_member(person)
    newest = Post.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    # A mark beyond the newest post would hide all that come until then.
    upto = min(upto, newest)
    page = page_of(person)
    Page.objects.filter(pk=page.pk, timeline_seen__lt=upto).update(timeline_seen=upto)


def _shown(person: Any, ids: list[int]) -> list[int]:
    """Those of these posts that belong on the person's timeline, newest first."""
    if not ids:
        return []
    return [pk for (pk,) in SHOWN.rows([person.pk, *padded(ids)])]


def _candidates(person: Any, before: int, size: int) -> list[int]:
    """The ids of up to `size` posts below `before`, newest first, each once."""
    written = [pk for (pk,) in WRITTEN.rows([person.pk, before], shape=size)]
    both = heapq.merge(written, _merged(person, before, size), reverse=True)
    # An author may have come to be merged after some posts were written.
    return [pk for pk, _same in islice(groupby(both), size)]


def _merged(person: Any, before: int, size: int) -> list[int]:
    """The newest posts of the merged authors whom the person follows."""
    # Of more authors than posts are wanted, those whose latest is oldest have none among them.
    latest = LATEST_AUTHORS.rows([person.pk, before], shape=size)
    authors = [author for author, newest in latest if newest is not None]
    if not authors:
        return []
    # One look into the index for each author; an IN would read all that they ever posted.
    table = connection.ops.quote_name(Post._meta.db_table)
    newest = (
        f"SELECT id FROM (SELECT id FROM {table} WHERE author_id = %s AND id < %s"  # noqa: S608
        " ORDER BY id DESC LIMIT %s) AS newest"
    )
    query = " UNION ALL ".join([newest] * len(authors)) + " ORDER BY id DESC LIMIT %s"
    values = [value for author in authors for value in (author, before, size)]
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, size])
        return [row[0] for row in cursor.fetchall()]


def _written_query(numbers: list[int], size: int) -> QuerySet:
    person, before = numbers
    entries = TimelineEntry.objects.filter(person=person, post__lt=before).order_by("-post_id")
    return entries.values_list("post_id")[:size]


def _latest_authors_query(numbers: list[int], size: int) -> QuerySet:
    person, before = numbers
    posts = Post.objects.filter(author=OuterRef("owner"), pk__lt=before).order_by("-pk")
    followed = Follow.objects.filter(follower=person, followed=OuterRef("owner"), accepted=True)
    # From the merged pages, who are few, and not from the follows, who may be thousands.
    pages = Page.objects.filter(Exists(followed), is_merged=True)
    latest = pages.annotate(latest=Subquery(posts.values("pk")[:1]))
    return latest.order_by(F("latest").desc(nulls_last=True)).values_list("owner", "latest")[:size]


def _shown_query(numbers: list[int], _shape: None) -> QuerySet:
    """Of the posts that the person may see, those that belong on the timeline."""
    person, *ids = numbers
    viewer = get_user_model()(pk=person)
    muted = Exists(Mute.objects.filter(muter=person, muted=OuterRef("author")))
    theirs = Q(is_followed(viewer, "author")) & ~Q(muted)
    own = Q(author=person) & ~Q(state=State.REMOVED)
    posts = visible_posts(viewer).filter(own | theirs, pk__in=ids)
    return posts.order_by("-pk").values_list("pk")


WRITTEN = Prepared(_written_query)
LATEST_AUTHORS = Prepared(_latest_authors_query)
SHOWN = Prepared(_shown_query)
