"""What a file is, told by its first bytes; its name and its header are not believed."""

from __future__ import annotations

import unicodedata

from moongate.social.photos.errors import SEND_A_PHOTO, PhotoError, _

NAME_MAX = 60
_HEAD_BYTES = 4096
_BRANDS_MAX = 64
_AVIF = {b"avif", b"avis"}
_HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_UNKNOWN = _("a file of an unknown kind")
_OTHERS = (
    (b"%PDF", _("a PDF document")),
    (b"PK\x03\x04", _("a ZIP archive")),
    (b"PK\x05\x06", _("a ZIP archive")),
    (b"\x1f\x8b", _("a packed archive")),
    (b"7z\xbc\xaf\x27\x1c", _("a packed archive")),
    (b"Rar!", _("a packed archive")),
    (b"#!", _("a script")),
    (b"MZ", _("a program")),
    (b"\x7fELF", _("a program")),
    (b"II*\x00", _("a TIFF picture")),
    (b"MM\x00*", _("a TIFF picture")),
    (b"BM", _("a BMP picture")),
    (b"8BPS", _("a Photoshop picture")),
    (b"\xff\x0a", _("a JPEG XL picture")),
    (b"\x00\x00\x00\x0cJXL ", _("a JPEG XL picture")),
    (b"\x1aE\xdf\xa3", _("a film")),
)


def kind_of(data: bytes, name: str = "") -> str:
    """Pillow's name of the picture's format. Raises PhotoError, naming what the file is instead."""
    if not data:
        raise PhotoError(_("The file is empty."), SEND_A_PHOTO)
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    brands = _brands(data)
    if brands & _AVIF:
        return "AVIF"
    if brands & _HEIC:
        raise PhotoError(
            _("“{name}” is a HEIC picture, which cannot be read here."),
            _("On an iPhone choose Settings, Camera, Formats, Most Compatible; or send a JPEG."),
            name=shown_name(name),
        )
    raise PhotoError(
        _("“{name}” is not a photo but {kind}."),
        SEND_A_PHOTO,
        name=shown_name(name),
        kind=_("a film") if brands else _other(data),
    )


def shown_name(name: str) -> str:
    """A file's name fit to be shown: no folders, nothing unseen, not long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ").strip()
    return seen[:NAME_MAX] or "photo"


def _brands(data: bytes) -> set[bytes]:
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), len(data), 16 + 4 * _BRANDS_MAX)
    return {data[8:12], *(data[i : i + 4] for i in range(16, end, 4))}


def _other(data: bytes) -> str:
    for start, kind in _OTHERS:
        if data.startswith(start):
            return kind
    text = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text.startswith(b"<"):
        return _UNKNOWN
    if b"<svg" in text:
        return _("an SVG drawing")
    return _("a script") if text.startswith((b"<?php", b"<script")) else _("an HTML or XML page")
