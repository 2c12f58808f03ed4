"""Why something cannot be done here, and what mends it, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


class SocialError(Exception):
    """A refusal: `reason` and `mend` are sentences to show, `status` the HTTP status that fits.

    `field` names what was given wrongly, if anything; `retry_after_s` is 0 if waiting is no help.
    """

    status = 422

    def __init__(self, reason: str, mend: str, *, field: str = "", retry_after_s: int = 0) -> None:
        self.reason, self.mend, self.field, self.retry_after_s = reason, mend, field, retry_after_s
        super().__init__(reason)


class InvalidError(SocialError):
    """What was given cannot be taken; `field` says which part."""


class NotAllowedError(SocialError):
    """One may see it, but not do this."""

    status = 403


class NotFoundError(SocialError):
    """There is no such thing, or it is not this person's to see."""

    status = 404


class ConflictError(SocialError):
    """It does not fit how things stand now."""

    status = 409


class TooManyError(SocialError):
    """Too often in a short time; `retry_after_s` says how long to wait."""

    status = 429

    def __init__(self, retry_after_s: int) -> None:
        reason = _("That was a lot in a short time.")
        mend = _("Wait a little and try again.")
        super().__init__(reason, mend, retry_after_s=retry_after_s)


def no_post() -> NotFoundError:
    return NotFoundError(_("There is no such post."), _("It may have been taken back."))


def no_comment() -> NotFoundError:
    return NotFoundError(_("There is no such comment."), _("It may have been taken back."))


def no_person() -> NotFoundError:
    return NotFoundError(_("There is nobody of that name here."), _("Look for them by search."))
