"""What goes out of the API, and how it is made from the rows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import get_language
from ninja import Query, Schema
from pydantic import Field

from moongate.social import cards
from moongate.social.models import ApiToken, Comment, Photo, Post
from moongate.social.notifications import Notice
from moongate.social.photos.addresses import url_of
from moongate.social.reading import PAGE, PAGE_MOST, PostPage
from moongate.social.search import Hit

ID_MAX = 2**63 - 1
Before = Annotated[int | None, Query(ge=1, le=ID_MAX, description="an earlier page's `next`")]
Limit = Annotated[int, Query(ge=1, le=PAGE_MOST)]
PAGE_SIZE = PAGE


class Refusal(Schema):
    """Why not, and what mends it, in the reader's language."""

    reason: str
    mend: str


class Wait(Refusal):
    retry_after_s: int


REFUSED: dict[int, Any] = {401: Refusal, 403: Refusal, 404: Refusal, 422: Refusal, 429: Wait}
REFUSED_WRITE: dict[int, Any] = {400: Refusal, 409: Refusal, **REFUSED}


class Done(Schema):
    changed: bool = Field(description="false when it was so already")


class PersonOut(Schema):
    id: UUID
    name: str


class You(Schema):
    """How you stand to the person."""

    follow: Literal["no", "asked", "yes"]
    follows_you: bool
    mute: bool


class ProfileOut(PersonOut):
    about: str
    is_private: bool
    followers: int
    following: int
    posts: int
    you: You


class MeOut(PersonOut):
    unread: int = Field(description="unread notifications; 100 stands for that or more")
    new_posts: int = Field(description="since the timeline was seen; 50 stands for that or more")


class PeopleOut(Schema):
    items: list[PersonOut]
    next: int | None


class FollowOut(Schema):
    accepted: bool = Field(description="false: it was asked for, and waits")


class SizeOut(Schema):
    format: str
    width: int
    height: int
    bytes: int
    url: str


class PhotoOut(Schema):
    id: UUID
    alt: str
    width: int
    height: int
    blurhash: str
    sizes: list[SizeOut]


class DeedOut(Schema):
    """A button of the card; one that `plays` may be shown in a frame of this site."""

    word: str
    url: str
    plays: bool


class CardOut(Schema):
    kind: str
    ref: str
    title: str
    text: str
    image_url: str
    url: str
    action: str
    deeds: list[DeedOut]


class PostOut(Schema):
    id: UUID
    author: PersonOut
    text: str
    audience: str
    state: str
    created: datetime
    likes: int
    comments: int
    is_liked: bool
    photos: list[PhotoOut]
    card: CardOut | None


class PostsOut(Schema):
    items: list[PostOut]
    next: int | None


class CommentOut(Schema):
    id: UUID
    author: PersonOut | None = Field(description="null: it is gone, and answers of others stay")
    text: str
    state: str
    reply_to: UUID | None
    created: datetime


class CommentsOut(Schema):
    items: list[CommentOut]
    next: int | None


class NoticeOut(Schema):
    id: int
    kind: str
    people: list[PersonOut] = Field(description="empty when the house itself did it")
    post: UUID | None
    comment: UUID | None
    is_read: bool
    created: datetime


class NoticesOut(Schema):
    items: list[NoticeOut]
    next: int | None


class SnippetOut(Schema):
    text: str
    ranges: list[tuple[int, int]] = Field(description="[start, end) in characters of `text`")
    cut_before: bool
    cut_after: bool


class HitOut(Schema):
    post: PostOut | None
    person: PersonOut | None
    snippet: SnippetOut


class HitsOut(Schema):
    items: list[HitOut]
    next: str | None


class TokenOut(Schema):
    id: UUID
    name: str
    scopes: list[str]
    created: datetime
    expires: datetime
    last_used: datetime | None


class NewTokenOut(TokenOut):
    secret: str = Field(description="told this once, and kept nowhere")


def person_out(person: Any) -> PersonOut:
    return PersonOut(id=person.public_id, name=str(person))


def post_out(post: Post, viewer: Any) -> PostOut:
    """A post as `reading.dress` has it."""
    return PostOut(
        id=post.public_id,
        author=person_out(post.author),
        text=post.text,
        audience=post.audience,
        state=post.state,
        created=post.created,
        likes=post.likes,
        comments=post.comments,
        is_liked=post.is_liked,
        photos=[_photo_out(placed.photo) for placed in post.placed_photos],
        card=_card_out(post, viewer),
    )


def posts_out(page: PostPage, viewer: Any) -> PostsOut:
    return PostsOut(items=[post_out(post, viewer) for post in page.posts], next=page.next)


def comment_out(comment: Comment, parents: dict[int, UUID]) -> CommentOut:
    """A comment; `parents` are the public ids of comments that are answered, by their own ids."""
    return CommentOut(
        id=comment.public_id,
        author=person_out(comment.author) if comment.author else None,
        text=comment.text,
        state=comment.state,
        reply_to=parents.get(comment.parent_id or 0),
        created=comment.created,
    )


def notice_out(notice: Notice) -> NoticeOut:
    return NoticeOut(
        id=notice.id,
        kind=notice.kind,
        people=[person_out(actor) for actor in notice.actors],
        post=notice.post.public_id if notice.post else None,
        comment=notice.comment.public_id if notice.comment else None,
        is_read=notice.is_read,
        created=notice.created,
    )


def hit_out(hit: Hit, viewer: Any) -> HitOut:
    is_post = isinstance(hit.thing, Post)
    shown = hit.snippet
    return HitOut(
        post=post_out(hit.thing, viewer) if is_post else None,
        person=None if is_post else person_out(hit.thing),
        snippet=SnippetOut(
            text=shown.text,
            ranges=list(shown.ranges),
            cut_before=shown.cut_before,
            cut_after=shown.cut_after,
        ),
    )


def token_facts(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.public_id,
        "name": token.name,
        "scopes": token.scopes,
        "created": token.created,
        "expires": token.expires,
        "last_used": token.last_used,
    }


def _photo_out(photo: Photo) -> PhotoOut:
    return PhotoOut(
        id=photo.public_id,
        alt=photo.alt,
        width=photo.width,
        height=photo.height,
        blurhash=photo.blurhash,
        sizes=[SizeOut(**_size_facts(photo, size)) for size in photo.sizes],
    )


def _size_facts(photo: Photo, size: dict[str, Any]) -> dict[str, Any]:
    kept = {name: size[name] for name in ("format", "width", "height", "bytes")}
    return {**kept, "url": url_of(photo, size)}


def _card_out(post: Post, viewer: Any) -> CardOut | None:
    card = cards.render_card(post, viewer=viewer, lang=get_language() or "en")
    if card is None:
        return None
    return CardOut(
        kind=post.card_kind,
        ref=post.card_ref,
        title=card.title,
        text=card.text,
        image_url=card.image_url,
        url=card.url,
        action=card.action,
        deeds=[DeedOut(word=deed.word, url=deed.url, plays=deed.plays) for deed in card.deeds],
    )
