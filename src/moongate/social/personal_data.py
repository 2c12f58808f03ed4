"""What social holds of a person: how it is exported, and erased without leaving a count wrong.

Rows that say what somebody else did (who blocked or muted me, who reported me) are erased with
me, but they are not mine to be given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from moongate.accounts.personal_data import BATCH, register
from moongate.social.commenting import clear_comments
from moongate.social.counts import recount_pages, recount_posts
from moongate.social.models import (
    Album,
    ApiToken,
    Block,
    Comment,
    Follow,
    Gift,
    Like,
    Mute,
    Notification,
    Page,
    Photo,
    Post,
    Report,
    SearchEntry,
    TimelineEntry,
    Visit,
)
from moongate.social.photos import storage

POSTS_BATCH = 50  # each takes its likes, comments and places on timelines along


def register_social() -> None:
    """Register every way from a model of social to a person."""
    register_what_one_did()
    register_what_one_shared()
    register_moderation()
    register_means()


def register_what_one_did() -> None:
    """Follows, likes, comments, visits, gifts: what joins two people."""
    follow = ("accepted", "created")
    register(
        Follow,
        owner="follower",
        export=("followed__display_name", *follow),
        erase=lambda person: erase_follows(Follow.objects.filter(follower=person)),
    )
    register(
        Follow,
        owner="followed",
        export=("follower__display_name", *follow),
        erase=lambda person: erase_follows(Follow.objects.filter(followed=person)),
    )
    register(Like, owner="person", export=("post__public_id", "created"), erase=erase_likes)
    register(
        Comment,
        owner="author",
        export=("public_id", "post__public_id", "parent__public_id", "text", "state", "created"),
        erase=erase_comments,
    )
    register(Block, owner="blocker", export=("blocked__display_name", "created"), erase="delete")
    register(Block, owner="blocked", export=None, erase="delete")
    register(Mute, owner="muter", export=("muted__display_name", "created"), erase="delete")
    register(Mute, owner="muted", export=None, erase="delete")
    register(Visit, owner="host", export=("visitor__display_name", "day"), erase="delete")
    register(Visit, owner="visitor", export=("host__display_name", "day"), erase="delete")
    gift = ("costume", "message", "created")
    register(Gift, owner="giver", export=("receiver__display_name", *gift), erase="delete")
    register(Gift, owner="receiver", export=("giver__display_name", *gift), erase="delete")
    register(
        Notification,
        owner="person",
        export=("kind", "actor__display_name", "post__public_id", "is_read", "created"),
        erase="delete",
    )
    register(Notification, owner="actor", export=None, erase="delete")


def register_what_one_shared() -> None:
    """The page, posts, albums and photos, and where posts stand on timelines."""
    register(TimelineEntry, owner="author", export=None, erase="delete")
    register(TimelineEntry, owner="person", export=None, erase="delete")
    register(
        Post,
        owner="author",
        export=(
            "public_id",
            "text",
            "audience",
            "state",
            "card_kind",
            "card_ref",
            "likes",
            "comments",
            "created",
        ),
        erase=erase_posts,
    )
    register(
        Photo,
        owner="owner",
        export=(
            "public_id",
            "album__public_id",
            "alt",
            "width",
            "height",
            "sizes",
            "state",
            "created",
        ),
        erase=erase_photos,
        files=photo_files,
    )
    register(
        Album,
        owner="owner",
        export=("public_id", "title", "about", "audience", "created"),
        erase="delete",
    )
    register(
        Page,
        owner="owner",
        export=("about", "music", "is_private", "counts_visitors", "followers", "following"),
        erase="delete",
    )


def register_moderation() -> None:
    """Reports: a report stays for the operator, without whoever wrote or decided it."""
    register(
        Report,
        owner="reporter",
        export=("reason", "text", "decision", "created"),
        erase=erase_reports,
    )
    register(Report, owner="about", export=None, erase="delete")
    register(Report, owner="decided_by", export=("decided",), erase="anonymise")


def register_means() -> None:
    """Keys for programs, and how one is found by search."""
    register(
        ApiToken,
        owner="person",
        export=("name", "scopes", "created", "expires", "last_used", "revoked"),
        erase="delete",
    )
    register(SearchEntry, owner="person", export=None, erase="delete")


def erase_follows(follows: QuerySet[Follow]) -> int:
    """Delete follows, and count both pages anew in the same transaction."""

    def erase(rows: list[Follow]) -> None:
        owners = {row.follower_id for row in rows} | {row.followed_id for row in rows}
        _lock(Page.objects.filter(owner__in=owners).order_by("owner_id"))
        Follow.objects.filter(pk__in=[row.pk for row in rows]).delete()
        recount_pages(owners)

    return _in_batches(follows, erase)


def erase_likes(person: Any) -> int:
    """Delete somebody's likes, and count the posts' anew in the same transaction."""

    def erase(rows: list[Like]) -> None:
        posts = {row.post_id for row in rows}
        _lock(Post.objects.filter(pk__in=posts).order_by("pk"))
        Like.objects.filter(pk__in=[row.pk for row in rows]).delete()
        recount_posts(posts)

    return _in_batches(Like.objects.filter(person=person), erase)


def erase_comments(person: Any) -> int:
    """Delete somebody's comments, and count the posts' anew. Replies of others stay, and above them
    a place without a name or a text.
    """

    def erase(rows: list[Comment]) -> None:
        posts = {row.post_id for row in rows}
        _lock(Post.objects.filter(pk__in=posts).order_by("pk"))
        clear_comments(rows)
        recount_posts(posts)

    return _in_batches(Comment.objects.filter(author=person), erase)


def erase_posts(person: Any) -> int:
    """Delete somebody's posts with all that hangs on them."""

    def erase(rows: list[Post]) -> None:
        Post.objects.filter(pk__in=[row.pk for row in rows]).delete()

    return _in_batches(Post.objects.filter(author=person), erase, POSTS_BATCH)


def erase_photos(person: Any) -> int:
    """Delete somebody's photos: the files first, so that a stop in between leaves none behind."""

    def erase(rows: list[Photo]) -> None:
        for photo in rows:
            storage.erase_files(photo.public_id)
        Photo.objects.filter(pk__in=[row.pk for row in rows]).delete()

    return _in_batches(Photo.objects.filter(owner=person), erase, POSTS_BATCH)


def erase_reports(person: Any) -> int:
    """Take the reporter and their words off the reports they made."""
    return Report.objects.filter(reporter=person).update(reporter=None, text="")


def photo_files(person: Any) -> Iterator[tuple[str, Path]]:
    """All files of somebody's photos, named as in the archive."""
    for photo in Photo.objects.filter(owner=person).iterator(chunk_size=BATCH):
        for path in storage.files_of(photo):
            yield f"photos/{photo.public_id}/{path.name}", path


def _lock(rows: QuerySet) -> None:
    """Lock what is counted before what it counts, as whoever likes and follows does."""
    list(rows.select_for_update().values_list("pk"))


def _in_batches(rows: QuerySet, erase: Callable[[list], None], size: int = BATCH) -> int:
    """Call `erase` with a few rows at a time, each in a transaction of its own."""
    count = 0
    while True:
        with transaction.atomic():
            batch = list(rows.order_by("pk")[:size])
            if not batch:
                return count
            erase(batch)
        count += len(batch)
