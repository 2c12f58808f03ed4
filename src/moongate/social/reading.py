"""Posts and comments as pages show them, a page at a time by the last id seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    prefetch_related_objects,
)

from moongate.social.errors import no_person, no_post
from moongate.social.models import Comment, Like, Post, PostPhoto, State
from moongate.social.visibility import (
    visible_comments,
    visible_people,
    visible_posts,
)

PAGE = 20
PAGE_MOST = 100
ID_MAX = 2**63 - 1


@dataclass(frozen=True)
class PostPage:
    """Posts, newest first; give `next` as `before` to go on, None at the end.

    Each has its `author`, `is_liked` (by the viewer), and `placed_photos` (`.photo`, in order).
    """

    posts: list[Post] = field(default_factory=list)
    next: int | None = None


@dataclass(frozen=True)
class CommentPage:
    """Comments and replies, oldest first; give `next` as `after` to go on, None at the end."""

    comments: list[Comment] = field(default_factory=list)
    next: int | None = None


def posts_of(author: Any, *, viewer: Any, before: int | None = None, limit: int = PAGE) -> PostPage:
    """What somebody posted, as far as `viewer` may see it. Raises NotFoundError for the blocked."""
    is_own = viewer is not None and viewer.pk == author.pk
    if not is_own and not visible_people(viewer).filter(pk=author.pk).exists():
        raise no_person()
    return _page(visible_posts(viewer).filter(author=author), viewer, before, limit)


def recent_posts(viewer: Any, *, before: int | None = None, limit: int = PAGE) -> PostPage:
    """The newest posts of everybody that `viewer` may see."""
    return _page(visible_posts(viewer), viewer, before, limit)


def find_post(public_id: Any, *, viewer: Any) -> Post:
    """One post. Raises NotFoundError when there is none that `viewer` may see."""
    post = dressed(visible_posts(viewer), viewer).filter(public_id=public_id).first()
    if post is None:
        raise no_post()
    return dress([post], viewer)[0]


def comments_of(
    post: Post, *, viewer: Any, after: int | None = None, limit: int = PAGE
) -> CommentPage:
    """The comments under a post that `viewer` may see. Raises NotFoundError without the post."""
    if not visible_posts(viewer).filter(pk=post.pk).exists():
        raise no_post()
    limit = max(1, min(limit, PAGE_MOST))
    start = max(0, min(after or 0, ID_MAX))
    rows = visible_comments(viewer).filter(post=post, pk__gt=start).order_by("pk")
    found = list(rows.select_related("author")[: limit + 1])
    shown = found[:limit]
    return CommentPage(shown, shown[-1].pk if len(found) > limit else None)


def clamp(before: int | None, limit: int) -> tuple[int, int]:
    """Any numbers as an id that the database knows, and a size of page that it bears."""
    edge = ID_MAX if before is None else max(0, min(before, ID_MAX))
    return edge, max(1, min(limit, PAGE_MOST))


def dressed(posts: QuerySet[Post], viewer: Any) -> QuerySet[Post]:
    """The posts with their author, and whether the viewer likes them."""
    liked: Any = Value(False)
    if viewer is not None and viewer.is_authenticated:
        liked = Exists(Like.objects.filter(post=OuterRef("pk"), person=viewer))
    return posts.select_related("author").annotate(is_liked=liked)


def dress(posts: Sequence[Post], viewer: Any) -> list[Post]:
    """The posts with their photos: those shown, and the viewer's own."""
    seen = Q(photo__state=State.SHOWN)
    if viewer is not None and viewer.is_authenticated:
        seen |= Q(photo__owner=viewer)
    placed = PostPhoto.objects.filter(seen).select_related("photo").order_by("place")
    posts = list(posts)
    prefetch_related_objects(
        posts, Prefetch("postphoto_set", queryset=placed, to_attr="placed_photos")
    )
    return posts


def _page(posts: QuerySet[Post], viewer: Any, before: int | None, limit: int) -> PostPage:
    edge, limit = clamp(before, limit)
    rows = dressed(posts, viewer).filter(pk__lt=edge).order_by("-pk")
    found = list(rows[: limit + 1])
    shown = dress(found[:limit], viewer)
    return PostPage(shown, shown[-1].pk if len(found) > limit else None)
