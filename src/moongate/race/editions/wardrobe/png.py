"""Small pictures as PNG files: palette if they can, the same bytes for the same picture."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from moongate.race.editions.geometry.mesh import Array

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(picture: Array) -> bytes:
    """The bytes of an 8-bit RGB picture (h, w, 3); up to 256 colours become a palette."""
    rows = np.asarray(picture, np.uint8)
    height, width, _ = rows.shape
    # One number a pixel sorts much faster than three.
    packed = rows.reshape(-1, 3).astype(np.int64) @ np.array([65536, 256, 1])
    numbers, index = np.unique(packed, return_inverse=True)
    colours = (numbers[:, None] >> np.array([16, 8, 0]) & 255).astype(np.uint8)
    if len(colours) <= 256:
        kind, body, extra = 3, index.reshape(height, width).astype(np.uint8), colours.tobytes()
    else:
        kind, body, extra = 2, rows.reshape(height, width * 3), b""
    lines = np.column_stack([np.zeros(height, np.uint8), body]).tobytes()
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))]
    if extra:
        chunks.append((b"PLTE", extra))
    chunks += [(b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
