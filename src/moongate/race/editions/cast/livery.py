"""Karts that wear a livery: the same nodes on every body, one small texture for its colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from moongate.race.editions.cast.rigglb import Drawn
from moongate.race.editions.cast.schema import KartFile
from moongate.race.editions.cast.shell import Panel, Shell, joint_weights, shell
from moongate.race.editions.geometry.mesh import Array, Mesh
from moongate.race.editions.geometry.recipe import Palette, build_parts
from moongate.race.editions.schema import Model
from moongate.race.editions.wardrobe.patterns import paint, srgb
from moongate.race.editions.wardrobe.piece import Coded, decode_cloth
from moongate.race.editions.wardrobe.png import png
from moongate.race.editions.wardrobe.schema import LIVERY, Pattern
from moongate.race.editions.wardrobe.texture import SIZE, SWATCHES, pixels

# A pattern lies on flanks (seen from the side) and on decks (seen from above).
FLANK: Panel = (0.0, 0.4375, 1.0, 0.0)
DECK: Panel = (0.0, 0.875, 1.0, 0.4375)
# What the panels cover of a kart: half its length, its height and half its width, metres.
HALF_LENGTH_M, HEIGHT_M, HALF_WIDTH_M = 1.25, 1.1, 0.6
_FOOT = 0.875


def kart_drawn(
    kart: KartFile, model: Model, palette: Palette, models: Mapping[str, Model]
) -> list[Drawn]:
    """A kart's nodes under `kart`, and an empty node `seat` where a rig that drives is put."""
    plain = {name: [kart.livery[name]] for name in LIVERY if name in kart.livery}
    texture = png(livery_texture(plain, Pattern(), palette))
    codes = Coded(palette, LIVERY)
    drawn = [Drawn("kart", []), Drawn("seat", [], origin=kart.seat, parent="kart")]
    for node in model.nodes:
        mesh = build_parts(node.parts, codes, models)
        painted = _painted(mesh, np.asarray(node.pivot))
        drawn.append(
            Drawn(node.name, [painted], texture, skinned=False, origin=node.pivot, parent="kart")
        )
    return drawn


def livery_texture(
    colours: Mapping[str, Sequence[str]], pattern: Pattern, palette: Palette
) -> Array:
    """The texture (256, 256, 3) of a livery: its pattern on both panels, swatches at the foot."""
    picture = np.full((SIZE, SIZE, 3), 255.0)
    dyes = {
        name: np.array([srgb(palette[c]) for c in colours.get(name, [name])]) for name in LIVERY
    }
    for k, name in enumerate(LIVERY):
        left = k * SIZE // SWATCHES
        picture[int(_FOOT * SIZE) :, left : left + SIZE // SWATCHES] = dyes[name][0]
    for panel, tall in ((FLANK, HEIGHT_M), (DECK, 2 * HALF_WIDTH_M)):
        rows, columns = pixels(panel)
        height, width = rows.stop - rows.start, columns.stop - columns.start
        u = (np.arange(width) + 0.5) / width - 0.5
        v = 1 - (np.arange(height) + 0.5) / height
        x, y = np.meshgrid(u * 2000 * HALF_LENGTH_M, v * 1000 * tall)
        picture[rows, columns] = paint(pattern, dyes["livery"], x, y)
    return np.asarray(np.clip(np.rint(picture), 0, 255), np.uint8)


def _painted(mesh: Mesh, pivot: Array) -> Shell:
    plain, cloth = decode_cloth(mesh, LIVERY)
    part = shell(plain, joint_weights(len(plain.vertices), hips=1.0))
    uv = part.uv.copy()
    for k in range(len(LIVERY)):
        uv[cloth == k] = ((k + 0.5) / SWATCHES, (1 + _FOOT) / 2)
    here = cloth == 0
    uv[here] = _boxed(plain.vertices + pivot, plain.normals())[here]
    return replace(part, uv=uv)


def _boxed(points: Array, normals: Array) -> Array:
    """Places in the panels for corners seen from the side or from above, whichever is plainer."""
    u = np.clip(points[:, 0] / (2 * HALF_LENGTH_M) + 0.5, 0, 1)
    side = np.clip(points[:, 2] / HEIGHT_M, 0, 1)
    deck = np.clip(points[:, 1] / (2 * HALF_WIDTH_M) + 0.5, 0, 1)
    v = np.where(
        np.abs(normals[:, 2]) > 0.7,
        DECK[1] + (DECK[3] - DECK[1]) * deck,
        FLANK[1] + (FLANK[3] - FLANK[1]) * side,
    )
    return np.column_stack([u, v])
