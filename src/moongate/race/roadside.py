"""The ground beside an imported road: its edges, and how far beyond them the walls may stand.

A circuit here is an array of closed points with columns x, y, road_right, road_left (m).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from moongate.race.crossing import first_crossing

Floats = NDArray[np.float64]

RUN_OFF_M = 4.0
"""Grass between the road's edge and the wall where there is room for it, m."""
EDGE_SLOPE = 0.2
"""The most an edge or wall draws in along the road, m per m, so that none stands like a step."""


def steps_of(xy: Floats) -> Floats:
    """Distance from each point to the next, round the loop, m."""
    step = np.roll(xy, -1, axis=0) - xy
    return np.asarray(np.hypot(step[:, 0], step[:, 1]), dtype=np.float64)


def _normals(xy: Floats) -> Floats:
    """Unit normals to the left at each point of a closed line."""
    ahead = np.roll(xy, -1, axis=0) - xy
    behind = np.roll(ahead, 1, axis=0)
    far, near = (np.hypot(*leg.T)[:, None] for leg in (ahead, behind))
    # Each leg's direction, weighted by the other's length: the tangent of the circle through three.
    tangent = ahead / far * near + behind / near * far
    size = np.hypot(tangent[:, 0], tangent[:, 1])
    size = np.where(size > 0.0, size, 1.0)
    return np.column_stack([-tangent[:, 1], tangent[:, 0]]) / size[:, None]


def road_edges(values: Floats, off_left: Floats | float, off_right: Floats | float) -> list[Floats]:
    """The lines that run ``off`` metres beyond the road's left and right edges."""
    xy, normal = values[:, :2], _normals(values[:, :2])
    left = xy + normal * (values[:, 3] + off_left)[:, None]
    right = xy - normal * (values[:, 2] + off_right)[:, None]
    return [left, right]


def drawn_in(off: Floats, steps: Floats) -> Floats:
    """The most that is nowhere above ``off`` and changes by at most ``EDGE_SLOPE``."""
    off = off.copy()
    n = len(off)
    for _ in range(2):
        for i in range(n):
            off[i] = min(off[i], off[i - 1] + EDGE_SLOPE * steps[i - 1])
        for i in range(n - 1, -1, -1):
            off[i] = min(off[i], off[(i + 1) % n] + EDGE_SLOPE * steps[i])
    return off


def run_off(values: Floats) -> tuple[Floats, Floats]:
    """How far beyond the road's left and right edges the walls stand, m."""
    edges = road_edges(values, 0.0, 0.0)
    normal = _normals(values[:, :2])
    tree = cKDTree(np.vstack(edges))
    steps = steps_of(values[:, :2])
    off = [
        drawn_in(_free_depth(edge, outwards, tree), steps)
        for edge, outwards in zip(edges, (normal, -normal), strict=True)
    ]
    # The roads do not overlap, so walls drawn in far enough do not either.
    for _ in range(12):
        crossing = first_crossing(road_edges(values, off[0], off[1]))
        if crossing is None:
            return off[0], off[1]
        for row in crossing:
            for side in (0, 1):
                off[side][row] *= 0.3
                off[side] = drawn_in(off[side], steps)
    return np.zeros_like(off[0]), np.zeros_like(off[1])


def _free_depth(edge: Floats, outwards: Floats, tree: cKDTree) -> Floats:
    """Half the open ground in front of each point of an edge, at most ``RUN_OFF_M``.

    Open ground ends at the first edge point within 45° of straight ahead: the next road over, or on
    the inside of a hairpin its other leg.
    """
    depth = np.full(len(edge), RUN_OFF_M)
    for i, near in enumerate(tree.query_ball_point(edge, 2.0 * RUN_OFF_M * math.sqrt(2.0))):
        away = tree.data[near] - edge[i]
        ahead = away @ outwards[i]
        seen = (ahead > 1e-6) & (np.hypot(away[:, 0], away[:, 1]) <= math.sqrt(2.0) * ahead)
        if seen.any():
            depth[i] = min(RUN_OFF_M, 0.5 * float(ahead[seen].min()))
    return depth
