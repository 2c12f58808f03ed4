"""The road itself: asphalt, lines, kerbs, verges, the start, all at the table's heights."""

from __future__ import annotations

import msgspec
import numpy as np

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.track_schema import TrackFile
from moongate.race.sim.tuning import PAD_HALF
from moongate.race.track import PAD_SAMPLES

KERB_M = 0.9
LINE_M = 0.35
DASH_M = 0.11
CHECKER_ROWS = 2
ZEBRA_BAR_M = 0.7
EMPTY_M = 0.05
PAD_CHEVRONS = 3


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


def pads(course: Course, file: TrackFile, palette: Palette, lift: float = 0.05) -> Mesh:
    """Boost pads: a plate with chevrons that shine, as long and wide as what pushes."""
    parts = []
    n, ds = course.track.n, course.track.ds
    for pad in file.pads:
        first = int(pad.along / ds)
        rows = np.arange(first, first + PAD_SAMPLES + 1) % n
        middle = np.column_stack(
            [course.xy[rows] + course.left[rows] * pad.lateral, course.height[rows] + lift]
        )
        across = np.column_stack([course.left[rows], np.zeros(len(rows))]) * PAD_HALF
        plate = np.stack(
            [middle[:-1] - across[:-1], middle[1:] - across[1:], middle[1:] + across[1:],
             middle[:-1] + across[:-1]], 1,
        )  # fmt: skip
        parts.append(facets(plate, palette[pad.colour], glow=0.6))
        parts.append(_chevrons(middle[0], middle[-1], across[0], palette[pad.second], lift))
    return join(parts)


def _chevrons(start: Array, end: Array, across: Array, colour: Array, lift: float) -> Mesh:
    """Three arrow heads from `start` to `end`, as wide as `across` to both sides."""
    step = (end - start) / (3 * PAD_CHEVRONS)
    quads = []
    for k in range(PAD_CHEVRONS):
        tail = start + step * (3 * k + 0.2) + np.array([0, 0, lift])
        tip = tail + step * 1.4
        for side in (-0.8, 0.8):
            wing = across * side
            quad = [tail + wing, tail + wing + step, tip + step, tip]
            quads.append(quad if side > 0 else quad[::-1])
    return facets(np.array(quads)[:, ::-1], colour, glow=1.0)


def skirts(course: Course, aloft: Array, palette: Palette, file: TrackFile) -> Mesh:
    """What holds the road up: low walls on flat land, a deck's edge and underside where aloft."""
    parts = []
    knots = course.knots
    depth = np.where(aloft | np.roll(aloft, -1), 1.5, 1.2 + course.height)
    # Land with relief comes up to the road by itself.
    seen = (aloft | (course.land is None))[knots]
    colour = palette[file.road.skirt]
    lows = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        offset = course.offsets(f"wall_{side}") + sign * 0.45
        high, low = course.edge(offset)[knots], course.edge(offset, -depth)[knots]
        lows[side] = low
        quads = np.stack([high, low, np.roll(low, -1, 0), np.roll(high, -1, 0)], 1)[seen]
        parts.append(facets(quads if sign < 0 else quads[:, ::-1], colour))
    a, b = lows["left"], lows["right"]
    under = np.stack([a, np.roll(a, -1, 0), np.roll(b, -1, 0), b], 1)[aloft[knots]]
    parts.append(facets(under, colour * 0.5))
    return join(parts)
