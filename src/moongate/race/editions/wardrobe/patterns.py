"""Cloth by rule: where on the body which colour lies.

Every pattern is a function of millimetres on the cloth, so the same recipe looks alike on a
sleeve and on a coat, and at every resolution.
"""

from __future__ import annotations

import re

import numpy as np

from moongate.race.editions.geometry.mesh import Array
from moongate.race.editions.wardrobe.schema import Pattern

# How strongly a knit's relief darkens its furrows.
FURROW = 0.84
CABLE_STITCHES = 14


def srgb(light: Array) -> Array:
    """sRGB 0..255 of linear light 0..1."""
    value = np.asarray(light, float)
    curve = np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(np.clip(curve, 0, 1) * 255))


def threads_of(text: str) -> Array:
    """The colour of each thread of a sett written `a12 b4`."""
    counts = [(ord(c) - ord("a"), int(n)) for c, n in re.findall(r"([a-f])(\d+)", text)]
    return np.concatenate([np.full(n, colour) for colour, n in counts])


def paint(pattern: Pattern, colours: Array, x: Array, y: Array) -> Array:
    """sRGB 0..255 (…, 3) of a cloth at x, y millimetres; y grows up. `colours` is (k, 3).

    x is 0 at the middle of a panel, so what is symmetrical stays so.
    """
    ink = _Ink(colours)
    found: Array = getattr(ink, pattern.kind)(pattern, x, y)
    return found


class _Ink:
    """The patterns, each by its name in the recipe."""

    def __init__(self, colours: Array) -> None:
        self.colours = np.asarray(colours, float)

    def at(self, index: Array) -> Array:
        """Colours by number; a number nobody gave a colour takes the last."""
        found: Array = self.colours[np.clip(index, 0, len(self.colours) - 1)]
        return found

    def _thread(self, pattern: Pattern, along: Array, mirrored: bool) -> Array:
        sett = threads_of(pattern.threads or "a4 b4")
        step = np.floor(along / pattern.mm).astype(np.int64)
        if mirrored and len(sett) > 1:
            # A sett turns back at its first and last thread, which are not repeated.
            sett = np.concatenate([sett, sett[-2:0:-1]])
        found: Array = sett[step % len(sett)]
        return found

    def plain(self, pattern: Pattern, x: Array, y: Array) -> Array:
        return self.at(np.zeros(np.shape(x), np.int64))

    def stripes(self, pattern: Pattern, x: Array, y: Array) -> Array:
        return self.at(self._thread(pattern, x, False))

    def hoops(self, pattern: Pattern, x: Array, y: Array) -> Array:
        return self.at(self._thread(pattern, y, False))

    def check(self, pattern: Pattern, x: Array, y: Array) -> Array:
        return (
            self.at(self._thread(pattern, x, False)) + self.at(self._thread(pattern, y, False))
        ) / 2

    def tartan(self, pattern: Pattern, x: Array, y: Array) -> Array:
        """Warp and weft of one sett; where they differ the eye sees their mixture."""
        warp = self.at(self._thread(pattern, x, True))
        weft = self.at(self._thread(pattern, y, True))
        return np.asarray(np.sqrt((warp**2 + weft**2) / 2))

    def bands(self, pattern: Pattern, x: Array, y: Array) -> Array:
        """Rows of stitches from the hem up, each row repeating round the body."""
        rows = pattern.rows or ["a"]
        row = np.floor(y / pattern.mm).astype(np.int64) % len(rows)
        stitch = np.floor(x / pattern.mm + 0.5).astype(np.int64)
        table = [np.array([ord(c) - ord("a") for c in text]) for text in rows]
        index = np.zeros(np.shape(x), np.int64)
        for k, line in enumerate(table):
            here = row == k
            index[here] = line[(stitch[here] + len(line) // 2) % len(line)]
        return self.at(index)

    def cable(self, pattern: Pattern, x: Array, y: Array) -> Array:
        """Ropes of two strands between ribs, as light and shade of one yarn."""
        width = CABLE_STITCHES * pattern.mm
        u = (x / width + 0.5) % 1.0 * CABLE_STITCHES - CABLE_STITCHES / 2
        sway = 2.1 * np.sin(2 * np.pi * y / (width * 0.9))
        strand = np.minimum(np.abs(u - sway), np.abs(u + sway))
        shade = np.where(np.abs(u) < 4.6, np.where(strand < 1.25, 1.06, FURROW - 0.05), 1.0)
        ribs = (np.floor(u) % 2 == 0) & (np.abs(u) >= 4.6)
        shade = np.where(ribs, FURROW, shade)
        return np.asarray(np.clip(self.colours[0] * shade[..., None], 0, 255))

    def rib(self, pattern: Pattern, x: Array, y: Array) -> Array:
        furrow = np.floor(x / pattern.mm).astype(np.int64) % 2 == 0
        shade = np.where(furrow, FURROW, 1.0)
        return np.asarray(self.colours[0] * shade[..., None])

    def tweed(self, pattern: Pattern, x: Array, y: Array) -> Array:
        """Flecks: a fixed scatter of the other colours over the first."""
        i = np.floor(x / pattern.mm).astype(np.int64) & 0xFFFF
        j = np.floor(y / pattern.mm).astype(np.int64) & 0xFFFF
        noise = (i * 7919 + j * 104_729 + (i ^ (j * 31)) * 193) % 1009
        other = 1 + noise % max(1, len(self.colours) - 1)
        return self.at(np.where(noise % 100 < 30, other, 0))

    def herringbone(self, pattern: Pattern, x: Array, y: Array) -> Array:
        i, j = np.floor(x / pattern.mm).astype(np.int64), np.floor(y / pattern.mm).astype(np.int64)
        column = (i // 4) % 2 * 2 - 1
        return self.at(((i * column + j) % 4 < 2).astype(np.int64))

    def dots(self, pattern: Pattern, x: Array, y: Array) -> Array:
        row = np.floor(y / pattern.mm)
        u = (x / pattern.mm + 0.5 * (row % 2)) % 1.0 - 0.5
        v = (y / pattern.mm) % 1.0 - 0.5
        return self.at((u * u + v * v < 0.085).astype(np.int64))

    def argyle(self, pattern: Pattern, x: Array, y: Array) -> Array:
        u, v = x / pattern.mm, y / (pattern.mm * 1.5)
        diamond = (np.floor(u + v + 0.5) + np.floor(u - v + 0.5)).astype(np.int64) % 2
        line = np.minimum(np.abs((u + v) % 1.0 - 0.5), np.abs((u - v) % 1.0 - 0.5)) < 0.035
        return self.at(np.where(line, 2, diamond))

    def harlequin(self, pattern: Pattern, x: Array, y: Array) -> Array:
        u, v = x / pattern.mm, y / (pattern.mm * 1.6)
        i, j = np.floor(u + v + 0.5).astype(np.int64), np.floor(u - v + 0.5).astype(np.int64)
        return self.at((i + 2 * j) % len(self.colours))

    def patches(self, pattern: Pattern, x: Array, y: Array) -> Array:
        """Squares of cloth, no two neighbours alike."""
        i, j = np.floor(x / pattern.mm).astype(np.int64), np.floor(y / pattern.mm).astype(np.int64)
        return self.at((i * 2 + j * 3 + (i * j) % 2) % len(self.colours))
