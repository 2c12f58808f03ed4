"""Refusals of photos and albums, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from moongate.social.errors import InvalidError, NotFoundError, SocialError
from moongate.social.photos.errors import PhotoError


class BusyError(SocialError):
    """Other photos are being decoded: the house is busy, whoever asks."""

    status = 503

    def __init__(self) -> None:
        reason = _("Many photos are being worked on at the moment.")
        super().__init__(reason, _("Wait a little and send it again."), retry_after_s=5)


def refused(error: PhotoError) -> InvalidError:
    """What the decoder says, as a person reads it."""
    values = {**error.values}
    if "kind" in values:
        values["kind"] = _(str(values["kind"]))
    return InvalidError(_(error.template).format(**values), _(error.mend), field="photo")


def no_photo() -> NotFoundError:
    return NotFoundError(_("There is no such photo."), _("Choose one of your photos."))


def no_album() -> NotFoundError:
    reason = _("album: you have no such album.")
    return NotFoundError(reason, _("Choose one of your albums, or none."), field="album")
