"""Who may see which album, and the photos in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from moongate.social.errors import NotFoundError, no_person
from moongate.social.models import Album, Audience, Photo
from moongate.social.photos.refusals import no_photo
from moongate.social.photos.visibility import visible_photos
from moongate.social.visibility import is_followed, may_see_page, visible_people


def albums_of(owner: Any, *, viewer: Any) -> QuerySet[Album]:
    """The owner's albums that `viewer` may see, newest first. Raises NotFoundError."""
    if not visible_people(viewer).filter(pk=owner.pk).exists() and owner.pk != viewer.pk:
        raise no_person()
    albums = Album.objects.filter(owner=owner)
    if viewer.is_authenticated and viewer.pk == owner.pk:
        return albums
    if not may_see_page(owner, viewer):
        return albums.none()
    admitted = Q(audience=Audience.EVERYONE)
    if viewer.is_authenticated:
        admitted |= ~Q(audience=Audience.ME) & Q(is_followed(viewer, "owner"))
    return albums.filter(admitted)


def find_album(public_id: UUID, *, viewer: Any) -> Album:
    """One album. Raises NotFoundError when there is none that `viewer` may see."""
    found = Album.objects.select_related("owner").filter(public_id=public_id).first()
    if found is None or not albums_of(found.owner, viewer=viewer).filter(pk=found.pk).exists():
        raise NotFoundError(_("There is no such album."), _("It may have been taken back."))
    return found


def photos_in(album: Album, *, viewer: Any) -> QuerySet[Photo]:
    """The album's photos that `viewer` may see, newest first."""
    return visible_photos(viewer).filter(album=album).order_by("-pk")


def find_photo(album: Album, public_id: UUID, *, viewer: Any) -> Photo:
    """One photo of the album. Raises NotFoundError."""
    photo = photos_in(album, viewer=viewer).filter(public_id=public_id).first()
    if photo is None:
        raise no_photo()
    return photo
