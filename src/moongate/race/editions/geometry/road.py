"""The road itself: asphalt, lines, kerbs, verges, the start, all at the table's heights."""

from __future__ import annotations

import msgspec
import numpy as np

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.track_schema import TrackFile

KERB_M = 0.9
LINE_M = 0.28
LINE_IN_M = 0.35
DASH_M = 0.11
CHECKER_ROWS = 2


def _verge_colours(course: Course, file: TrackFile, palette: Palette, side: str) -> Array:
    colours = np.repeat(palette[file.road.verge][None], course.track.n, 0)
    for verge in file.verges:
        if verge.side == side:
            colours[course.within(verge.along)] = palette[verge.colour]
    return colours


def _grain(n: int, seed: int, strength: float) -> Array:
    noise = np.random.default_rng(seed).uniform(-strength, strength, n)
    return (1 + noise)[:, None]


def road_cells(course: Course, file: TrackFile, palette: Palette) -> tuple[Array, Array]:
    """The road between the walls as quads (n, 4, 3) and their colours (n, 3).

    Cells run from knot to knot, which are samples: every corner has the table's own height.
    """
    n = course.track.n
    k = np.arange(n)
    bend = course.bend
    knots = course.knots
    dash = (k // 2) % 3 == 0
    paint = {name: palette[colour] for name, colour in msgspec.structs.asdict(file.road).items()}
    asphalt = paint["asphalt"] * _grain(n, file.seed, 0.05)
    kerb = np.where((k % 2 == 0)[:, None], paint["kerb"], paint["kerb_second"])
    line = np.repeat(paint["line"][None], n, 0)
    wall_l, wall_r = course.offsets("wall_left"), course.offsets("wall_right")
    road_l, road_r = course.offsets("road_left"), course.offsets("road_right")
    verge_l = _verge_colours(course, file, palette, "left") * _grain(n, file.seed + 1, 0.04)
    verge_r = _verge_colours(course, file, palette, "right") * _grain(n, file.seed + 2, 0.04)
    kerb_l = np.minimum(road_l + KERB_M, wall_l - 0.02)
    kerb_r = np.maximum(road_r - KERB_M, wall_r + 0.02)
    edges = [
        wall_l, kerb_l, road_l, road_l - LINE_IN_M, road_l - LINE_IN_M - LINE_M,
        np.full(n, DASH_M), np.full(n, -DASH_M),
        road_r + LINE_IN_M + LINE_M, road_r + LINE_IN_M, road_r, kerb_r, wall_r,
    ]  # fmt: skip
    worn = asphalt * 0.9
    fills = [
        verge_l, np.where(bend[:, None], kerb, verge_l * 0.96), asphalt, line, worn,
        np.where(dash[:, None], line, worn), worn, line, asphalt,
        np.where(bend[:, None], kerb, verge_r * 0.96), verge_r,
    ]  # fmt: skip
    quads, colours = [], []
    for outer, inner, fill in zip(edges, edges[1:], fills, strict=False):
        a, b = course.edge(inner)[knots], course.edge(outer)[knots]
        quads.append(np.stack([a, np.roll(a, -1, 0), np.roll(b, -1, 0), b], 1))
        colours.append(fill[knots])
    return np.concatenate(quads), np.concatenate(colours)


def start_line(course: Course, file: TrackFile, palette: Palette, lift: float = 0.02) -> Mesh:
    """Checkers across the road at the start; they lie a hair above it."""
    along = np.append(course.track.samples[0, 2:4], 0)
    left = np.append(course.left[0], 0)
    middle = np.append(course.xy[0], course.height[0] + lift)
    width = course.offsets("road_left")[0] - course.offsets("road_right")[0]
    size = 1.0
    count = int(width / size)
    start = course.offsets("road_right")[0] + (width - count * size) / 2
    quads, colours = [], []
    for row in range(CHECKER_ROWS):
        for column in range(count):
            a = middle + along * (row - 1) * size + left * (start + column * size)
            quads.append([a, a + along * size, a + along * size + left * size, a + left * size])
            dark = (row + column) % 2 == 0
            colours.append(palette[file.road.checker if dark else file.road.line])
    return facets(np.array(quads), np.array(colours))


def skirts(course: Course, wet: Array, palette: Palette, file: TrackFile) -> Mesh:
    """What holds the road up: low walls on land, a deck's edge and underside over water."""
    parts = []
    knots = course.knots
    depth = np.where(wet | np.roll(wet, -1), 1.5, 1.2 + course.height)
    colour = palette[file.road.skirt]
    lows = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        offset = course.offsets(f"wall_{side}") + sign * 0.45
        high, low = course.edge(offset)[knots], course.edge(offset, -depth)[knots]
        lows[side] = low
        quads = np.stack([high, low, np.roll(low, -1, 0), np.roll(high, -1, 0)], 1)
        parts.append(facets(quads if sign < 0 else quads[:, ::-1], colour))
    a, b = lows["left"], lows["right"]
    under = np.stack([a, np.roll(a, -1, 0), np.roll(b, -1, 0), b], 1)[wet[knots]]
    parts.append(facets(under, colour * 0.5))
    return join(parts)
