"""Likes: one a person and post, however often the button is pressed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from moongate.social import throttle
from moongate.social.errors import no_post
from moongate.social.models import Like, Notification, Post
from moongate.social.notifications import notify, withdraw
from moongate.social.people import require_member
from moongate.social.visibility import visible_people, visible_posts


def like_post(post: Post, *, by: Any) -> bool:
    """Like a post that `by` may see; says whether the like is new. Raises SocialError."""
    require_member(by)
    if Like.objects.filter(post=post, person=by).exists():
        return False
    throttle.admit("like", by)
    with transaction.atomic():
        seen = visible_posts(by).filter(pk=post.pk).select_related("author").first()
        if seen is None:
            raise no_post()
        # The row decides between two at once; only who wrote it counts.
        _like, is_new = Like.objects.get_or_create(post=seen, person=by)
        if is_new:
            Post.objects.filter(pk=seen.pk).update(likes=F("likes") + 1)
            notify(seen.author, Notification.Kind.LIKE, actor=by, post=seen)
    return is_new


def unlike_post(post: Post, *, by: Any) -> bool:
    """Take a like back; says whether there was one."""
    require_member(by)
    with transaction.atomic():
        count, _rows = Like.objects.filter(post=post, person=by).delete()
        if count:
            Post.objects.filter(pk=post.pk).update(likes=F("likes") - 1)
            withdraw(post.author, Notification.Kind.LIKE, actor=by, post=post)
    return bool(count)


def likers_of(post: Post, *, viewer: Any) -> QuerySet:
    """The people who like a post, as far as `viewer` may see post and people, newest first."""
    if not visible_posts(viewer).filter(pk=post.pk).exists():
        raise no_post()
    return visible_people(viewer).filter(likes__post=post).order_by("-likes__pk")
