"""Bytes in, an upright sRGB picture out. No Django; nothing of the file but its pixels survives.

Sizes are judged by the header, before a pixel is decoded, and a picture is brought down to the
width that is kept before its colours are touched, so memory stays near one decoded original.
"""

from __future__ import annotations

import functools
import io
from typing import Any

from PIL import Image, ImageCms

from moongate.social.photos.errors import SEND_SMALLER, PhotoError, _, damaged
from moongate.social.photos.kinds import kind_of
from moongate.social.photos.metadata import UPRIGHT, orientation_of, without_metadata

MAX_BYTES = 15_000_000
MAX_PIXELS = 50_000_000
MAX_SIDE = 12_000  # px
WIDEST = 1_920  # px; what is kept of a wider picture
_ICC_MAX_BYTES = 4_000_000
_COLOUR_SPACES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_PLAIN = {"L", "RGB", "RGBA", "CMYK"}
_DEEP = {"I", "I;16", "I;16B", "I;16L"}
_WHITE = (255, 255, 255)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = {5, 6, 7, 8}

# Pillow's own guard, for what it allocates while it only opens a file.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def decode(data: bytes, name: str = "") -> Image.Image:
    """The picture: RGB in sRGB, upright, on white, at most WIDEST px wide, without metadata.

    Of an animation, its first frame. `name` only serves the wording. Raises PhotoError.
    """
    if len(data) > MAX_BYTES:
        raise PhotoError(
            _("The file has more than {most} MB."),
            SEND_SMALLER,
            most=MAX_BYTES // 1_000_000,
        )
    kind = kind_of(data, name)
    try:
        return _decode(*without_metadata(data, kind), kind)
    except PhotoError:
        raise
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except MemoryError:
        raise PhotoError(_("The picture needs more memory than there is."), SEND_SMALLER) from None
    except Exception as error:
        # Decoders meet hostile bytes with every exception Python has.
        raise damaged() from error


def _decode(data: bytes, orientation: int, kind: str) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=[kind]) as image:
        _check_size(image.size)
        if kind == "JPEG":
            # Lets libjpeg decode at 1/2, 1/4 or 1/8; the true orientation is known already.
            image.draft(None, _kept_size(image.size, orientation))
        image.load()
        _check_size(image.size)
        if orientation == UPRIGHT:
            orientation = orientation_of(_block(image, "exif"))
        profile = _block(image, "icc_profile")
        plain = _to_plain_mode(image)
        wanted = _kept_size(plain.size, orientation)
        if wanted != plain.size:
            plain = plain.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = _on_white(plain, profile)
    if orientation in _TURNS:
        picture = picture.transpose(_TURNS[orientation])
    picture.info.clear()
    return picture


def _block(image: Image.Image, name: str) -> bytes:
    # A PNG may give any name to a text of its own.
    block = image.info.get(name)
    return block if isinstance(block, bytes) else b""


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise damaged()
    if max(size) > MAX_SIDE:
        raise PhotoError(
            _("The picture is {width} × {height} px; at most {most} px a side are taken."),
            SEND_SMALLER,
            width=width,
            height=height,
            most=MAX_SIDE,
        )
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> PhotoError:
    return PhotoError(
        _("The picture has more than {most} megapixels."),
        SEND_SMALLER,
        most=MAX_PIXELS // 1_000_000,
    )


def _kept_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """The size brought down, so that the upright picture is at most WIDEST px wide."""
    across, along = size[::-1] if orientation in _ON_ITS_SIDE else size
    if across > WIDEST:
        across, along = WIDEST, max(1, round(along * WIDEST / across))
    return (along, across) if orientation in _ON_ITS_SIDE else (across, along)


def _to_plain_mode(image: Image.Image) -> Image.Image:
    """The pixels as L, RGB, RGBA or CMYK; as they lie when they are so, since a copy is dear."""
    if image.mode in _DEEP:
        # Pillow clips 16 bits to 8 instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if image.has_transparency_data else image.mode
    if mode not in _PLAIN:
        mode = "RGB"
    return image if image.mode == mode else image.convert(mode)


def _on_white(image: Image.Image, profile: bytes) -> Image.Image:
    if image.mode != "RGBA":
        return _to_srgb(image, profile)
    colours = _to_srgb(image.convert("RGB"), profile)
    ground = Image.new("RGB", image.size, _WHITE)
    ground.paste(colours, mask=image.getchannel("A"))
    return ground


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """In sRGB; a profile that cannot be used is taken for sRGB, as browsers do."""
    if 0 < len(profile) <= _ICC_MAX_BYTES:
        try:
            source = ImageCms.getOpenProfile(io.BytesIO(profile))
            if _COLOUR_SPACES.get(source.profile.xcolor_space.strip()) == image.mode:
                converted = ImageCms.profileToProfile(image, source, _srgb(), outputMode="RGB")
                assert converted is not None
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image.convert("RGB")


@functools.cache
def _srgb() -> Any:
    return ImageCms.createProfile("sRGB")
