"""Albums: a person's, one of them, and one photo in it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moongate.social.album_reading import albums_of, find_album, find_photo, photos_in
from moongate.social.doors import answers, done, for_members, given, of_known_age, place_from
from moongate.social.errors import InvalidError
from moongate.social.forms import AlbumForm
from moongate.social.models import Audience, Photo
from moongate.social.page_settings import set_cover, set_portrait
from moongate.social.photos.albums import change_album, create_album, move_photo, remove_album
from moongate.social.photos.decode import MAX_BYTES
from moongate.social.photos.refusals import no_photo
from moongate.social.photos.verbs import add_photo, remove_photo
from moongate.social.showing import find_person
from moongate.social.views_people import with_fronts

ALBUMS = 100
PHOTOS = 60


@require_safe
@answers
def albums(request: HttpRequest, public_id: UUID) -> HttpResponse:
    other = find_person(public_id, viewer=request.user)
    found = with_fronts(albums_of(other, viewer=request.user)[:ALBUMS], request.user)
    is_own = request.user.is_authenticated and request.user.pk == other.pk
    context = {"other": other, "albums": found, "is_own": is_own}
    return render(request, "social/albums.html", context)


@require_safe
@ensure_csrf_cookie
@answers
def album(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = find_album(public_id, viewer=request.user)
    photos = photos_in(found, viewer=request.user)
    if before := place_from(request):
        photos = photos.filter(pk__lt=before)
    shown = list(photos[: PHOTOS + 1])
    context = {
        "album": found,
        "photos": shown[:PHOTOS],
        "next": shown[PHOTOS - 1].pk if len(shown) > PHOTOS else None,
        "is_own": request.user.is_authenticated and request.user.pk == found.owner_id,
    }
    return render(request, "social/album.html", context)


@require_safe
@ensure_csrf_cookie
@answers
def album_photo(request: HttpRequest, public_id: UUID, photo_id: UUID) -> HttpResponse:
    """The viewer: one photo, and the way to the next."""
    found = find_album(public_id, viewer=request.user)
    photo = find_photo(found, photo_id, viewer=request.user)
    others = photos_in(found, viewer=request.user)
    context = {
        "album": found,
        "photo": photo,
        "newer": others.filter(pk__gt=photo.pk).order_by("pk").first(),
        "older": others.filter(pk__lt=photo.pk).first(),
        "is_own": request.user.is_authenticated and request.user.pk == found.owner_id,
    }
    return render(request, "social/album_photo.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
@of_known_age
def new_album(request: HttpRequest) -> HttpResponse:
    form = AlbumForm(given(request), initial={"audience": Audience.EVERYONE})
    if request.method == "POST" and form.is_valid():
        try:
            made = create_album(request.user, **form.cleaned_data)
        except InvalidError as error:
            form.refuse(error)
        else:
            to = reverse("social:album", args=[made.public_id])
            return done(request, said=_("The album is ready for its first photo."), to=to)
    status = 422 if form.errors else 200
    return render(request, "social/album_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def edit_album(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change one's own album, or with `do=remove` delete it."""
    found = find_album(public_id, viewer=request.user)
    facts = {"title": found.title, "about": found.about, "audience": found.audience}
    if request.POST.get("do") == "remove":
        remove_album(found, by=request.user)
        to = reverse("social:albums", args=[request.user.public_id])
        return done(request, said=_("The album is gone; its photos are still yours."), to=to)
    form = AlbumForm(given(request), initial=facts)
    if request.method == "POST" and form.is_valid():
        try:
            change_album(found, by=request.user, **form.cleaned_data)
        except InvalidError as error:
            form.refuse(error)
        else:
            to = reverse("social:album", args=[found.public_id])
            return done(request, said=_("The album is changed."), to=to)
    context = {"form": form, "album": found}
    status = 422 if form.errors else 200
    return render(request, "social/album_form.html", context, status=status)


@require_POST
@for_members
@of_known_age
def add_to_album(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put photos into one's own album: sent with the form, or uploaded before (`photo_id`)."""
    found = find_album(public_id, viewer=request.user)
    for sent in request.POST.getlist("photo_id")[:PHOTOS]:
        move_photo(_own(sent, request), found, by=request.user)
    for file in request.FILES.getlist("photo"):
        data = file.read(MAX_BYTES + 1)
        alt = request.POST.get("alt", "")
        add_photo(request.user, data, name=file.name or "", alt=alt, album=found)
    to = reverse("social:album", args=[found.public_id])
    return done(request, {"url": to}, to=to)


@require_POST
@for_members
def change_photo(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """One's own photo as `do` says: `cover`, `portrait`, or `remove`."""
    photo = _own(str(photo_id), request)
    do = request.POST.get("do")
    page = reverse("social:person", args=[request.user.public_id])
    if do == "cover":
        set_cover(request.user, photo.public_id)
        return done(request, said=_("The photo is your cover now."), to=page)
    if do == "portrait":
        set_portrait(request.user, photo.public_id)
        return done(request, said=_("The photo is beside your name now."), to=page)
    if do == "remove":
        remove_photo(photo, by=request.user)
        return done(request, said=_("The photo is gone."))
    reason = _("do: must be one of {known}.").format(known="cover, portrait, remove")
    raise InvalidError(reason, _("Go back and press a button."), field="do")


def _own(sent: str, request: HttpRequest) -> Photo:
    try:
        wanted = UUID(sent)
    except ValueError:
        raise no_photo() from None
    photo = Photo.objects.filter(public_id=wanted, owner=request.user).first()
    if photo is None:
        raise no_photo()
    return photo
