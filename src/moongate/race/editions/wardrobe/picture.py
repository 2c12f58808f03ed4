"""Read a small PNG that a stranger made: one size, plain kinds, and no more inflated than fits."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from moongate.race.editions.geometry.mesh import Array
from moongate.race.editions.wardrobe.png import SIGNATURE

# Colour kind: samples a pixel. Palette and grey are widened to RGB.
SAMPLES = {0: 1, 2: 3, 3: 1, 6: 4}
MAX_CHUNKS = 256


class PictureError(ValueError):
    """Why a picture is not taken."""


def read_png(data: bytes, width: int, height: int) -> Array:
    """The RGB picture (height, width, 3) of an 8-bit PNG of exactly that size.

    What shows through is laid on white. Anything but the picture itself (text, profiles, dates) is
    left behind. Raises PictureError.
    """
    if not data.startswith(SIGNATURE):
        raise PictureError("it is no PNG")
    header, palette, alpha, body = _chunks(data)
    wide, high, depth, kind, _, _, interlaced = header
    if (wide, high) != (width, height):
        raise PictureError(f"it has {wide} × {high} pixels, not {width} × {height}")
    if depth != 8 or kind not in SAMPLES or interlaced:
        raise PictureError("it is not 8 bits a sample without interlacing")
    samples = SAMPLES[kind]
    rows = _rows(body, height, width * samples, samples).reshape(height, width, samples)
    if kind == 3:
        if not palette or int(rows.max()) >= len(palette):
            raise PictureError("it names colours that its palette lacks")
        see = np.full(len(palette), 255, np.uint8)
        see[: len(alpha)] = list(alpha)[: len(palette)]
        picture = np.asarray(palette, np.uint8)[rows[..., 0]]
        return _on_white(picture, see[rows[..., 0]])
    if kind == 0:
        return np.repeat(rows, 3, axis=2)
    if kind == 6:
        return _on_white(rows[..., :3], rows[..., 3])
    return rows


def _on_white(picture: Array, alpha: Array) -> Array:
    share = alpha[..., None].astype(float) / 255
    return np.asarray(np.rint(picture * share + 255 * (1 - share)), np.uint8)


def _chunks(data: bytes) -> tuple[tuple[int, ...], list[tuple[int, ...]], bytes, bytes]:
    header: tuple[int, ...] | None = None
    palette: list[tuple[int, ...]] = []
    alpha = b""
    body = bytearray()
    place = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if place + 12 > len(data):
            raise PictureError("it ends too soon")
        size, name = struct.unpack_from(">I4s", data, place)
        chunk = data[place + 8 : place + 8 + size]
        if len(chunk) != size or place + 12 + size > len(data):
            raise PictureError("it ends too soon")
        (check,) = struct.unpack_from(">I", data, place + 8 + size)
        if check != zlib.crc32(name + chunk):
            raise PictureError("it is damaged")
        place += 12 + size
        if name == b"IHDR" and size == 13 and header is None:
            header = struct.unpack(">IIBBBBB", chunk)
        elif name == b"PLTE" and size % 3 == 0 and size <= 768:
            palette = [tuple(chunk[k : k + 3]) for k in range(0, size, 3)]
        elif name == b"tRNS" and size <= 256:
            alpha = bytes(chunk)
        elif name == b"IDAT":
            body += chunk
        elif name == b"IEND":
            if header is None:
                break
            return header, palette, alpha, bytes(body)
        elif name in (b"acTL", b"fcTL", b"fdAT"):
            raise PictureError("it moves")
    raise PictureError("it is no complete PNG")


def _rows(body: bytes, height: int, stride: int, step: int) -> Array:
    """The samples (height, stride) with each row's filter undone."""
    expected = height * (stride + 1)
    inflate = zlib.decompressobj()
    try:
        # Never more than the picture needs, whatever the stream would like to be.
        raw = inflate.decompress(body, expected + 1)
    except zlib.error:
        raise PictureError("its pixels are damaged") from None
    if len(raw) != expected:
        raise PictureError("it holds more or fewer pixels than it says")
    lines = np.frombuffer(raw, np.uint8).reshape(height, stride + 1)
    out = np.zeros((height, stride), np.uint8)
    above = np.zeros(stride, np.int64)
    for y in range(height):
        kind = int(lines[y, 0])
        line = lines[y, 1:].astype(np.int64)
        if kind > 4:
            raise PictureError("its pixels are damaged")
        above = _undone(kind, line, above, step)
        out[y] = above
    return out


def _undone(kind: int, line: Array, above: Array, step: int) -> Array:
    if kind == 0:
        return line
    if kind == 2:
        return (line + above) & 255
    row = np.zeros_like(line)
    for x in range(len(line)):
        left = int(row[x - step]) if x >= step else 0
        up = int(above[x])
        corner = int(above[x - step]) if x >= step else 0
        row[x] = (int(line[x]) + _guess(kind, left, up, corner)) & 255
    return row


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 3:
        return (left + up) // 2
    sum_ = left + up - corner
    near = (abs(sum_ - left), abs(sum_ - up), abs(sum_ - corner))
    # The Paeth predictor of the PNG specification, ties in this order.
    return (left, up, corner)[near.index(min(near))]
