"""The racing line of least curvature.

A kart on a fast line turns as gently as the road lets it. Over a closed track the line is
``p = c + a·n``: a lateral offset ``a`` (m, left positive) from the centreline ``c`` along its left
normal ``n``. Wanted is the ``a`` within the road that minimises the summed squared curvature
``∫ κ² ds``. With the curvature linearised this is a quadratic programme in ``a``, as in

    A. Heilmeier, A. Wischnewski, L. Hermansdorfer, J. Betz, M. Lienkamp, B. Lohmann, "Minimum
    curvature trajectory planning and control for an autonomous race car", Vehicle System Dynamics
    58(10), 2020, doi:10.1080/00423114.2019.1631455.

Where that work freezes the spline's first derivatives, we differentiate the three-point (Menger)
curvature exactly and repeat the programme about the line it gave (Gauss–Newton), so the offsets
stay on the centreline's own normals and the road's edges stay simple bounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moongate.race.drivers.box_qp import ChainMatrix, Floats, solve_chain_in_box
from moongate.race.sim import tuning
from moongate.race.sim.layout import (
    S_GRADE,
    S_ROAD_LEFT,
    S_ROAD_RIGHT,
    S_TX,
    S_TY,
    S_X,
    S_Y,
)
from moongate.race.track import Track

EDGE_MARGIN_M = 0.3
"""Kept free between the kart's side and the road's edge, m."""

_MAX_ROUNDS = 12
_SETTLED_M = 0.005


@dataclass(frozen=True)
class Line:
    """A closed line along a track, one point for each of the track's samples.

    offset_m: from the centreline, left positive. x_m, y_m: position. tangent_x, tangent_y: unit.
    step_m: distance to the next point. curvature: 1/m, left positive. climb: rise in m per m of
    line.
    """

    offset_m: Floats
    x_m: Floats
    y_m: Floats
    tangent_x: Floats
    tangent_y: Floats
    step_m: Floats
    curvature: Floats
    climb: Floats

    @property
    def length_m(self) -> float:
        return float(self.step_m.sum())

    @property
    def radius_m(self) -> Floats:
        """Radius of the turn, m; infinite where the line is straight."""
        size = np.abs(self.curvature)
        return np.divide(1.0, size, out=np.full_like(size, np.inf), where=size > 0.0)

    @property
    def bend(self) -> float:
        """``∫ κ² ds`` in 1/m: what the line minimises."""
        return float(np.sum(self.curvature**2 * _weights(self.step_m)))


def _weights(step_m: Floats) -> Floats:
    return np.asarray(0.5 * (step_m + np.roll(step_m, 1)), dtype=np.float64)


def chain_curvature(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Three-point curvature (1/m, left positive) and distance to the next point (m)."""
    bx, by = np.roll(x, -1) - x, np.roll(y, -1) - y
    ax, ay = np.roll(bx, 1), np.roll(by, 1)
    b = np.hypot(bx, by)
    a = np.roll(b, 1)
    # κ = 2 sin(turn) / chord: the circle through three points (Menger).
    curvature = 2.0 * (ax * by - ay * bx) / (a * b * np.hypot(ax + bx, ay + by))
    return curvature, b


def curvature_slopes(x: Floats, y: Floats, nx: Floats, ny: Floats) -> ChainMatrix:
    """∂κᵢ/∂aⱼ for j = i−1, i, i+1, exact."""
    bx, by = np.roll(x, -1) - x, np.roll(y, -1) - y
    ax, ay = np.roll(bx, 1), np.roll(by, 1)
    cx, cy = ax + bx, ay + by
    aa, bb, cc = ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy
    size = np.sqrt(aa * bb * cc)
    cross = ax * by - ay * bx
    curvature = 2.0 * cross / size

    def slope(dax: Floats, day: Floats, dbx: Floats, dby: Floats) -> Floats:
        turn = dax * by - day * bx + ax * dby - ay * dbx
        stretch = (
            (ax * dax + ay * day) / aa
            + (bx * dbx + by * dby) / bb
            + (cx * (dax + dbx) + cy * (day + dby)) / cc
        )
        return np.asarray(2.0 * turn / size - curvature * stretch, dtype=np.float64)

    still = np.zeros_like(x)
    return ChainMatrix(
        below=slope(-np.roll(nx, 1), -np.roll(ny, 1), still, still),
        diagonal=slope(nx, ny, -nx, -ny),
        above=slope(still, still, np.roll(nx, -1), np.roll(ny, -1)),
    )


def offset_bounds(
    road_left: Floats, road_right: Floats, *, margin_m: float = EDGE_MARGIN_M
) -> tuple[Floats, Floats]:
    """Least and largest offset (m) that keep the whole kart on the road, ``margin_m`` to spare.

    Where the road is narrower than that, both are the road's middle.
    """
    room = tuning.KART_RADIUS + margin_m
    lower, upper = room - road_right, road_left - room
    middle = 0.5 * (road_left - road_right)
    tight = lower > upper
    return np.where(tight, middle, lower), np.where(tight, middle, upper)


def line_at(track: Track, offset_m: Floats) -> Line:
    """The line that runs ``offset_m`` (m, left positive) beside the centreline."""
    samples = track.samples
    x0, y0, tx, ty = (samples[:, i] for i in (S_X, S_Y, S_TX, S_TY))
    x, y = x0 - ty * offset_m, y0 + tx * offset_m
    curvature, step = chain_curvature(x, y)
    dx, dy = np.roll(x, -1) - np.roll(x, 1), np.roll(y, -1) - np.roll(y, 1)
    size = np.hypot(dx, dy)
    return Line(
        offset_m=np.asarray(offset_m, dtype=np.float64),
        x_m=x,
        y_m=y,
        tangent_x=dx / size,
        tangent_y=dy / size,
        step_m=step,
        curvature=curvature,
        climb=samples[:, S_GRADE] * (tx * dx + ty * dy) / size,
    )


def racing_line(track: Track, *, margin_m: float = EDGE_MARGIN_M) -> Line:
    """The line of least ``∫ κ² ds`` that keeps the whole kart on the road."""
    samples = track.samples
    tx, ty = samples[:, S_TX], samples[:, S_TY]
    lower, upper = offset_bounds(
        samples[:, S_ROAD_LEFT], samples[:, S_ROAD_RIGHT], margin_m=margin_m
    )
    line = line_at(track, np.clip(np.zeros(track.n), lower, upper))
    for _ in range(_MAX_ROUNDS):
        slopes = curvature_slopes(line.x_m, line.y_m, -ty, tx)
        weight = np.sqrt(_weights(line.step_m))
        weighted = ChainMatrix(
            slopes.below * weight, slopes.diagonal * weight, slopes.above * weight
        )
        k = line.curvature * weight - weighted.times(line.offset_m)
        change = solve_chain_in_box(weighted, k, lower, upper) - line.offset_m
        better = _first_better(track, line, change)
        if better is None:
            break
        moved = float(np.max(np.abs(better.offset_m - line.offset_m)))
        line = better
        if moved < _SETTLED_M:
            break
    return line


def _first_better(track: Track, line: Line, change: Floats) -> Line | None:
    """The full step, or the largest of its halvings that bends less than ``line``."""
    part = 1.0
    for _ in range(8):
        candidate = line_at(track, line.offset_m + part * change)
        if candidate.bend < line.bend:
            return candidate
        part *= 0.5
    return None
