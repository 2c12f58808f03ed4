"""Pictures for the tests, honest and hostile."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

NEEDLE = b"N51.5007 W0.1246"  # what metadata would give away


def drawing(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """A gradient, so that every pixel says where it is."""
    across = np.linspace(0, 255, width, dtype=np.uint8)[None, :].repeat(height, 0)
    along = np.linspace(0, 255, height, dtype=np.uint8)[:, None].repeat(width, 1)
    return Image.fromarray(np.dstack([across, along, 255 - across])).convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture(width: int = 60, height: int = 40, kind: str = "JPEG", **options) -> bytes:
    return saved(drawing(width, height), kind, **options)


def exif(orientation: int = 1) -> Image.Exif:
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010E] = NEEDLE.decode()
    return block


def chunk(name: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)


def png(width: int, height: int, *more: bytes, pixels: bytes = b"") -> bytes:
    """A PNG that claims a size, whatever its pixels are."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def greedy_exif(tags: int = 4_000, claimed: int = 1_000_000) -> bytes:
    """A megabyte of EXIF of which each tag claims the whole: gigabytes to whoever reads them."""
    entries = b"".join(struct.pack("<HHII", 1 + i, 7, claimed, 8) for i in range(tags))
    tiff = b"II*\x00" + struct.pack("<IH", 8, tags) + entries + bytes(4)
    return tiff + bytes(claimed + 8 - len(tiff))


def jpeg_with(segments: bytes) -> bytes:
    """A JPEG with segments of our own behind its beginning."""
    data = picture()
    return data[:2] + segments + data[2:]


def app1_exif(block: bytes) -> bytes:
    parts = (block[i : i + 65_000] for i in range(0, len(block), 65_000))
    return b"".join(
        b"\xff\xe1" + struct.pack(">H", 8 + len(part)) + b"Exif\x00\x00" + part for part in parts
    )
