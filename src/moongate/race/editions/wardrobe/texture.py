"""The one texture layout of the wardrobe, and pieces painted into it.

256 × 256: the trunk on top, sleeves below it, legs or a skirt below them, eight swatches at the
foot; the last swatch is white, for what has a colour of its own. Head, face, hand and foot pieces
use one wide panel instead.
"""

from __future__ import annotations

import numpy as np

from moongate.race.editions.cast.shell import Panel
from moongate.race.editions.geometry.mesh import Array
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.wardrobe.patterns import paint, srgb
from moongate.race.editions.wardrobe.schema import CLOTHS, Colourway, Mark, Pattern, PieceFile

SIZE = 256
SWATCHES = 8
_FOOT = 0.875
# Left, lower, right, upper edge of each panel.
PANELS: dict[str, Panel] = {
    "trunk": (0.0, 0.4375, 1.0, 0.0),
    "sleeve_l": (0.0, 0.65625, 0.5, 0.4375),
    "sleeve_r": (0.5, 0.65625, 1.0, 0.4375),
    "leg_l": (0.0, _FOOT, 0.5, 0.65625),
    "leg_r": (0.5, _FOOT, 1.0, 0.65625),
    "skirt": (0.0, _FOOT, 1.0, 0.65625),
    "wrap": (0.0, _FOOT, 1.0, 0.0),
}
GROUPS = {
    "trunk": ("trunk",), "sleeves": ("sleeve_l", "sleeve_r"), "legs": ("leg_l", "leg_r"),
    "skirt": ("skirt",),
}  # fmt: skip
# Width and height of what a panel covers on the common body, millimetres.
MILLIMETRES = {
    "trunk": (960.0, 480.0), "sleeve_l": (400.0, 430.0), "sleeve_r": (400.0, 430.0),
    "leg_l": (520.0, 480.0), "leg_r": (520.0, 480.0), "skirt": (1200.0, 340.0),
    "wrap": (1600.0, 420.0),
}  # fmt: skip


def swatch_uv(cloth: str) -> tuple[float, float]:
    """The middle of a cloth's swatch."""
    return ((CLOTHS.index(cloth) + 0.5) / SWATCHES, (1 + _FOOT) / 2)


def pixels(panel: Panel) -> tuple[slice, slice]:
    """Rows and columns of a panel in the texture."""
    left, low, right, high = (round(edge * SIZE) for edge in panel)
    return slice(high, low), slice(left, right)


class Dyer:
    """Paints one colourway of one piece."""

    def __init__(self, piece: PieceFile, way: Colourway, palette: Palette) -> None:
        self.patterns = piece.patterns
        self.cloth = {
            name: np.array([srgb(palette[c]) for c in way.colours.get(name, [name])])
            for name in CLOTHS
        }
        self.picture = np.full((SIZE, SIZE, 3), 255.0)
        for k, name in enumerate(CLOTHS):
            left = k * SIZE // SWATCHES
            self.picture[int(_FOOT * SIZE) :, left : left + SIZE // SWATCHES] = self.cloth[name][0]

    def fill(self, name: str, cloth: str) -> None:
        """A whole panel in a cloth."""
        rows, columns = pixels(PANELS[name])
        x, y, _, _ = self._grid(name)
        pattern = self.patterns.get(cloth, Pattern())
        self.picture[rows, columns] = paint(pattern, self.cloth[cloth], x, y)

    def mark(self, mark: Mark) -> None:
        """A drawing on each panel of its group."""
        for name in GROUPS[mark.panel]:
            rows, columns = pixels(PANELS[name])
            x, y, u, v = self._grid(name)
            pattern = self.patterns.get(mark.cloth, Pattern())
            colour = paint(pattern, self.cloth[mark.cloth], x, y)
            inside = _inside(mark, x, y, u, v)
            if mark.mirror:
                inside |= _inside(mark, -x, y, -u, v)
            self.picture[rows, columns] = np.where(
                inside[..., None], colour, self.picture[rows, columns]
            )

    def done(self) -> Array:
        """The texture (256, 256, 3) of whole numbers."""
        return np.asarray(np.clip(np.rint(self.picture), 0, 255), np.uint8)

    def _grid(self, name: str) -> tuple[Array, Array, Array, Array]:
        """Millimetres x, y and shares u (−0.5..0.5), v (0 at the low edge) of a panel's pixels."""
        rows, columns = pixels(PANELS[name])
        height, width = rows.stop - rows.start, columns.stop - columns.start
        u = (np.arange(width) + 0.5) / width - 0.5
        v = 1 - (np.arange(height) + 0.5) / height
        u, v = np.meshgrid(u, v)
        wide, tall = MILLIMETRES[name]
        return u * wide, v * tall, u, v


def _inside(mark: Mark, x: Array, y: Array, u: Array, v: Array) -> Array:
    left, low, right, high = mark.box
    across, up = (u - left) / (right - left), (v - low) / (high - low)
    box: Array = (across >= 0) & (across <= 1) & (up >= 0) & (up <= 1)
    if mark.shape == "vee":
        box &= np.abs(across - 0.5) <= up / 2
    elif mark.shape == "oval":
        box &= (across - 0.5) ** 2 + (up - 0.5) ** 2 <= 0.25
    elif mark.shape == "sash":
        box &= np.abs(across - up) <= 0.09
    elif mark.shape == "dots":
        near = ((x / mark.mm) % 1 - 0.5) ** 2 + ((y / mark.mm) % 1 - 0.5) ** 2
        box &= near < 0.06
    elif mark.shape == "pixels":
        wide = max(len(row) for row in mark.rows)
        table = np.array([[c == "#" for c in row.ljust(wide, ".")] for row in mark.rows])
        i = np.clip(((1 - up) * len(table)).astype(int), 0, len(table) - 1)
        j = np.clip((across * wide).astype(int), 0, wide - 1)
        box &= table[i, j]
    return box
