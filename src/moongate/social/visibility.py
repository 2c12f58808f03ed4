"""Who may see what: the one place for the rules about posts, comments and people.

- A block hides two people from each other everywhere, whoever of them set it.
- A post is seen by its author in any state; by others when it is shown, its author's account is
  open, and its audience admits them. Followers are those who were let in.
- On a private page (its own switch, or the account's) "everyone" means the followers.
- A comment stands while it is shown and no block parts its author from the post's. Whoever may see
  the post sees it, unless a block stands between; its own author sees it in any state. A reply is
  seen by whoever sees the comment that it answers as well, or the empty place that one left.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from moongate.social.models import Audience, Block, Comment, Follow, Page, Post, State


def visible_posts(viewer: Any) -> QuerySet[Post]:
    """The posts that `viewer` (None or anonymous: a stranger) may see."""
    viewer = _known(viewer)
    shown = Q(state=State.SHOWN, author__is_active=True)
    private = Exists(Page.objects.filter(owner=OuterRef("author"), is_private=True))
    public = Q(audience=Audience.EVERYONE, author__is_private=False) & ~Q(private)
    if viewer is None:
        return Post.objects.filter(shown & public)
    admitted = public | (~Q(audience=Audience.ME) & Q(is_followed(viewer, "author")))
    seen = shown & admitted & not_apart(viewer, "author")
    return Post.objects.filter(seen | Q(author=viewer))


def visible_comments(viewer: Any) -> QuerySet[Comment]:
    """The comments that `viewer` may see, under the posts that `viewer` may see."""
    return visible_threads(viewer).filter(author__isnull=False)


def visible_threads(viewer: Any) -> QuerySet[Comment]:
    """The comments that `viewer` may see, and the places of those that are gone."""
    viewer = _known(viewer)
    under = Exists(visible_posts(viewer).filter(pk=OuterRef("post")))
    answered = Q(parent=None) | _seen_itself(viewer, "parent__")
    return Comment.objects.filter(under, Q(author=None) | (_seen_itself(viewer) & answered))


def visible_people(viewer: Any) -> QuerySet:
    """The people whom `viewer` may find: with an open account, no guests, no block between."""
    viewer = _known(viewer)
    people = get_user_model().objects.filter(is_active=True, is_guest=False)
    return people if viewer is None else people.filter(not_apart(viewer, "pk"))


def comment_stands() -> Q:
    """A condition on comments: one that counts on its post, whoever looks."""
    return _stands() & Q(author__isnull=False) & (Q(parent=None) | _stands("parent__"))


def is_followed(viewer: Any, author: str) -> Exists:
    """A condition: `viewer` was let in by the person in the column `author`."""
    follows = Follow.objects.filter(follower=viewer, followed=OuterRef(author), accepted=True)
    return Exists(follows)


def not_apart(viewer: Any, author: str) -> Q:
    """A condition: no block stands between `viewer` and the person in the column `author`."""
    # Two look-ups by index; one with OR would read the whole table.
    return ~Q(Exists(Block.objects.filter(blocker=viewer, blocked=OuterRef(author)))) & ~Q(
        Exists(Block.objects.filter(blocked=viewer, blocker=OuterRef(author)))
    )


def are_apart(one: Any, other: Any) -> bool:
    """Whether a block stands between two people."""
    between = Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    return Block.objects.filter(between).exists()


def may_see_page(owner: Any, viewer: Any) -> bool:
    """Whether `viewer` may see what is on `owner`'s page, beside the name on its door."""
    viewer = _known(viewer)
    if viewer is not None and viewer.pk == owner.pk:
        return True
    if not visible_people(viewer).filter(pk=owner.pk).exists():
        return False
    if not is_private(owner):
        return True
    follows = Follow.objects.filter(follower=viewer, followed=owner, accepted=True)
    return viewer is not None and follows.exists()


def is_private(owner: Any) -> bool:
    """Whether new followers must be let in: by the page's own switch, or the account's."""
    return owner.is_private or Page.objects.filter(owner=owner, is_private=True).exists()


def _stands(at: str = "") -> Q:
    host, author = OuterRef("post__author"), OuterRef(f"{at}author")
    shown = Q(**{f"{at}state": State.SHOWN})
    return shown & ~(
        Q(Exists(Block.objects.filter(blocker=host, blocked=author)))
        | Q(Exists(Block.objects.filter(blocked=host, blocker=author)))
    )


def _seen_itself(viewer: Any, at: str = "") -> Q:
    present = Q(**{f"{at}author__is_active": True})
    if at:
        present |= Q(**{f"{at}author": None})
    seen = _stands(at) & present
    if viewer is None:
        return seen
    return (seen & not_apart(viewer, f"{at}author")) | Q(**{f"{at}author": viewer})


def _known(viewer: Any) -> Any:
    return viewer if viewer is not None and viewer.is_authenticated else None
