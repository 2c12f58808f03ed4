"""Dress a person: bare regions and pieces as one mesh with one texture, one draw call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from moongate.race.editions.cast.schema import Slot
from moongate.race.editions.cast.shell import Shell
from moongate.race.editions.geometry.mesh import Array
from moongate.race.editions.wardrobe.piece import Cut
from moongate.race.editions.wardrobe.texture import SIZE

ATLAS = 2 * SIZE
# Left, top and edge of each slot's square in the atlas, pixels; the last quarter is white.
SQUARES: dict[str, tuple[int, int, int]] = {
    "body": (0, 0, SIZE),
    "head": (SIZE, 0, SIZE),
    "feet": (0, SIZE, SIZE),
    "face": (SIZE, SIZE, SIZE // 2),
    "hands": (SIZE + SIZE // 2, SIZE, SIZE // 2),
}
INSET = 1.5
_WHITE = (ATLAS - SIZE // 4, ATLAS - SIZE // 4)


@dataclass(frozen=True)
class Outfit:
    """What a person wears: cuts and their textures (256, 256, 3) by slot."""

    cuts: Mapping[Slot, Cut]
    textures: Mapping[Slot, Array]


def dressed(bare: list[Shell], outfit: Outfit) -> tuple[list[Shell], Array]:
    """The shells of a person in an outfit and the atlas (512, 512, 3) they look into."""
    atlas = np.full((ATLAS, ATLAS, 3), 255, np.uint8)
    hidden = {region for cut in outfit.cuts.values() for region in cut.hides}
    white = np.array(_WHITE) / ATLAS
    shells = [
        replace(part, uv=np.broadcast_to(white, part.uv.shape).copy())
        for part in bare
        if part.region not in hidden
    ]
    for slot, cut in outfit.cuts.items():
        left, top, edge = SQUARES[slot]
        every = SIZE // edge
        atlas[top : top + edge, left : left + edge] = outfit.textures[slot][::every, ::every]
        others = {r for s, c in outfit.cuts.items() if s != slot for r in c.hides}
        for part in cut.shells:
            if part.region not in others:
                # A little inside its square, so that no neighbour's colour bleeds in.
                uv = (np.array([left, top]) + INSET + part.uv * (edge - 2 * INSET)) / ATLAS
                shells.append(replace(part, uv=uv))
    return shells, atlas
