"""The API on posts: the timeline, posting, comments, likes, search."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from moongate.social import commenting, liking, posting, throttle
from moongate.social.api_doors import POST, READ
from moongate.social.api_shapes import (
    ID_MAX,
    PAGE_SIZE,
    REFUSED,
    REFUSED_WRITE,
    Before,
    CommentOut,
    CommentsOut,
    Done,
    HitsOut,
    Limit,
    PostOut,
    PostsOut,
    comment_out,
    hit_out,
    post_out,
    posts_out,
)
from moongate.social.errors import NotFoundError, no_comment
from moongate.social.models import COMMENT_MAX, PHOTOS_MAX, POST_MAX, Comment, Photo, Post
from moongate.social.reading import comments_of, dress, find_post
from moongate.social.search import search as search_for
from moongate.social.search.tokens import QUERY_MAX
from moongate.social.timeline import mark_seen, read_timeline
from moongate.social.visibility import visible_comments

router = Router()

AudienceIn = Literal["everyone", "followers", "me"]


class PostIn(Schema):
    text: str = Field(default="", max_length=POST_MAX)
    photos: list[UUID] = Field(default=[], max_length=PHOTOS_MAX, description="your own, in order")
    audience: AudienceIn = "everyone"
    card_kind: str = Field(default="", max_length=32)
    card_ref: str = Field(default="", max_length=64)
    id: UUID | None = Field(
        default=None, description="of your own making: sent again, it is the same post"
    )


class PostChange(Schema):
    text: str | None = Field(default=None, max_length=POST_MAX)
    audience: AudienceIn | None = None


class CommentIn(Schema):
    text: str = Field(min_length=1, max_length=COMMENT_MAX)
    reply_to: UUID | None = None
    id: UUID | None = Field(
        default=None, description="of your own making: sent again, it is the same comment"
    )


class SeenIn(Schema):
    post: UUID = Field(description="the newest post that was shown")


@router.get("/timeline", auth=READ, response={200: PostsOut, **REFUSED}, summary="Your timeline")
def timeline(request: HttpRequest, before: Before = None, limit: Limit = PAGE_SIZE) -> PostsOut:
    page = read_timeline(request.auth, before=before, limit=limit)
    return posts_out(page, request.auth)


@router.put(
    "/timeline/seen",
    auth=READ,
    response={200: Done, **REFUSED_WRITE},
    summary="Say how far you have seen it",
)
def seen(request: HttpRequest, upto: SeenIn) -> Done:
    mark_seen(request.auth, upto=find_post(upto.post, viewer=request.auth).pk)
    return Done(changed=True)


@router.post(
    "/posts",
    auth=POST,
    response={201: PostOut, **REFUSED_WRITE},
    summary="Post a text, photos, a card",
)
def publish(request: HttpRequest, wanted: PostIn) -> Any:
    post = posting.publish_post(
        request.auth,
        text=wanted.text,
        photos=_photos(wanted.photos, request.auth),
        audience=wanted.audience,
        card_kind=wanted.card_kind,
        card_ref=wanted.card_ref,
        public_id=wanted.id,
    )
    return Status(201, _shown(post, request.auth))


@router.get("/posts/{post_id}", auth=READ, response={200: PostOut, **REFUSED}, summary="A post")
def read(request: HttpRequest, post_id: UUID) -> PostOut:
    return post_out(find_post(post_id, viewer=request.auth), request.auth)


@router.patch(
    "/posts/{post_id}",
    auth=POST,
    response={200: PostOut, **REFUSED_WRITE},
    summary="Change your post's text, for a while, or who may see it",
)
def change(request: HttpRequest, post_id: UUID, wanted: PostChange) -> PostOut:
    post = find_post(post_id, viewer=request.auth)
    if wanted.text is not None:
        posting.edit_post(post, text=wanted.text, by=request.auth)
    if wanted.audience is not None:
        posting.change_audience(post, audience=wanted.audience, by=request.auth)
    return _shown(post, request.auth)


@router.delete(
    "/posts/{post_id}",
    auth=POST,
    response={200: Done, **REFUSED_WRITE},
    summary="Take your post back",
)
def remove(request: HttpRequest, post_id: UUID) -> Done:
    post = find_post(post_id, viewer=request.auth)
    return Done(changed=posting.remove_post(post, by=request.auth))


@router.put(
    "/posts/{post_id}/like",
    auth=POST,
    response={200: Done, **REFUSED_WRITE},
    summary="Like a post",
)
def like(request: HttpRequest, post_id: UUID) -> Done:
    post = find_post(post_id, viewer=request.auth)
    return Done(changed=liking.like_post(post, by=request.auth))


@router.delete(
    "/posts/{post_id}/like",
    auth=POST,
    response={200: Done, **REFUSED_WRITE},
    summary="Take a like back",
)
def unlike(request: HttpRequest, post_id: UUID) -> Done:
    post = find_post(post_id, viewer=request.auth)
    return Done(changed=liking.unlike_post(post, by=request.auth))


@router.get(
    "/posts/{post_id}/comments",
    auth=READ,
    response={200: CommentsOut, **REFUSED},
    summary="The comments under a post, oldest first",
)
def comments(
    request: HttpRequest,
    post_id: UUID,
    after: Annotated[int | None, Query(ge=1, le=ID_MAX, description="a page's `next`")] = None,
    limit: Limit = PAGE_SIZE,
) -> CommentsOut:
    post = find_post(post_id, viewer=request.auth)
    page = comments_of(post, viewer=request.auth, after=after, limit=limit)
    parents = _parents(page.comments)
    items = [comment_out(comment, parents) for comment in page.comments]
    return CommentsOut(items=items, next=page.next)


@router.post(
    "/posts/{post_id}/comments",
    auth=POST,
    response={201: CommentOut, **REFUSED_WRITE},
    summary="Comment on a post, or answer a comment",
)
def comment(request: HttpRequest, post_id: UUID, wanted: CommentIn) -> Any:
    post = find_post(post_id, viewer=request.auth)
    answered = None if wanted.reply_to is None else _comment(wanted.reply_to, request.auth)
    added = commenting.add_comment(
        post, text=wanted.text, by=request.auth, reply_to=answered, public_id=wanted.id
    )
    return Status(201, comment_out(added, _parents([added])))


@router.delete(
    "/comments/{comment_id}",
    auth=POST,
    response={200: Done, **REFUSED_WRITE},
    summary="Take back your comment, or one under your post",
)
def uncomment(request: HttpRequest, comment_id: UUID) -> Done:
    found = _comment(comment_id, request.auth)
    return Done(changed=commenting.remove_comment(found, by=request.auth))


@router.get(
    "/search",
    auth=READ,
    response={200: HitsOut, **REFUSED},
    summary="Posts or people that have all of the words, best first",
)
def search(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=QUERY_MAX)],
    kind: Literal["posts", "people"] = "posts",
    before: Annotated[
        str | None, Query(max_length=120, description="an earlier page's `next`")
    ] = None,
    limit: Limit = PAGE_SIZE,
) -> HitsOut:
    throttle.admit("search", request.auth)
    page = search_for(q, request.auth, kind, before, limit=limit)
    dress([hit.thing for hit in page.hits if isinstance(hit.thing, Post)], request.auth)
    return HitsOut(items=[hit_out(hit, request.auth) for hit in page.hits], next=page.next)


def _shown(post: Post, viewer: Any) -> PostOut:
    return post_out(find_post(post.public_id, viewer=viewer), viewer)


def _photos(wanted: list[UUID], owner: Any) -> list[Photo]:
    """The owner's photos in the order given. Raises NotFoundError when one is not there."""
    rows = Photo.objects.filter(owner=owner, public_id__in=wanted)
    found = {photo.public_id: photo for photo in rows}
    if set(wanted) - set(found):
        raise NotFoundError(
            _("photos: one of them is not here, or is not yours."), _("Add the photo again.")
        )
    return [found[public_id] for public_id in wanted]


def _comment(public_id: UUID, viewer: Any) -> Comment:
    found = visible_comments(viewer).filter(public_id=public_id).first()
    if found is None:
        raise no_comment()
    return found


def _parents(comments: list[Comment]) -> dict[int, UUID]:
    ids = {comment.parent_id for comment in comments if comment.parent_id is not None}
    return dict(Comment.objects.filter(pk__in=ids).values_list("pk", "public_id")) if ids else {}
