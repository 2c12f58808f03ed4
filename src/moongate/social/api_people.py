"""The API on people: oneself, others, following, blocking, muting, and one's own tokens."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from moongate.social import api_tokens, blocking, following
from moongate.social.api_doors import BROWSER, FOLLOW, READ
from moongate.social.api_shapes import (
    PAGE_SIZE,
    REFUSED,
    REFUSED_WRITE,
    Before,
    Done,
    FollowOut,
    Limit,
    MeOut,
    NewTokenOut,
    PeopleOut,
    PersonOut,
    PostsOut,
    ProfileOut,
    TokenOut,
    You,
    person_out,
    posts_out,
    token_facts,
)
from moongate.social.errors import NotAllowedError, no_person
from moongate.social.models import Block, Follow, Mute
from moongate.social.notifications import unread_count
from moongate.social.pages import page_of
from moongate.social.reading import posts_of
from moongate.social.timeline import new_posts
from moongate.social.visibility import is_private, may_see_page, visible_people

router = Router()


@router.get("/me", auth=READ, response={200: MeOut, **REFUSED}, summary="Who you are here")
def me(request: HttpRequest) -> MeOut:
    you = request.auth
    facts = person_out(you).dict()
    return MeOut(**facts, unread=unread_count(you), new_posts=new_posts(you))


@router.get(
    "/people/{person_id}", auth=READ, response={200: ProfileOut, **REFUSED}, summary="A person"
)
def person(request: HttpRequest, person_id: UUID) -> ProfileOut:
    you, other = request.auth, find_person(person_id, by=request.auth)
    page = page_of(other)
    follow = Follow.objects.filter(follower=you, followed=other).first()
    is_open = may_see_page(other, you)
    return ProfileOut(
        **person_out(other).dict(),
        about=page.about if is_open else "",
        is_private=is_private(other),
        followers=page.followers,
        following=page.following,
        posts=page.posts,
        you=You(
            follow="no" if follow is None else "yes" if follow.accepted else "asked",
            follows_you=Follow.objects.filter(follower=other, followed=you, accepted=True).exists(),
            mute=Mute.objects.filter(muter=you, muted=other).exists(),
        ),
    )


@router.get(
    "/people/{person_id}/posts",
    auth=READ,
    response={200: PostsOut, **REFUSED},
    summary="What a person posted, newest first",
)
def posts(
    request: HttpRequest, person_id: UUID, before: Before = None, limit: Limit = PAGE_SIZE
) -> PostsOut:
    other = find_person(person_id, by=request.auth)
    page = posts_of(other, viewer=request.auth, before=before, limit=limit)
    return posts_out(page, request.auth)


@router.get(
    "/people/{person_id}/followers",
    auth=READ,
    response={200: PeopleOut, **REFUSED},
    summary="Who follows a person, newest first",
)
def followers(
    request: HttpRequest, person_id: UUID, before: Before = None, limit: Limit = PAGE_SIZE
) -> PeopleOut:
    other = find_person(person_id, by=request.auth)
    people = following.followers_of(other, viewer=request.auth).order_by()
    links = Follow.objects.filter(followed=other, accepted=True, follower__in=people)
    return _people(links, "follower", before, limit)


@router.get(
    "/people/{person_id}/following",
    auth=READ,
    response={200: PeopleOut, **REFUSED},
    summary="Whom a person follows, newest first",
)
def followed(
    request: HttpRequest, person_id: UUID, before: Before = None, limit: Limit = PAGE_SIZE
) -> PeopleOut:
    other = find_person(person_id, by=request.auth)
    people = following.followed_by(other, viewer=request.auth).order_by()
    links = Follow.objects.filter(follower=other, accepted=True, followed__in=people)
    return _people(links, "followed", before, limit)


@router.put(
    "/people/{person_id}/follow",
    auth=FOLLOW,
    response={200: FollowOut, **REFUSED_WRITE},
    summary="Follow a person, or ask to",
)
def follow(request: HttpRequest, person_id: UUID) -> FollowOut:
    found = following.follow_person(find_person(person_id, by=request.auth), by=request.auth)
    return FollowOut(accepted=found.accepted)


@router.delete(
    "/people/{person_id}/follow",
    auth=FOLLOW,
    response={200: Done, **REFUSED_WRITE},
    summary="Follow a person no more",
)
def unfollow(request: HttpRequest, person_id: UUID) -> Done:
    other = find_person(person_id, by=request.auth)
    return Done(changed=following.unfollow_person(other, by=request.auth))


@router.delete(
    "/followers/{person_id}",
    auth=FOLLOW,
    response={200: Done, **REFUSED_WRITE},
    summary="Have a person follow you no more",
)
def remove_follower(request: HttpRequest, person_id: UUID) -> Done:
    other = find_person(person_id, by=request.auth)
    return Done(changed=following.remove_follower(other, by=request.auth))


@router.get(
    "/requests",
    auth=READ,
    response={200: list[PersonOut], **REFUSED},
    summary="Who asks to follow you, the longest waiting first",
)
def requests(request: HttpRequest, limit: Limit = PAGE_SIZE) -> list[PersonOut]:
    rows = following.requests_of(request.auth)[:limit]
    return [person_out(row.follower) for row in rows]


@router.put(
    "/requests/{person_id}",
    auth=FOLLOW,
    response={200: FollowOut, **REFUSED_WRITE},
    summary="Let a person follow you",
)
def accept(request: HttpRequest, person_id: UUID) -> FollowOut:
    other = find_person(person_id, by=request.auth)
    return FollowOut(accepted=following.accept_request(other, by=request.auth).accepted)


@router.delete(
    "/requests/{person_id}",
    auth=FOLLOW,
    response={200: Done, **REFUSED_WRITE},
    summary="Turn a request down",
)
def refuse(request: HttpRequest, person_id: UUID) -> Done:
    other = find_person(person_id, by=request.auth)
    return Done(changed=following.refuse_request(other, by=request.auth))


@router.put(
    "/people/{person_id}/block",
    auth=FOLLOW,
    response={200: Done, **REFUSED_WRITE},
    summary="Block a person: neither sees the other",
)
def block(request: HttpRequest, person_id: UUID) -> Done:
    other = _anybody(person_id)
    return Done(changed=blocking.block_person(other, by=request.auth))


@router.delete(
    "/people/{person_id}/block",
    auth=FOLLOW,
    response={200: Done, **REFUSED_WRITE},
    summary="Lift your block",
)
def unblock(request: HttpRequest, person_id: UUID) -> Done:
    other = _anybody(person_id)
    return Done(changed=blocking.unblock_person(other, by=request.auth))


@router.get(
    "/blocked",
    auth=READ,
    response={200: PeopleOut, **REFUSED},
    summary="Whom you have blocked, the latest first",
)
def blocked(request: HttpRequest, before: Before = None, limit: Limit = PAGE_SIZE) -> PeopleOut:
    return _people(Block.objects.filter(blocker=request.auth), "blocked", before, limit)


@router.put(
    "/people/{person_id}/mute",
    auth=FOLLOW,
    response={200: Done, **REFUSED_WRITE},
    summary="Keep a person out of your timeline and notifications",
)
def mute(request: HttpRequest, person_id: UUID) -> Done:
    other = find_person(person_id, by=request.auth)
    return Done(changed=blocking.mute_person(other, by=request.auth))


@router.delete(
    "/people/{person_id}/mute",
    auth=FOLLOW,
    response={200: Done, **REFUSED_WRITE},
    summary="Hear a person again",
)
def unmute(request: HttpRequest, person_id: UUID) -> Done:
    other = find_person(person_id, by=request.auth)
    return Done(changed=blocking.unmute_person(other, by=request.auth))


@router.get(
    "/tokens",
    auth=BROWSER,
    response={200: list[TokenOut], **REFUSED},
    summary="Your tokens; only in a browser that is signed in",
)
def tokens(request: HttpRequest) -> list[TokenOut]:
    return [TokenOut(**token_facts(token)) for token in api_tokens.tokens_of(request.auth)]


class TokenIn(Schema):
    name: str = Field(min_length=1, max_length=api_tokens.NAME_MAX)
    scopes: list[Literal["read", "post", "follow", "report"]] = Field(min_length=1, max_length=4)
    days: int = Field(default=90, ge=1, le=api_tokens.DAYS_MAX)


@router.post(
    "/tokens",
    auth=BROWSER,
    response={201: NewTokenOut, **REFUSED_WRITE},
    summary="Make a token; its secret is told once",
)
def issue(request: HttpRequest, wanted: TokenIn) -> Any:
    if is_reauthentication_required(request, app=""):
        reason = _("A new token needs a fresh proof that it is you.")
        raise NotAllowedError(reason, _("Make it on the page of your account, which asks for it."))
    issued = api_tokens.issue_token(
        request.auth, name=wanted.name, scopes=wanted.scopes, days=wanted.days
    )
    return Status(201, NewTokenOut(**token_facts(issued.token), secret=issued.secret))


@router.delete(
    "/tokens/{token_id}",
    auth=BROWSER,
    response={200: Done, **REFUSED_WRITE},
    summary="Revoke a token",
)
def revoke(request: HttpRequest, token_id: UUID) -> Done:
    return Done(changed=api_tokens.revoke_token(token_id, by=request.auth))


def find_person(public_id: UUID, *, by: Any) -> Any:
    """Somebody whom `by` may see. Raises NotFoundError."""
    found = visible_people(by).filter(public_id=public_id).first()
    if found is None:
        raise no_person()
    return found


def _anybody(public_id: UUID) -> Any:
    """Somebody, seen or not: who was blocked may block as well. Raises NotFoundError."""
    people = get_user_model().objects.filter(is_active=True, is_guest=False)
    found = people.filter(public_id=public_id).first()
    if found is None:
        raise no_person()
    return found


def _people(links: QuerySet, column: str, before: int | None, limit: int) -> PeopleOut:
    """A page of the people in a column of the rows that link them to somebody, newest first."""
    if before is not None:
        links = links.filter(pk__lt=before)
    found = list(links.select_related(column).order_by("-pk")[: limit + 1])
    shown = found[:limit]
    items = [person_out(getattr(link, column)) for link in shown]
    return PeopleOut(items=items, next=shown[-1].pk if len(found) > limit else None)
