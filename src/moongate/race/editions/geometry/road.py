"""The road itself: asphalt, lines, kerbs, verges, the start, all at the table's heights."""

from __future__ import annotations

import msgspec
import numpy as np

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.track_schema import TrackFile

KERB_M = 0.9
LINE_M = 0.35
DASH_M = 0.11
CHECKER_ROWS = 2
ZEBRA_BAR_M = 0.7
EMPTY_M = 0.05


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
    # Where no kerb stands its cells have no width, and are left out below.
    kerb_m = np.where(course.bend, KERB_M, 0.0)
    kerb_l = np.minimum(road_l + kerb_m, wall_l - 0.02)
    kerb_r = np.maximum(road_r - kerb_m, wall_r + 0.02)
    edges = [
        wall_l, kerb_l, road_l, road_l - LINE_M, np.full(n, DASH_M),
        np.full(n, -DASH_M), road_r + LINE_M, road_r, kerb_r, wall_r,
    ]  # fmt: skip
    middle = np.where(dash[:, None], line, asphalt)
    fills = [verge_l, kerb, line, asphalt, middle, asphalt, line, kerb, verge_r]
    quads, colours = [], []
    for outer, inner, fill in zip(edges, edges[1:], fills, strict=False):
        a, b = course.edge(inner)[knots], course.edge(outer)[knots]
        cells = np.stack([a, np.roll(a, -1, 0), np.roll(b, -1, 0), b], 1)
        wide = np.linalg.norm(cells[:, 3] - cells[:, 0], axis=1) > EMPTY_M
        wide |= np.linalg.norm(cells[:, 2] - cells[:, 1], axis=1) > EMPTY_M
        quads.append(cells[wide])
        colours.append(fill[knots][wide])
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


def crossings(course: Course, file: TrackFile, palette: Palette, lift: float = 0.03) -> Mesh:
    """Zebra crossings: bars along the road, side by side across it."""
    parts = []
    for crossing in file.crossings:
        k = int(crossing.along / course.track.ds) % course.track.n
        ahead = (k + 1) % course.track.n
        right, left = course.offsets("road_right")[k] + 1, course.offsets("road_left")[k] - 1
        bars = np.arange(right, left - ZEBRA_BAR_M, 2 * ZEBRA_BAR_M)
        a, b = (
            np.column_stack([course.xy[j] + course.left[j] * bars[:, None],
                             np.full(len(bars), course.height[j] + lift)])
            for j in (k, ahead)
        )  # fmt: skip
        across = np.append(course.left[k], 0) * ZEBRA_BAR_M
        parts.append(facets(np.stack([a, b, b + across, a + across], 1), palette[crossing.colour]))
    return join(parts)


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
