"""What somebody changes about their own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from moongate.accounts.profiles import set_avatar
from moongate.social.errors import InvalidError
from moongate.social.models import Page, Photo, State
from moongate.social.music import TUNES
from moongate.social.pages import lock_pages
from moongate.social.people import require_member
from moongate.social.photos.refusals import no_photo
from moongate.social.texts import clean_text

ABOUT_MAX = 300


def change_page(owner: Any, *, about: str, music: str, is_private: bool) -> Page:
    """Keep what the owner says about themself, their music and who may follow. Raises SocialError.

    Those who asked to follow keep waiting when the page is opened: the owner lets them in.
    """
    require_member(owner)
    about = clean_text(about, field="about", most=ABOUT_MAX)
    if music and music not in TUNES:
        reason = _("music: must be one of {known}.").format(known=", ".join(TUNES))
        raise InvalidError(reason, _("Choose a melody, or none."), field="music")
    with transaction.atomic():
        page = lock_pages(owner)[owner.pk]
        page.about, page.music, page.is_private = about, music, is_private
        page.save(update_fields=["about", "music", "is_private"])
    return page


def set_cover(owner: Any, photo: UUID | None) -> None:
    """Show one of the owner's photos above the page, or none. Raises NotFoundError."""
    require_member(owner)
    with transaction.atomic():
        page = lock_pages(owner)[owner.pk]
        page.cover = None if photo is None else _own_photo(owner, photo)
        page.save(update_fields=["cover"])


def set_portrait(owner: Any, photo: UUID | None) -> None:
    """Show one of the owner's photos beside the name, or none. Raises NotFoundError."""
    require_member(owner)
    set_avatar(owner, None if photo is None else _own_photo(owner, photo).public_id)


def _own_photo(owner: Any, public_id: UUID) -> Photo:
    photos = Photo.objects.filter(public_id=public_id, owner=owner, state=State.SHOWN)
    photo = photos.first()
    if photo is None:
        raise no_photo()
    return photo
