"""What the pages show beside the rows themselves: cards, people, notices in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from moongate.social.blocking import blocked_by
from moongate.social.cards import Card, render_card
from moongate.social.errors import no_comment, no_person
from moongate.social.models import Comment, Follow, Mute, Post
from moongate.social.visibility import visible_comments, visible_people


def with_cards(posts: Iterable[Post], viewer: Any) -> list[Post]:
    """The posts, each with its `card` as the viewer sees it, or None."""
    posts = list(posts)
    for post in posts:
        post.card = render_card(post, viewer=viewer, lang=get_language() or "en")
    return posts


def card_of(kind: str, ref: str, viewer: Any) -> Card | None:
    """One card as the viewer sees it, before or without a post that carries it."""
    card = Post(card_kind=kind, card_ref=ref)
    return render_card(card, viewer=viewer, lang=get_language() or "en")


def gift_cards(gifts: Iterable[Any], viewer: Any) -> list[Any]:
    """The gifts, each with the `card` of its costume, or None."""
    gifts = list(gifts)
    for gift in gifts:
        gift.card = card_of("costume", gift.costume, viewer)
    return gifts


def find_person(public_id: Any, *, viewer: Any) -> Any:
    """Somebody whom `viewer` may see. Raises NotFoundError."""
    person = visible_people(viewer).filter(public_id=public_id).first()
    if person is None:
        raise no_person()
    return person


def find_anybody(public_id: Any, *, viewer: Any) -> Any:
    """Somebody whom `viewer` may see, or has blocked. Raises NotFoundError."""
    blocked = blocked_by(viewer).filter(public_id=public_id).first()
    return blocked or find_person(public_id, viewer=viewer)


def find_comment(public_id: Any, *, viewer: Any) -> Comment:
    """A comment that `viewer` may see. Raises NotFoundError."""
    comments = visible_comments(viewer).select_related("author", "post")
    comment = comments.filter(public_id=public_id).first()
    if comment is None:
        raise no_comment()
    return comment


def threads(comments: Iterable[Comment]) -> list[Comment]:
    """Comments with their `answers` beneath; one whose comment is on another page stands alone."""
    tops: dict[int, Comment] = {}
    ordered: list[Comment] = []
    for comment in comments:
        comment.answers = []
        above = tops.get(comment.parent_id or 0)
        if above is not None:
            above.answers.append(comment)
            continue
        tops[comment.pk] = comment
        ordered.append(comment)
    return ordered


def relation(person: Any, viewer: Any) -> dict[str, Any]:
    """How `viewer` stands to the person: none, themself, following, asked, muted."""
    if not viewer.is_authenticated:
        return {"is_self": False, "follow": "no", "is_muted": False, "follows_you": False}
    follow = Follow.objects.filter(follower=viewer, followed=person).first()
    return {
        "is_self": viewer.pk == person.pk,
        "follow": "no" if follow is None else "yes" if follow.accepted else "asked",
        "is_muted": Mute.objects.filter(muter=viewer, muted=person).exists(),
        "follows_you": Follow.objects.filter(
            follower=person, followed=viewer, accepted=True
        ).exists(),
    }


def followed_among(people: Iterable[Any], viewer: Any) -> list[Any]:
    """The people, each with `relation`: how the viewer stands to them. Two queries for all."""
    people = list(people)
    known: dict[int, bool] = {}
    if viewer.is_authenticated:
        follows = Follow.objects.filter(follower=viewer, followed__in=[one.pk for one in people])
        known = dict(follows.values_list("followed", "accepted"))
    for one in people:
        follow = {True: "yes", False: "asked"}.get(known.get(one.pk), "no")
        one.relation = {"follow": follow, "is_self": one.pk == getattr(viewer, "pk", None)}
    return people
