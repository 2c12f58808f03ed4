"""Blocking, which hides two people from each other, and muting, which only quiets one."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from moongate.social.counts import recount_posts
from moongate.social.errors import InvalidError
from moongate.social.following import end_follow
from moongate.social.models import Block, Comment, Like, Mute
from moongate.social.notifications import withdraw_between
from moongate.social.pages import lock_pages
from moongate.social.people import require_member, require_person, require_seen


def block_person(person: Any, *, by: Any) -> bool:
    """Hide two people from each other; says whether it is new. Raises SocialError.

    Follows and requests both ways end, likes of each other's posts and what either was told of the
    other go. Comments stay, unseen, and come back when the block is lifted.
    """
    require_member(by)
    _require_other(person, by)
    require_person(person)
    with transaction.atomic():
        lock_pages(person, by)
        _block, is_new = Block.objects.get_or_create(blocker=by, blocked=person)
        if is_new:
            end_follow(follower=by, followed=person)
            end_follow(follower=person, followed=by)
            withdraw_between(by, person)
            touched = [*_take_likes_back(by, person), *_commented(by, person)]
            recount_posts(touched)
    return is_new


def unblock_person(person: Any, *, by: Any) -> bool:
    """Lift one's own block; says whether there was one. Follows do not come back."""
    require_member(by)
    with transaction.atomic():
        lock_pages(person, by)
        count, _rows = Block.objects.filter(blocker=by, blocked=person).delete()
        if count:
            recount_posts(_commented(by, person))
    return bool(count)


def mute_person(person: Any, *, by: Any) -> bool:
    """Keep somebody out of the timeline and the notifications; says whether it is new."""
    require_member(by)
    _require_other(person, by)
    require_seen(person, by=by)
    _mute, is_new = Mute.objects.get_or_create(muter=by, muted=person)
    return is_new


def unmute_person(person: Any, *, by: Any) -> bool:
    """Hear somebody again; says whether they were muted."""
    require_member(by)
    count, _rows = Mute.objects.filter(muter=by, muted=person).delete()
    return bool(count)


def blocked_by(person: Any) -> QuerySet:
    """The people whom the person has blocked, the latest first."""
    blocked = get_user_model().objects.filter(blocked_by__blocker=person)
    return blocked.order_by("-blocked_by__pk")


def muted_by(person: Any) -> QuerySet:
    """The people whom the person has muted, the latest first."""
    return get_user_model().objects.filter(muted_by__muter=person).order_by("-muted_by__pk")


def _take_likes_back(one: Any, other: Any) -> list[int]:
    likes = Like.objects.filter(
        Q(person=one, post__author=other) | Q(person=other, post__author=one)
    )
    posts = list(likes.values_list("post_id", flat=True))
    likes.delete()
    return posts


def _commented(one: Any, other: Any) -> list[int]:
    """The posts (ids) of either on whose count the other's comments tell, or answers to them."""
    pairs = ((one, other), (other, one))
    return list(
        chain.from_iterable(
            Comment.objects.filter(
                Q(author=writer) | Q(parent__author=writer), post__author=host
            ).values_list("post_id", flat=True)
            for host, writer in pairs
        )
    )


def _require_other(person: Any, by: Any) -> None:
    if person.pk == by.pk:
        reason = _("One cannot block or mute oneself.")
        raise InvalidError(reason, _("Choose somebody else."))
