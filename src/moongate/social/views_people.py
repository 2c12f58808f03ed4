"""People's pages, and what one does there: follow, block, mute, give."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moongate.social import blocking, cards, following
from moongate.social.album_reading import albums_of
from moongate.social.doors import answers, done, for_members, given, place_from
from moongate.social.errors import InvalidError
from moongate.social.forms import GiftForm
from moongate.social.gifts import CARD_KIND, gifts_of, give_gift
from moongate.social.music import TUNES
from moongate.social.pages import page_of
from moongate.social.photos.visibility import visible_photos
from moongate.social.reading import posts_of
from moongate.social.showing import (
    find_anybody,
    find_person,
    followed_among,
    gift_cards,
    relation,
    with_cards,
)
from moongate.social.visibility import is_private, may_see_page
from moongate.social.visits import record_visit, visitors_of

STRIP = 8  # visitors, albums and gifts shown on the page itself
PEOPLE = 50  # a page of a list


@require_safe
@ensure_csrf_cookie
@answers
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A person's page: who they are, what they posted, and for the owner who looked in."""
    other = find_person(public_id, viewer=request.user)
    is_open = may_see_page(other, request.user)
    posts = posts_of(other, viewer=request.user, before=place_from(request))
    record_visit(other, by=request.user)
    page = page_of(other)
    stands = relation(other, request.user)
    context: dict[str, Any] = {
        "other": other,
        "page": page,
        "is_open": is_open,
        "is_private": is_private(other),
        "posts": with_cards(posts.posts, request.user),
        "next": posts.next,
        "is_member": request.user.is_authenticated and not request.user.is_guest,
        "can_gift": cards.has_some(CARD_KIND, to=request.user),
        **stands,
    }
    if is_open:
        cover = page.cover_id and visible_photos(request.user).filter(pk=page.cover_id).first()
        albums = albums_of(other, viewer=request.user)[:STRIP]
        context |= {
            "cover": cover,
            "tune": TUNES.get(page.music, ""),
            "albums": with_fronts(albums, request.user),
            "gifts": gift_cards(gifts_of(other)[:STRIP], request.user),
        }
    if stands["is_self"]:
        context["visitors"] = _lately(other)
    return render(request, "social/person.html", context)


@require_safe
@answers
def followers(request: HttpRequest, public_id: UUID) -> HttpResponse:
    other = find_person(public_id, viewer=request.user)
    people = following.followers_of(other, viewer=request.user)
    return _people(request, other, people, is_followers=True)


@require_safe
@answers
def followed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    other = find_person(public_id, viewer=request.user)
    return _people(request, other, following.followed_by(other, viewer=request.user))


@require_POST
@for_members
def follow(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Follow, or with `do=undo` no more."""
    other = find_person(public_id, viewer=request.user)
    if request.POST.get("do") == "undo":
        following.unfollow_person(other, by=request.user)
        state = "no"
    else:
        state = "yes" if following.follow_person(other, by=request.user).accepted else "asked"
    page = reverse("social:person", args=[other.public_id])
    facts = {"state": state, "count": page_of(other).followers}
    return done(request, facts, to="" if request.POST.get("next") else page)


@require_POST
@for_members
def block(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Block, or with `do=undo` no more."""
    other = find_anybody(public_id, viewer=request.user)
    if request.POST.get("do") == "undo":
        blocking.unblock_person(other, by=request.user)
        said = _("You and {name} see each other again.")
    else:
        blocking.block_person(other, by=request.user)
        said = _("You and {name} do not see each other any more.")
    return done(request, said=said.format(name=other), to=reverse("social:settings"))


@require_POST
@for_members
def mute(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mute, or with `do=undo` no more."""
    other = find_person(public_id, viewer=request.user)
    if request.POST.get("do") == "undo":
        blocking.unmute_person(other, by=request.user)
        said = _("You hear {name} again.")
    else:
        blocking.mute_person(other, by=request.user)
        said = _("{name} is muted, and is not told.")
    to = reverse("social:person", args=[other.public_id])
    return done(request, said=said.format(name=other), to="" if request.POST.get("next") else to)


@require_safe
@ensure_csrf_cookie
@for_members
def requests(request: HttpRequest) -> HttpResponse:
    """Who asks to follow one."""
    waiting = following.requests_of(request.user)[:PEOPLE]
    return render(request, "social/requests.html", {"waiting": waiting})


@require_POST
@for_members
def decide_request(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let somebody in, or with `do=refuse` not; also ends the follow of one let in before."""
    other = find_person(public_id, viewer=request.user)
    if request.POST.get("do") == "refuse":
        following.refuse_request(other, by=request.user)
        said = _("{name} does not follow you.")
    else:
        following.accept_request(other, by=request.user)
        said = _("{name} follows you now.")
    return done(
        request,
        said=said.format(name=other),
        to="" if request.POST.get("next") else reverse("social:requests"),
    )


@require_safe
@for_members
def visitors(request: HttpRequest) -> HttpResponse:
    found = visitors_of(request.user)
    return render(request, "social/visitors.html", {"visitors": found})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def gift(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give somebody a costume; `?costume=` fills the form in from the costume's page."""
    other = find_person(public_id, viewer=request.user)
    form = GiftForm(
        given(request),
        initial={"costume": request.GET.get("costume", "")},
        offered=cards.offered(CARD_KIND, to=request.user, lang=get_language() or "en"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            give_gift(other, by=request.user, **form.cleaned_data)
        except InvalidError as error:
            form.refuse(error)
        else:
            to = reverse("social:person", args=[other.public_id])
            return done(request, said=_("Your gift is on its way."), to=to)
    status = 422 if form.errors else 200
    return render(request, "social/gift.html", {"other": other, "form": form}, status=status)


def with_fronts(albums: Any, viewer: Any) -> list[Any]:
    """The albums, each with its `front`: the newest photo in it that the viewer may see."""
    albums = list(albums)
    seen = visible_photos(viewer).order_by("-pk")
    for album in albums:
        album.front = seen.filter(album=album).first()
    return albums


def _lately(owner: Any) -> Any:
    found = visitors_of(owner)
    faces: dict[int, Any] = {}
    for visit in found.visits:
        faces.setdefault(visit.visitor_id, visit)
    return {"is_on": found.is_on, "visits": list(faces.values())[:STRIP]}


def _people(
    request: HttpRequest, other: Any, people: Any, *, is_followers: bool = False
) -> HttpResponse:
    page = Paginator(people, PEOPLE).get_page(request.GET.get("page"))
    context = {
        "other": other,
        "people": followed_among(page.object_list, request.user),
        "number": page,
        "is_followers": is_followers,
        "is_self": request.user.is_authenticated and request.user.pk == other.pk,
        "is_member": request.user.is_authenticated and not request.user.is_guest,
    }
    return render(request, "social/people.html", context)
