"""Who follows whom: at once, or by request where the page is private."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from moongate.social import throttle
from moongate.social.errors import ConflictError, InvalidError, NotFoundError, no_person
from moongate.social.fanout import bring_along, clear_away
from moongate.social.models import Block, Follow, Notification, Page
from moongate.social.notifications import notify, withdraw
from moongate.social.pages import lock_pages
from moongate.social.people import require_member, require_person
from moongate.social.visibility import is_private, may_see_page, visible_people

Kind = Notification.Kind


def follow_person(person: Any, *, by: Any) -> Follow:
    """Follow somebody, or ask to where the page is private (`accepted` says which).

    Again, it answers the follow that there is. Raises SocialError.
    """
    require_member(by)
    if person.pk == by.pk:
        raise InvalidError(_("One cannot follow oneself."), _("Choose somebody else."))
    require_person(person)
    with transaction.atomic():
        lock_pages(person, by)
        _require_no_block(person, by)
        is_open = not is_private(person)
        follow = Follow.objects.filter(follower=by, followed=person).first()
        if follow is None:
            throttle.admit("follow", by)
            follow = Follow.objects.create(follower=by, followed=person, accepted=is_open)
            if is_open:
                _begin(follow)
            notify(person, Kind.FOLLOW if is_open else Kind.REQUEST, actor=by)
        elif is_open and not follow.accepted:
            # The page has been opened since they asked.
            _accept(follow)
    return follow


def unfollow_person(person: Any, *, by: Any) -> bool:
    """Follow somebody no more, or take the request back; says whether there was one."""
    require_member(by)
    with transaction.atomic():
        lock_pages(person, by)
        return end_follow(follower=by, followed=person)


def remove_follower(follower: Any, *, by: Any) -> bool:
    """Let somebody follow `by` no more; they are not told. Says whether they did."""
    return refuse_request(follower, by=by)


def accept_request(follower: Any, *, by: Any) -> Follow:
    """Let in somebody who asks to follow `by`. Raises NotFoundError when they do not ask."""
    require_member(by)
    with transaction.atomic():
        lock_pages(follower, by)
        follow = Follow.objects.filter(follower=follower, followed=by).first()
        if follow is None:
            reason = _("There is no such request.")
            raise NotFoundError(reason, _("It may have been taken back."))
        if not follow.accepted:
            _accept(follow)
            notify(follower, Kind.ACCEPTED, actor=by)
    return follow


def refuse_request(follower: Any, *, by: Any) -> bool:
    """Turn down somebody who asks to follow `by`; they are not told. Says whether they asked."""
    require_member(by)
    with transaction.atomic():
        lock_pages(follower, by)
        return end_follow(follower=follower, followed=by)


def end_follow(*, follower: Any, followed: Any) -> bool:
    """End a follow or a request, in a transaction that has locked both pages."""
    follow = Follow.objects.filter(follower=follower, followed=followed).first()
    if follow is None:
        return False
    follow.delete()
    if follow.accepted:
        _count(follow, -1)
        clear_away(follower=follower, followed=followed)
    for kind in (Kind.FOLLOW, Kind.REQUEST):
        withdraw(followed, kind, actor=follower)
    return True


def requests_of(person: Any) -> QuerySet[Follow]:
    """Who asks to follow the person, the longest waiting first."""
    seen = visible_people(person)
    waiting = Follow.objects.filter(followed=person, accepted=False, follower__in=seen)
    return waiting.select_related("follower").order_by("pk")


def followers_of(person: Any, *, viewer: Any) -> QuerySet:
    """The people who follow the person, as far as `viewer` may see them, newest first."""
    _require_page(person, viewer)
    people = visible_people(viewer)
    return people.filter(follows__followed=person, follows__accepted=True).order_by("-follows__pk")


def followed_by(person: Any, *, viewer: Any) -> QuerySet:
    """The people whom the person follows, as far as `viewer` may see them, newest first."""
    _require_page(person, viewer)
    people = visible_people(viewer).filter(followed_by__follower=person, followed_by__accepted=True)
    return people.order_by("-followed_by__pk")


def _require_page(person: Any, viewer: Any) -> None:
    if not may_see_page(person, viewer):
        raise no_person()


def _require_no_block(person: Any, by: Any) -> None:
    if Block.objects.filter(blocker=person, blocked=by).exists():
        raise no_person()
    if Block.objects.filter(blocker=by, blocked=person).exists():
        raise ConflictError(_("You have blocked this person."), _("Unblock them first."))


def _accept(follow: Follow) -> None:
    follow.accepted = True
    follow.save(update_fields=["accepted"])
    _begin(follow)


def _begin(follow: Follow) -> None:
    _count(follow, 1)
    if not Page.objects.filter(owner=follow.followed_id, is_merged=True).exists():
        bring_along(follow)


def _count(follow: Follow, by: int) -> None:
    Page.objects.filter(owner=follow.followed_id).update(followers=F("followers") + by)
    Page.objects.filter(owner=follow.follower_id).update(following=F("following") + by)
