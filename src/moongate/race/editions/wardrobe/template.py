"""Templates for designers: which part of a texture lies where on the body."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np

from moongate.race.editions.geometry.mesh import Array
from moongate.race.editions.wardrobe.piece import Cut
from moongate.race.editions.wardrobe.png import png
from moongate.race.editions.wardrobe.schema import CLOTHS, PieceFile
from moongate.race.editions.wardrobe.texture import MILLIMETRES, PANELS, SIZE, SWATCHES

INK, PAPER, LINE = (44, 79, 163), (255, 255, 255), (178, 192, 224)
_FOOT = 0.875


def panels_of(piece: PieceFile) -> list[str]:
    """The panels that a piece shows."""
    shown = ["trunk"] if piece.top is not None else []
    if piece.top is not None and piece.top.sleeve > 0:
        shown += ["sleeve_l", "sleeve_r"]
    if piece.skirt is not None:
        shown.append("skirt")
    elif piece.trousers is not None:
        shown += ["leg_l", "leg_r"]
    if any(entry.wrap is not None for entry in piece.rigid):
        shown.append("wrap")
    return shown


def template_svg(piece: PieceFile, cut: Cut) -> str:
    """An SVG (4 px a texel) of a piece's panels, its mesh in them, and the eight swatches."""
    scale = 4
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE * scale} {SIZE * scale}"'
        f' width="{SIZE * scale}" height="{SIZE * scale}" font-family="sans-serif" font-size="26">',
        f"<title>{escape(piece.name.en)}</title>",
        f'<rect width="100%" height="100%" fill="{_hex(PAPER)}"/>',
        f'<g stroke="{_hex(LINE)}" stroke-width="1" fill="none">',
    ]
    for a, b in _edges(cut):
        x0, y0, x1, y1 = np.round(np.concatenate([a, b]) * SIZE * scale, 1)
        parts.append(f'<path d="M{x0:g} {y0:g}L{x1:g} {y1:g}"/>')
    parts.append(f'</g><g stroke="{_hex(INK)}" stroke-width="3" fill="none">')
    for name in panels_of(piece):
        left, low, right, high = (edge * SIZE * scale for edge in PANELS[name])
        parts.append(
            f'<rect x="{left:g}" y="{high:g}" width="{right - left:g}" height="{low - high:g}"/>'
        )
    parts.append(f'</g><g fill="{_hex(INK)}">')
    for name in panels_of(piece):
        left, _, _, high = (edge * SIZE * scale for edge in PANELS[name])
        wide, tall = MILLIMETRES[name]
        label = f"{name.replace('_', ' ')}: {wide:.0f} × {tall:.0f} mm"
        parts.append(f'<text x="{left + 12:g}" y="{high + 34:g}">{label}</text>')
    for k, name in enumerate([*CLOTHS, "", "white"]):
        left = k * SIZE * scale / SWATCHES
        parts.append(
            f'<text x="{left + 10:g}" y="{SIZE * scale - 14}" font-size="22">{name}</text>'
        )
    return "".join([*parts, "</g></svg>\n"])


def template_png(piece: PieceFile, cut: Cut) -> bytes:
    """The same as a picture in the texture's own size, to paint over."""
    picture = np.full((SIZE, SIZE, 3), PAPER, np.uint8)
    for a, b in _edges(cut):
        steps = max(2, int(np.abs(b - a).max() * SIZE) + 1)
        line = a + (b - a) * np.linspace(0, 1, steps)[:, None]
        place = np.clip((line * SIZE).astype(int), 0, SIZE - 1)
        picture[place[:, 1], place[:, 0]] = LINE
    for name in panels_of(piece):
        left, low, right, high = (round(edge * SIZE) for edge in PANELS[name])
        picture[[high, low - 1], left:right] = INK
        picture[high:low, [left, right - 1]] = INK
    edge = SIZE // SWATCHES
    picture[round(_FOOT * SIZE) :, ::edge] = INK
    picture[round(_FOOT * SIZE)] = INK
    return png(picture)


def _edges(cut: Cut) -> Iterable[tuple[Array, Array]]:
    """Each edge of the mesh inside the panels once, in texture places."""
    seen: set[tuple[int, ...]] = set()
    for part in cut.shells:
        for triangle in part.mesh.triangles:
            corners = part.uv[triangle]
            if corners[:, 1].max() > _FOOT or np.ptp(corners, axis=0).max() < 1e-6:
                continue
            for k in range(3):
                a, b = corners[k], corners[(k + 1) % 3]
                key = tuple(np.rint(np.sort(np.stack([a, b]), axis=0).ravel() * 4096).astype(int))
                if key not in seen:
                    seen.add(key)
                    yield a, b


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{value:02x}" for value in colour)
