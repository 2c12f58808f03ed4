"""Why a photo is refused, and what mends it."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a text for translation; whoever shows it translates it."""
    return text


SEND_A_PHOTO = _("Send a JPEG, PNG, WebP, GIF or AVIF picture.")
SEND_SMALLER = _("Send a smaller picture.")
SAVE_ANEW = _("Open it in a picture editor, save it anew as JPEG, and send that.")


class PhotoError(ValueError):
    """A refusal. `template` and `values` stay apart, so that a page can say it in any language."""

    def __init__(self, template: str, mend: str, **values: object) -> None:
        self.template, self.mend, self.values = template, mend, values
        self.reason = template.format(**values)
        super().__init__(self.reason)


def damaged() -> PhotoError:
    """The refusal of a file that begins like a picture and does not go on like one."""
    return PhotoError(_("The picture is damaged or cut off."), SAVE_ANEW)
