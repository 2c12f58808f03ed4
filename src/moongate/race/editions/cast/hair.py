"""Hair: what lies on the skull, what a hat hides of it, and what swings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from moongate.race.editions.cast.anatomy import (
    HAT_LINE_M,
    HEAD_SIDES,
    angles,
    at,
    blend,
    skull_rings,
)
from moongate.race.editions.cast.schema import Hair, Scalp
from moongate.race.editions.cast.shell import Shell, joint_weights, loft, rigid
from moongate.race.editions.geometry.mesh import Array
from moongate.race.editions.geometry.recipe import Palette, build_parts
from moongate.race.editions.schema import Model

TOP_M = 0.478
# A hood has an edge about the face, which hair hides in its fringe.
HOOD_SIDES = 28
JAW_ROOM_M = 0.03


def build_hair(hair: Hair, palette: Palette, models: Mapping[str, Model]) -> list[Shell]:
    """The regions `crown` (gone under a hat) and `fall` (stays below it)."""
    parts = [] if hair.scalp is None else _scalp(hair.scalp, palette[hair.scalp.colour])
    for region, joint, recipe in (
        ("crown", "head", hair.crown), ("fall", "head", hair.fall), ("fall", "swing", hair.swings),
    ):  # fmt: skip
        if recipe:
            mesh = build_parts(recipe, palette, models).moved(at("head"))
            parts.append(rigid(mesh, joint, region))
    return parts


def _scalp(scalp: Scalp, colour: Array) -> list[Shell]:
    """A cap of hair from its line up, parted where hats begin."""
    line = hairline(scalp, HEAD_SIDES)
    low = _rows(line, line, np.full(HEAD_SIDES, HAT_LINE_M), scalp)[[0, 1, 2, 4]]
    high = _rows(line, np.maximum(line, HAT_LINE_M), np.full(HEAD_SIDES, TOP_M), scalp)
    return [_shell(low, colour, "fall", False), _shell(high, colour, "crown", True)]


def hood(line: Scalp, colour: Array) -> Shell:
    """A close cap in one piece from its edge up, for what is worn and not grown."""
    edge = hairline(line, HOOD_SIDES)
    rings = _rows(edge, edge, np.full(HOOD_SIDES, TOP_M), line)
    # Its edge stands off the skin, wide enough for any jaw, and turns in to it.
    own = np.arange(HOOD_SIDES)
    room = line.thick + JAW_ROOM_M * (1 - blend(edge, 0.05, 0.2))
    brim = skull_rings(edge, 0.0, HOOD_SIDES)[own, own]
    out = brim / np.linalg.norm(brim[:, :2], axis=1, keepdims=True) * (1, 1, 0)
    rings = np.concatenate([rings[:1], (brim + out * room[:, None])[None], rings[1:]])
    return _shell(rings, colour, "hat", True)


def hairline(scalp: Scalp, sides: int) -> Array:
    """Where hair begins on each corner of a ring: the brow, past the temple, to the nape."""
    ahead = np.cos(angles(sides))
    return np.where(
        ahead > 0,
        scalp.side
        + (scalp.front - scalp.side)
        * np.clip((ahead - scalp.temple) / (0.92 - scalp.temple), 0, 1),
        scalp.side + (scalp.back - scalp.side) * np.clip(-ahead * 1.5, 0, 1),
    )


def _rows(line: Array, bottom: Array, top: Array, scalp: Scalp) -> Array:
    """Rings (5, n, 3) from one height to another, each corner going its own way."""
    share = np.sin(np.linspace(0, np.pi / 2, 5))[:, None] ** 0.9
    z = bottom + np.maximum(top - bottom, 0) * share
    rings = np.empty((*z.shape, 3))
    for k in range(z.shape[1]):
        wave = scalp.curls * (np.sin(9.1 * k + 31 * z[:, k]) * 0.5 + 0.5)
        rings[:, k] = skull_rings(z[:, k], scalp.thick + wave, z.shape[1])[:, k]
    # Hair ends on the skin, so that no edge floats.
    foot = skull_rings(bottom, 0.002, z.shape[1])
    own = np.arange(z.shape[1])
    ends = bottom <= line + 1e-9
    rings[0, ends] = foot[own, own][ends]
    lift = np.clip((z - HAT_LINE_M) / (TOP_M - HAT_LINE_M), 0, 1)
    rings[..., 2] += lift * scalp.thick
    return rings


def _shell(rings: Array, colour: Array, region: str, cap: bool) -> Shell:
    weights = np.repeat(joint_weights(1, head=1.0), len(rings), 0)
    return loft(rings + at("head"), weights, colour, cap=cap, region=region)
