"""Walls as one sees them: parapets, railings, hedges and fences, inner faces on the wall line."""

from __future__ import annotations

import numpy as np

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import EMPTY, Array, Mesh, facets, join
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.track_schema import Barrier, TrackFile


def _rail(
    inner: Array, outer: Array, low: float, high: float, colour: Array, run: Array,
    top: bool = True,
) -> Mesh:  # fmt: skip
    """A bar between two lines of points, `low` to `high` above them, for the steps in `run`."""
    up_low, up_high = np.array([0, 0, low]), np.array([0, 0, high])
    a, b = inner[run], np.roll(inner, -1, 0)[run]
    c, d = outer[run], np.roll(outer, -1, 0)[run]
    colour = colour[run] if colour.ndim == 2 else colour
    faces = [
        facets(np.stack([a + up_low, b + up_low, b + up_high, a + up_high], 1), colour),
        facets(np.stack([d + up_low, c + up_low, c + up_high, d + up_high], 1), colour * 0.94),
    ]
    if top:
        roof = np.stack([a + up_high, b + up_high, d + up_high, c + up_high], 1)
        faces.append(facets(roof, colour * 1.06))
    return join(faces)


def _ends(inner: Array, outer: Array, height: float, colour: Array, run: Array) -> Mesh:
    up = np.array([0, 0, height])
    first = run & ~np.roll(run, 1)
    after = ~run & np.roll(run, 1)
    parts = []
    for flags, flip in ((first, False), (after, True)):
        a, b = inner[flags], outer[flags]
        quads = np.stack([b, a, a + up, b + up], 1)
        parts.append(facets(quads[:, ::-1] if flip else quads, colour))
    return join(parts)


def _posts(inner: Array, outer: Array, height: float, colour: Array, at: Array) -> Mesh:
    middle = (inner + outer)[at] / 2
    half = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * 0.16
    low = middle[:, None] + half
    high = low + np.array([0, 0, height])
    walls = np.stack([low, np.roll(low, -1, 1), np.roll(high, -1, 1), high], 2).reshape(-1, 4, 3)
    return join([facets(walls, colour), facets(high, colour)])


def _side(course: Course, barrier: Barrier, palette: Palette, run: Array) -> Mesh:
    sign = 1.0 if barrier.side == "left" else -1.0
    wall = course.offsets(f"wall_{barrier.side}")
    knots = course.knots

    def line(out: float) -> Array:
        return course.edge(wall + sign * out)[knots]

    thick = {"parapet": 0.45, "railing": 0.22, "hedge": 0.9, "fence": 0.3}[barrier.kind]
    inner, outer = line(0.0), line(thick)
    first, second = palette[barrier.colour], palette[barrier.second]
    height = barrier.height
    step = knots
    run = run[knots]
    posts = EMPTY
    if barrier.kind == "parapet":
        parts = [
            _rail(inner, outer, -0.1, height - 0.18, first, run, top=False),
            _rail(line(0.0), line(thick + 0.06), height - 0.18, height, second, run),
        ]
        posts = _posts(inner, outer, height + 0.3, second, run & (step % 12 == 0))  # fmt: skip
    elif barrier.kind == "railing":
        parts = [
            _rail(inner, outer, -0.1, 0.35, first, run),
            _rail(inner, outer, height - 0.3, height - 0.05, second, run),
        ]
        posts = _posts(inner, outer, height, first, run & (step % 2 == 0))
    elif barrier.kind == "hedge":
        wave = 1 + 0.1 * np.sin(step * 1.7)[:, None]
        parts = [_rail(inner, outer, -0.1, height, first * wave, run)]
    else:
        striped = np.where((np.arange(len(step)) % 2 == 0)[:, None], first, second)
        parts = [_rail(inner, outer, -0.1, height, striped, run)]
    mesh = join([*parts, _ends(inner, outer, height - 0.2, first, run)])
    return join([mesh if sign > 0 else mesh.inside_out(), posts])


def barriers(course: Course, file: TrackFile, palette: Palette) -> Mesh:
    """Both walls all round; where entries overlap the later one stands."""
    parts = []
    for side in ("left", "right"):
        owner = np.full(course.track.n, -1)
        for k, barrier in enumerate(file.barriers):
            if barrier.side == side:
                owner[course.within(barrier.along)] = k
        parts += [
            _side(course, file.barriers[k], palette, owner == k)
            for k in set(owner.tolist())
            if k >= 0
        ]
    return join(parts)
