"""The timeline, one post, and what is done on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from moongate.accounts.minors import must_tell_age
from moongate.social import cards, commenting, liking, posting
from moongate.social.cards import Card
from moongate.social.doors import answers, done, for_members, of_known_age, place_from
from moongate.social.errors import InvalidError, SocialError, no_comment
from moongate.social.forms import CommentForm, PostForm
from moongate.social.models import PHOTOS_MAX, Audience, Photo, Post
from moongate.social.pages import page_of
from moongate.social.photos.decode import MAX_BYTES
from moongate.social.photos.refusals import no_photo
from moongate.social.photos.verbs import add_photo, describe_photo
from moongate.social.reading import comments_of, find_post, recent_posts
from moongate.social.showing import card_of, find_comment, threads, with_cards
from moongate.social.timeline import mark_seen, read_timeline


def is_member(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not request.user.is_guest


@require_safe
@ensure_csrf_cookie
@answers
def timeline(request: HttpRequest) -> HttpResponse:
    """What those one follows have posted; to guests, what is public."""
    return _timeline(request)


@require_safe
@ensure_csrf_cookie
@answers
def everybody(request: HttpRequest) -> HttpResponse:
    """The newest posts of all whom one may see."""
    page = recent_posts(request.user, before=place_from(request))
    return _show_posts(request, page, title=_("Everybody"), is_all=True)


@require_POST
@for_members
@of_known_age
def publish(request: HttpRequest) -> HttpResponse:
    """Post a text and photos: uploaded before (`photo_id`), or with the form itself."""
    form = PostForm(request.POST)
    if not form.is_valid():
        return _timeline(request, form=form, status=422)
    try:
        photos = _photos_of(request)
        post = posting.publish_post(
            request.user,
            text=form.cleaned_data["text"],
            photos=photos,
            audience=form.cleaned_data["audience"],
            card_kind=form.cleaned_data["card_kind"],
            card_ref=form.cleaned_data["card_ref"],
            public_id=form.cleaned_data["public_id"],
        )
    except InvalidError as error:
        form.refuse(error)
        return _timeline(request, form=form, status=422)
    is_undescribed = any(not photo.alt for photo in photos)
    here = reverse("social:post", args=[post.public_id])
    to = f"{here}#describe" if is_undescribed else reverse("social:timeline")
    return done(request, {"url": to}, said=_("Your post is out."), to=to)


@require_safe
@ensure_csrf_cookie
@for_members
def compose(request: HttpRequest) -> HttpResponse:
    """The form for a post with a card, `?card_kind=replay&card_ref=…`."""
    kind, ref = request.GET.get("card_kind", ""), request.GET.get("card_ref", "")
    cards.require_card(kind, ref, by=request.user)
    context = {
        "form": PostForm(initial={"card_kind": kind, "card_ref": ref}),
        "card": card_of(kind, ref, request.user),
        "must_tell_age": must_tell_age(request.user),
    }
    return render(request, "social/compose.html", context)


@require_safe
@ensure_csrf_cookie
@answers
def post(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One post with its comments."""
    return _post(request, find_post(public_id, viewer=request.user))


