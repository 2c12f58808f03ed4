"""What happens to albums, and which photo lies in which."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from moongate.social.errors import InvalidError
from moongate.social.models import Album, Audience, Photo
from moongate.social.photos.refusals import no_album, no_photo
from moongate.social.photos.verbs import own_album
from moongate.social.texts import clean_text

TITLE_MAX = 80
ABOUT_MAX = 300


def create_album(
    owner: Any, title: str, *, about: str = "", audience: str = Audience.EVERYONE
) -> Album:
    """A new, empty album. Raises InvalidError naming the field."""
    return Album.objects.create(
        owner=owner,
        title=_title(title),
        about=clean_text(about, field="about", most=ABOUT_MAX),
        audience=_audience(audience),
    )


def change_album(
    album: Album,
    *,
    by: Any,
    title: str | None = None,
    about: str | None = None,
    audience: str | None = None,
) -> Album:
    """Change what is given. Raises InvalidError, or NotFoundError when it is not `by`'s."""
    changes: dict[str, str] = {}
    if title is not None:
        changes["title"] = _title(title)
    if about is not None:
        changes["about"] = clean_text(about, field="about", most=ABOUT_MAX)
    if audience is not None:
        changes["audience"] = _audience(audience)
    with transaction.atomic():
        kept = own_album(album, by=by)
        for field, value in changes.items():
            setattr(kept, field, value)
        kept.save(update_fields=list(changes))
    return kept


def remove_album(album: Album, *, by: Any) -> None:
    """Delete the album; its photos stay their owner's, in no album. Again, it does nothing.

    Raises NotFoundError when it is somebody else's.
    """
    if album.owner_id != by.pk:
        raise no_album()
    Album.objects.filter(public_id=album.public_id, owner=by).delete()


def move_photo(photo: Photo, album: Album | None, *, by: Any) -> None:
    """Put a photo into an album, or (None) into none.

    Raises NotFoundError when one of them is not `by`'s.
    """
    with transaction.atomic():
        target = None if album is None else own_album(album, by=by)
        if not Photo.objects.filter(pk=photo.pk, owner=by).update(album=target):
            raise no_photo()
    photo.album = target


def _title(title: str) -> str:
    title = clean_text(title, field="title", most=TITLE_MAX, lines=False)
    if not title:
        raise InvalidError(_("title: it is empty."), _("Give the album a title."), field="title")
    return title


def _audience(audience: str) -> str:
    if audience not in Audience.values:
        reason = _("audience: must be one of {known}.").format(known=", ".join(Audience.values))
        raise InvalidError(reason, _("Choose who may see it."), field="audience")
    return audience
