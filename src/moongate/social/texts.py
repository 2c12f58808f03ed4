"""Texts as they are kept: nothing unseen in them, and never longer than there is room."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from moongate.social.errors import InvalidError

# They turn the order of what follows on the page; letters carry their own direction.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


def clean_text(text: str, *, field: str, most: int, lines: bool = True) -> str:
    """The text in NFC, trimmed, without controls; of one line unless `lines`.

    Raises InvalidError, naming `field`, when more than `most` characters remain.
    """
    if len(text) > 8 * most:
        raise _too_long(field, most, len(text))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = "".join(c for c in unicodedata.normalize("NFC", text) if _is_kept(c))
    if lines:
        text = BLANK_LINES.sub("\n\n", text).strip()
    else:
        text = " ".join(text.split())
    if len(text) > most:
        raise _too_long(field, most, len(text))
    return text


def _is_kept(character: str) -> bool:
    if character == "\n":
        return True
    if character in DIRECTION_MARKS:
        return False
    return unicodedata.category(character) not in {"Cc", "Cs"}


def _too_long(field: str, most: int, length: int) -> InvalidError:
    reason = _("{field}: {length} characters; at most {most} are taken.")
    reason = reason.format(field=field, length=length, most=most)
    return InvalidError(reason, _("Shorten it."), field=field)
