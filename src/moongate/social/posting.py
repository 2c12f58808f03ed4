"""What happens to posts: published, edited, shown to others, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from moongate.social import cards, search, throttle
from moongate.social.counts import recount_pages
from moongate.social.errors import ConflictError, InvalidError, NotFoundError, no_post
from moongate.social.fanout import begin_fan_out
from moongate.social.models import (
    PHOTOS_MAX,
    POST_MAX,
    Audience,
    Page,
    Photo,
    Post,
    PostPhoto,
    State,
)
from moongate.social.pages import lock_pages
from moongate.social.people import require_member
from moongate.social.reporting import keep_open_reports
from moongate.social.texts import clean_text

EDIT_FOR = timedelta(minutes=15)

log = structlog.get_logger("moongate.social")


def publish_post(
    author: Any,
    *,
    text: str = "",
    photos: Sequence[Photo] = (),
    audience: str = Audience.EVERYONE,
    card_kind: str = "",
    card_ref: str = "",
    public_id: UUID | None = None,
) -> Post:
    """Publish a post and put it on timelines. It is held while one of its photos is held.

    Give a `public_id` of your own making and the same request sent again is the same post.
    Raises SocialError.
    """
    require_member(author)
    known = _sent_before(public_id, author)
    if known is not None:
        return known
    text = clean_text(text, field="text", most=POST_MAX)
    _require_audience(audience)
    _require_photos(photos)
    cards.require_card(card_kind, card_ref, by=author)
    if not text and not photos and not card_kind:
        reason = _("text: a post needs a text, a photo or a card.")
        raise InvalidError(reason, _("Write something or add a photo."), field="text")
    throttle.admit("post", author)
    post = Post(author=author, text=text, audience=audience, card_kind=card_kind, card_ref=card_ref)
    if public_id is not None:
        post.public_id = public_id
    try:
        with transaction.atomic():
            _publish(post, photos)
    except IntegrityError:
        # The same request twice at one time: the other came first.
        known = _sent_before(public_id, author)
        if known is None:
            raise
        return known
    log.info("post published", photos=len(photos), card=card_kind, audience=audience)
    return post


def edit_post(post: Post, *, text: str, by: Any) -> Post:
    """Change the text within fifteen minutes of posting. Raises SocialError."""
    require_member(by)
    text = clean_text(text, field="text", most=POST_MAX)
    with transaction.atomic():
        post = _lock_own(post, by=by)
        if post.state == State.REMOVED:
            reason = _("This post was taken down.")
            raise ConflictError(reason, _("You can appeal against that."))
        if timezone.now() - post.created > EDIT_FOR:
            reason = _("A post can be edited for fifteen minutes.")
            raise ConflictError(reason, _("Remove it and post it anew."))
        if not text and not post.card_kind and not post.photos.exists():
            reason = _("text: a post needs a text, a photo or a card.")
            raise InvalidError(reason, _("Write something or remove the post."), field="text")
        post.text = text
        post.save(update_fields=["text"])
        search.index(post)
    return post


def change_audience(post: Post, *, audience: str, by: Any) -> Post:
    """Choose anew who may see the post; it takes effect at once. Raises SocialError."""
    require_member(by)
    _require_audience(audience)
    with transaction.atomic():
        page = lock_pages(by)[by.pk]
        post = _lock_own(post, by=by)
        if post.audience != audience:
            was_own = post.audience == Audience.ME
            post.audience = audience
            post.save(update_fields=["audience"])
            recount_pages([by.pk])
            search.index(post)
            if was_own:
                begin_fan_out(post, page)
    return post


def remove_post(post: Post, *, by: Any) -> bool:
    """Take one's own post back, with its likes and comments; says whether it was still there.

    Its photos stay in their albums. Raises NotFoundError when it is somebody else's.
    """
    require_member(by)
    with transaction.atomic():
        lock_pages(by)
        row = Post.objects.select_for_update().filter(pk=post.pk).first()
        if row is None:
            return False
        if row.author_id != by.pk:
            raise no_post()
        keep_open_reports(row)
        row.delete()
        recount_pages([by.pk])
    log.info("post removed by its author")
    return True


def _publish(post: Post, photos: Sequence[Photo]) -> None:
    page = lock_pages(post.author)[post.author_id]
    ids = [photo.pk for photo in photos]
    own = Photo.objects.filter(pk__in=ids, owner=post.author).exclude(state=State.REMOVED)
    found = {photo.pk: photo for photo in own}
    if len(found) != len(ids):
        reason = _("photos: one of them is not here, or is not yours.")
        raise NotFoundError(reason, _("Add the photo again."), field="photos")
    if any(photo.state == State.HELD for photo in found.values()):
        post.state = State.HELD
    post.save(force_insert=True)
    PostPhoto.objects.bulk_create(
        PostPhoto(post=post, photo_id=pk, place=place) for place, pk in enumerate(ids)
    )
    if post.state == State.SHOWN and post.audience != Audience.ME:
        Page.objects.filter(pk=page.pk).update(posts=F("posts") + 1)
    begin_fan_out(post, page)
    search.index(post)


def _sent_before(public_id: UUID | None, author: Any) -> Post | None:
    if public_id is None:
        return None
    post = Post.objects.filter(public_id=public_id).first()
    if post is not None and post.author_id != author.pk:
        reason = _("public_id: it is taken.")
        raise ConflictError(reason, _("Make a new one."), field="public_id")
    return post


def _lock_own(post: Post, *, by: Any) -> Post:
    row = Post.objects.select_for_update().filter(pk=post.pk, author=by).first()
    if row is None:
        raise no_post()
    return row


def _require_audience(audience: str) -> None:
    if audience not in Audience.values:
        reason = _("audience: must be one of {known}.").format(known=", ".join(Audience.values))
        raise InvalidError(reason, _("Choose who may see it."), field="audience")


def _require_photos(photos: Sequence[Photo]) -> None:
    if len(photos) > PHOTOS_MAX:
        reason = _("photos: {count}; at most {most} are taken.")
        reason = reason.format(count=len(photos), most=PHOTOS_MAX)
        raise InvalidError(reason, _("Choose fewer photos."), field="photos")
    if len({photo.pk for photo in photos}) != len(photos):
        reason = _("photos: the same one stands there twice.")
        raise InvalidError(reason, _("Choose each photo once."), field="photos")
