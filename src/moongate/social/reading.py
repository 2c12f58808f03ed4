"""Posts and comments as pages show them, a page at a time by the last id seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from moongate.social.errors import no_person, no_post
from moongate.social.models import Comment, Like, Post, PostPhoto, State
from moongate.social.prepared import Prepared, padded
from moongate.social.visibility import (
    visible_comments,
    visible_people,
    visible_posts,
    visible_threads,
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
    rows = visible_threads(viewer).filter(post=post, pk__gt=start).order_by("pk")
    found = list(rows.select_related("author")[: limit + 1])
    shown = found[:limit]
    further = shown[-1].pk if len(found) > limit else None
    return CommentPage(_with_answers(shown, viewer), further)


def _with_answers(comments: list[Comment], viewer: Any) -> list[Comment]:
    """The comments without the empty places that the viewer sees no answer below."""
    places = [comment.pk for comment in comments if comment.author_id is None]
    if not places:
        return comments
    below = visible_comments(viewer).filter(parent__in=places).values_list("parent", flat=True)
    wanted = set(below)
    return [one for one in comments if one.author_id is not None or one.pk in wanted]


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
    posts = list(posts)
    for post in posts:
        post.placed_photos = []
    known = {post.pk: post for post in posts}
    if known:
        for placed in PLACED.objects([_number_of(viewer), *padded(list(known))]):
            placed.post = known[placed.post_id]
            placed.post.placed_photos.append(placed)
    return posts


def load_posts(ids: Sequence[int], viewer: Any) -> list[Post]:
    """The posts of these ids, newest first, as pages show them; who may see them was asked before.

    What is gone by now is left out.
    """
    if not ids:
        return []
    return dress(DRESSED.objects([_number_of(viewer), *padded(ids)]), viewer)


def _number_of(viewer: Any) -> int:
    """The viewer's id; a stranger's is nobody's."""
    return viewer.pk if viewer is not None and viewer.is_authenticated else 0


def _placed_query(numbers: list[int], _shape: None) -> QuerySet[PostPhoto]:
    viewer, *posts = numbers
    seen = Q(photo__state=State.SHOWN) | Q(photo__owner=viewer)
    placed = PostPhoto.objects.filter(seen, post__in=posts).select_related("photo")
    return placed.order_by("place")


def _dressed_query(numbers: list[int], _shape: None) -> QuerySet[Post]:
    viewer, *posts = numbers
    liked = Exists(Like.objects.filter(post=OuterRef("pk"), person=viewer))
    rows = Post.objects.filter(pk__in=posts).select_related("author").annotate(is_liked=liked)
    return rows.order_by("-pk")


PLACED = Prepared(_placed_query)
DRESSED = Prepared(_dressed_query)


def _page(posts: QuerySet[Post], viewer: Any, before: int | None, limit: int) -> PostPage:
    edge, limit = clamp(before, limit)
    rows = dressed(posts, viewer).filter(pk__lt=edge).order_by("-pk")
    found = list(rows[: limit + 1])
    shown = dress(found[:limit], viewer)
    return PostPage(shown, shown[-1].pk if len(found) > limit else None)
