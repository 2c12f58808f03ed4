"""Counts told anew from the rows, where adding or taking away one is not enough."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from moongate.social.models import Audience, Comment, Follow, Like, Page, Post, State
from moongate.social.visibility import comment_stands


def counted_posts() -> QuerySet[Post]:
    """Posts that count on their author's page: shown, and not for the author alone."""
    return Post.objects.filter(state=State.SHOWN).exclude(audience=Audience.ME)


def recount_posts(posts: Iterable[int]) -> None:
    """Count the likes and the standing comments of these posts (ids) anew. In a transaction."""
    ids = sorted(set(posts))
    # Locked first: what others add to the counts waits, and is then added to the new ones.
    list(Post.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    Post.objects.filter(pk__in=ids).update(
        likes=_count(Like.objects.filter(post=OuterRef("pk")), "post"),
        comments=_count(Comment.objects.filter(comment_stands(), post=OuterRef("pk")), "post"),
    )


def recount_pages(owners: Iterable[int]) -> None:
    """Count the posts, followers and followed of these people's pages (ids) anew, once locked."""
    ids = sorted(set(owners))
    pages = Page.objects.select_for_update().filter(owner__in=ids).order_by("owner_id")
    list(pages.values_list("pk"))
    owner = OuterRef("owner")
    follows = Follow.objects.filter(accepted=True)
    Page.objects.filter(owner__in=ids).update(
        posts=_count(counted_posts().filter(author=owner), "author"),
        followers=_count(follows.filter(followed=owner), "followed"),
        following=_count(follows.filter(follower=owner), "follower"),
    )


def _count(rows: QuerySet, by: str) -> Coalesce:
    number = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
