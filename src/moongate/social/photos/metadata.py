"""What stands in a picture file beside its pixels: taken out before anything else reads it.

A kilobyte of EXIF can claim gigabytes, and decoders parse it unasked. Pillow 13 has a bound for
that; here nothing rests on it, since only the orientation is read, and by these lines.
"""

from __future__ import annotations

import re
import struct

from moongate.social.photos.errors import PhotoError, _, damaged

UPRIGHT = 1
SCANS_MAX = 40  # a camera writes about ten; each one costs a pass over the whole picture
_ORIENTATION_TAG = 0x0112
_ENTRIES_MAX = 512
_SOS = 0xDA
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_EXIF = b"Exif\x00\x00"
_AVIF_EXIF_ITEM = re.compile(rb"(infe[\x02\x03]\x00\x00[\x00\x01].{4,6})Exif", re.DOTALL)


def without_metadata(data: bytes, kind: str) -> tuple[bytes, int]:
    """The file with nothing left that is dear to parse, and its EXIF orientation, 1 to 8.

    Raises PhotoError for a JPEG whose segments do not follow each other, or with too many scans.
    """
    if kind == "JPEG":
        return _bare_jpeg(data)
    if kind == "AVIF":
        # Turning is said by the container's own boxes; the item is renamed, so nobody reads it.
        return _AVIF_EXIF_ITEM.sub(rb"\1free", data), UPRIGHT
    return data, UPRIGHT


def orientation_of(exif: bytes) -> int:
    """The orientation in an EXIF block, 1 to 8; 1 when it says none, or nothing sensible."""
    tiff = exif.removeprefix(_EXIF)
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for i in range(min(count, _ENTRIES_MAX)):
            tag, kind, n, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * i)
            if tag == _ORIENTATION_TAG:
                return value if (kind, n) == (3, 1) and 1 <= value <= 8 else UPRIGHT
    except struct.error:
        pass
    return UPRIGHT


def _bare_jpeg(data: bytes) -> tuple[bytes, int]:
    kept = [data[:2]]
    orientation: int | None = None
    at = 2
    while True:
        if data[at : at + 1] != b"\xff":
            raise damaged()
        while data[at + 1 : at + 2] == b"\xff":  # fill
            at += 1
        marker = data[at + 1] if at + 1 < len(data) else 0
        if marker in _STANDALONE:
            kept.append(data[at : at + 2])
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker < 0xC0 or marker == 0xD9 or length < 2 or at + 2 + length > len(data):
            raise damaged()
        if marker == _SOS:
            break
        segment = data[at : at + 2 + length]
        if marker == _APP1 and segment[4:10] == _EXIF and orientation is None:
            orientation = orientation_of(segment[4:])
        if _is_needed(marker, segment[4:]):
            kept.append(segment)
        at += 2 + length
    # In the packed pixels FF is always followed by 00, so these are scans and nothing else.
    if data.count(b"\xff\xda", at) > SCANS_MAX:
        raise PhotoError(
            _("The JPEG has more than {most} scans."),
            _("Save it anew as an ordinary JPEG, and send that."),
            most=SCANS_MAX,
        )
    kept.append(data[at:])
    return b"".join(kept), orientation or UPRIGHT


def _is_needed(marker: int, content: bytes) -> bool:
    if marker == _APP2:
        return content.startswith(b"ICC_PROFILE\x00")
    if marker == _APP14:
        return content.startswith(b"Adobe")
    return marker == _APP0 or not (_APP0 <= marker <= _APP15 or marker == _COMMENT)
