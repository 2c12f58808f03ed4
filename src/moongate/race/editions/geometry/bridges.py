"""What carries the road over water: piers and arches under the deck."""

from __future__ import annotations

import numpy as np

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join, turned
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.geometry.shapes import box
from moongate.race.editions.track_schema import Bridge, TrackFile

PIER_M = 3.4
DECK_M = 1.1


def bridges(course: Course, file: TrackFile, palette: Palette) -> Mesh:
    """All bridges of a track."""
    level = min((water.level for water in file.water), default=-4.0)
    return join(_bridge(course, bridge, palette, level) for bridge in file.bridges if bridge.arches)


def _bed(course: Course, point: Array, level: float) -> float:
    """What a pier stands on: the land below, the river's bed where the land is flat."""
    return level if course.land is None else float(course.foot(point[None, :2])[0])


def _bridge(course: Course, bridge: Bridge, palette: Palette, level: float) -> Mesh:
    stone, iron = palette[bridge.colour], palette[bridge.second]
    start, end = bridge.along
    span = (end - start) / bridge.arches
    parts = []
    for k in range(bridge.arches):
        a = start + span * k
        for side, sign in (("left", 1.0), ("right", -1.0)):
            parts.append(_arch(course, a, a + span, side, sign, iron, level))
    for k in range(1, bridge.arches):
        left, heading = course.place(start + span * k, "left", 1.3)
        right, _ = course.place(start + span * k, "right", 1.3)
        middle, width = (left + right) / 2, float(np.linalg.norm((left - right)[:2]))
        bed = _bed(course, middle, level)
        tall = middle[2] - DECK_M - bed + 1.0
        pier = box((PIER_M, width, tall), stone).mapped(turned((0, 0, heading)))
        parts.append(pier.moved((middle[0], middle[1], bed - 1.0)))
        for point in (left, right):
            cap = box((PIER_M * 0.8, 1.2, 1.9), stone).mapped(turned((0, 0, heading)))
            parts.append(cap.moved((point[0], point[1], point[2] - 0.9)))
    return join(parts)


def _arch(
    course: Course, a: float, b: float, side: str, sign: float, colour: Array, level: float
) -> Mesh:
    steps = 10
    t = np.linspace(0, 1, steps + 1)
    line = np.array([course.place(a + (b - a) * f, side, 0.5)[0] for f in t])
    rise = np.sqrt(np.maximum(1 - (2 * t - 1) ** 2, 0))
    high = line - [0, 0, 0.5]
    low = line.copy()
    # A high viaduct's arches are half circles on tall piers.
    bed = min(_bed(course, line[0], level), _bed(course, line[-1], level)) + 0.4
    spring = np.maximum(bed, line[:, 2] - DECK_M - 0.6 - (b - a) / 2)
    low[:, 2] = np.minimum(spring + rise * (line[:, 2] - DECK_M - 0.6 - spring), high[:, 2])
    face = np.stack([low[:-1], low[1:], high[1:], high[:-1]], 1)
    inward = np.append(
        course.place((a + b) / 2, side, -3.0)[0] - course.place((a + b) / 2, side, 0.5)[0], 0
    )[:3]
    inward[2] = 0
    under = np.stack([low[1:], low[:-1], low[:-1] + inward, low[1:] + inward], 1)
    mesh = join([facets(face, colour), facets(under, colour * 0.7)])
    return mesh if sign < 0 else mesh.inside_out()
