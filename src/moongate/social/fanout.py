"""Fan-out on write: a post is put on its followers' timelines when it is posted.

Few followers are served at once, more by a task in batches, and an author with very many not at
all: their posts are merged in when a timeline is read, from then on for good. `FanOut` says how
far a post has come; it moves in the transaction of its batch, so that a worker that is killed
loses and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from moongate.social.counts import counted_posts
from moongate.social.models import Audience, FanOut, Follow, Page, Post, TimelineEntry

FAN_OUT_LIMIT = 5_000  # followers; with this many a post is merged in on read
AT_ONCE = 200  # followers that are served while their author waits
BATCH = 1_000  # followers a transaction
BROUGHT_ALONG = 20  # posts that a new follower finds on the timeline

log = structlog.get_logger("moongate.social")


def begin_fan_out(post: Post, page: Page) -> None:
    """Put a new post on timelines: its author's now, the followers' now or by a task.

    Call it in the transaction that made the post, with the author's page locked: whoever follows
    at the same moment is then either served here or brings the post along.
    """
    _write([TimelineEntry(person_id=post.author_id, post=post, author_id=post.author_id)])
    if post.audience == Audience.ME or page.is_merged:
        return
    if page.followers >= getattr(settings, "SOCIAL_FAN_OUT_LIMIT", FAN_OUT_LIMIT):
        Page.objects.filter(pk=page.pk).update(is_merged=True)
        log.info("page merged on read from now on", followers=page.followers)
        return
    FanOut.objects.get_or_create(post=post)
    if page.followers <= AT_ONCE:
        finish_fan_out(post.pk)
        return
    from moongate.social.tasks import fan_out  # the task calls back into this module

    transaction.on_commit(lambda: fan_out.enqueue(post.pk))


def finish_fan_out(post_id: int) -> int:
    """Serve the followers that a post has not reached yet; says how many. Again, none."""
    served = 0
    while (count := _serve_batch(post_id)) is not None:
        served += count
    return served


def bring_along(follow: Follow) -> None:
    """Put the latest posts of whoever is followed now on the follower's timeline."""
    posts = counted_posts().filter(author=follow.followed_id).order_by("-pk")
    ids = posts.values_list("pk", flat=True)[:BROUGHT_ALONG]
    _write(
        TimelineEntry(person_id=follow.follower_id, post_id=pk, author_id=follow.followed_id)
        for pk in ids
    )


def clear_away(*, follower: Any, followed: Any) -> None:
    """Take somebody's posts off a timeline again."""
    TimelineEntry.objects.filter(person=follower, author=followed).delete()


def _serve_batch(post_id: int) -> int | None:
    with transaction.atomic():
        cursor = FanOut.objects.select_for_update().filter(post=post_id).first()
        if cursor is None:
            return None
        author = Post.objects.values_list("author_id", flat=True).get(pk=post_id)
        follows = Follow.objects.filter(followed=author, accepted=True, pk__gt=cursor.after)
        batch = list(follows.order_by("pk").values_list("pk", "follower_id")[:BATCH])
        _write(
            TimelineEntry(person_id=follower, post_id=post_id, author_id=author)
            for _, follower in batch
        )
        if len(batch) < BATCH:
            cursor.delete()
        else:
            cursor.after = batch[-1][0]
            cursor.save(update_fields=["after"])
        return len(batch)


def _write(entries: Iterable[TimelineEntry]) -> None:
    TimelineEntry.objects.bulk_create(entries, ignore_conflicts=True)