@require_POST
@for_members
def like(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Like the post, or with `do=undo` no more."""
    found = find_post(public_id, viewer=request.user)
    is_on = request.POST.get("do") != "undo"
    (liking.like_post if is_on else liking.unlike_post)(found, by=request.user)
    likes = Post.objects.values_list("likes", flat=True).get(pk=found.pk)
    return done(request, {"is_on": is_on, "count": likes})


@require_POST
@for_members
@of_known_age
def comment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Comment on the post, or answer the comment in `reply_to`."""
    found = find_post(public_id, viewer=request.user)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _post(request, found, form=form, status=422)
    answered = None
    if given := request.POST.get("reply_to"):
        answered = find_comment(_uuid(given, no_comment), viewer=request.user)
    try:
        added = commenting.add_comment(
            found,
            text=form.cleaned_data["text"],
            by=request.user,
            reply_to=answered,
            public_id=form.cleaned_data["public_id"],
        )
    except InvalidError as error:
        form.refuse(error)
        return _post(request, found, form=form, status=422)
    # To the page of comments on which it stands.
    first = max(0, (added.parent_id or added.pk) - 1) if found.comments >= 20 else 0
    query = f"?after={first}" if first else ""
    address = reverse("social:post", args=[found.public_id])
    return done(request, to=f"{address}{query}#c-{added.public_id}")


@require_POST
@for_members
def remove_comment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = find_comment(public_id, viewer=request.user)
    commenting.remove_comment(found, by=request.user)
    to = reverse("social:post", args=[found.post.public_id])
    return done(request, said=_("The comment is gone."), to=f"{to}#comments")


@require_POST
@for_members
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    posting.remove_post(find_post(public_id, viewer=request.user), by=request.user)
    return done(request, said=_("Your post is gone."), to=reverse("social:timeline"))


@require_POST
@for_members
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change the text, the audience, or both, of one's own post."""
    found = find_post(public_id, viewer=request.user)
    text = request.POST.get("text")
    if text is not None and text.replace("\r\n", "\n") != found.text:
        posting.edit_post(found, text=text, by=request.user)
    if audience := request.POST.get("audience"):
        posting.change_audience(found, audience=audience, by=request.user)
    to = reverse("social:post", args=[found.public_id])
    return done(request, said=_("Your post is changed."), to=to)


@require_POST
@for_members
def describe(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say what is in one's own photo."""
    photo = Photo.objects.filter(public_id=public_id, owner=request.user).first()
    if photo is None:
        raise no_photo()
    describe_photo(photo, alt=request.POST.get("alt", ""), by=request.user)
    return done(request, said=_("Thank you: now everybody can know what the photo shows."))


def _timeline(
    request: HttpRequest, *, form: PostForm | None = None, status: int = 200
) -> HttpResponse:
    if not is_member(request):
        page = recent_posts(request.user, before=place_from(request))
        return _show_posts(request, page, title=_("The garden"), is_all=True)
    before = place_from(request)
    page = read_timeline(request.user, before=before)
    seen = page_of(request.user).timeline_seen
    if before is None and page.posts:
        mark_seen(request.user, upto=page.posts[0].pk)
    more = {
        "seen": seen,
        "form": form or PostForm(),
        "photos": _own_photos(request, form),
        "card": _own_card(request, form),
    }
    return _show_posts(request, page, title=_("Your timeline"), status=status, **more)


def _show_posts(
    request: HttpRequest, page: Any, *, title: str, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "posts": with_cards(page.posts, request.user),
        "next": page.next,
        "title": title,
        "is_member": is_member(request),
        "must_tell_age": is_member(request) and must_tell_age(request.user),
        **more,
    }
    return render(request, "social/timeline.html", context, status=status)


def _post(
    request: HttpRequest, found: Post, *, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    page = comments_of(found, viewer=request.user, after=place_from(request, "after"), limit=50)
    with_cards([found], request.user)
    is_own = request.user.is_authenticated and found.author_id == request.user.pk
    context = {
        "post": found,
        "comments": threads(page.comments),
        "next": page.next,
        "form": form or CommentForm(),
        "is_member": is_member(request),
        "must_tell_age": is_member(request) and must_tell_age(request.user),
        "is_own": is_own,
        "audiences": Audience.choices,
        "undescribed": [p.photo for p in found.placed_photos if is_own and not p.photo.alt],
    }
    return render(request, "social/post.html", context, status=status)


def _photos_of(request: HttpRequest) -> list[Photo]:
    """The photos to post, in order: those uploaded before, then those sent with the form."""
    wanted = [_uuid(given) for given in request.POST.getlist("photo_id")]
    files = request.FILES.getlist("photo")
    if len(wanted) + len(files) > PHOTOS_MAX:
        reason = _("photos: at most {most} go into a post.").format(most=PHOTOS_MAX)
        raise InvalidError(reason, _("Leave some out."), field="photos")
    own = Photo.objects.filter(public_id__in=wanted, owner=request.user).in_bulk(
        field_name="public_id"
    )
    photos = []
    for public_id in dict.fromkeys(wanted):
        if public_id not in own:
            raise no_photo()
        photo = own[public_id]
        alt = request.POST.get(f"alt-{public_id}", photo.alt)
        if alt != photo.alt:
            describe_photo(photo, alt=alt, by=request.user)
        photos.append(photo)
    photos.extend(
        add_photo(request.user, file.read(MAX_BYTES + 1), name=file.name or "") for file in files
    )
    return photos


def _own_photos(request: HttpRequest, form: PostForm | None) -> list[Photo]:
    """The photos of a refused form, so that they need not be sent again."""
    if form is None:
        return []
    try:
        wanted = [_uuid(given) for given in request.POST.getlist("photo_id")][:PHOTOS_MAX]
    except SocialError:
        return []
    return list(Photo.objects.filter(public_id__in=wanted, owner=request.user).order_by("pk"))


def _own_card(request: HttpRequest, form: PostForm | None) -> Card | None:
    """The card of a refused form, which stays with it."""
    if form is None:
        return None
    return card_of(
        str(form["card_kind"].value() or ""), str(form["card_ref"].value() or ""), request.user
    )


def _uuid(given: str, nothing: Callable[[], SocialError] = no_photo) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise nothing() from None
