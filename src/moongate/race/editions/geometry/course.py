"""A track's table as lines to build along: sections, edges, places beside the road."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Protocol

import numpy as np
import shapely
from scipy.spatial import KDTree

from moongate.race.editions.geometry.mesh import Array
from moongate.race.track import Track

# How far from the centreline the road's own height counts as the ground's, m.
NEAR_M = 16.0

# Kerbs stand where the road bends more than this (1/m), and so many samples around it.
KERB_CURVATURE = 1 / 110
KERB_REACH = 3
STRAY_M = 0.04


class Surface(Protocol):
    """Land that knows its height."""

    def height(self, points: Array) -> Array:
        """Height at points (n, 2), m."""


@dataclass(frozen=True)
class Course:
    """The samples of a track by name; distances in metres, left positive.

    Without `land` the country around is flat and lies at height 0.
    """

    track: Track
    land: Surface | None = None

    @cached_property
    def xy(self) -> Array:
        """Centreline points."""
        return self.track.samples[:, 0:2]

    @cached_property
    def left(self) -> Array:
        """Unit left normals."""
        return np.stack([-self.track.samples[:, 3], self.track.samples[:, 2]], 1)

    @cached_property
    def height(self) -> Array:
        """Road height of each sample, m."""
        return self.track.samples[:, 8]

    def offsets(self, name: str) -> Array:
        """Signed offsets of an edge: road_left, road_right, wall_left or wall_right."""
        column = {"road_left": 4, "road_right": 5, "wall_left": 6, "wall_right": 7}[name]
        values = self.track.samples[:, column]
        return values if name.endswith("left") else -values

    def edge(self, offset: Array | float, rise: Array | float = 0.0) -> Array:
        """Points (n, 3) at a signed offset from the centreline, `rise` above the road."""
        plan = self.xy + self.left * np.broadcast_to(offset, len(self.xy))[:, None]
        return np.column_stack([plan, self.height + rise])

    @cached_property
    def bend(self) -> Array:
        """Which samples lie in or near a corner: where kerbs stand."""
        flags = np.abs(self.track.samples[:, 10]) > KERB_CURVATURE
        out = flags.copy()
        for k in range(1, KERB_REACH + 1):
            out |= np.roll(flags, k) | np.roll(flags, -k)
        return out

    @cached_property
    def knots(self) -> Array:
        """Samples to build at: each one in corners, fewer where the road runs straight.

        Between two knots no edge of the road strays more than STRAY_M from the samples.
        """
        n = self.track.n
        lines = [
            self.edge(self.offsets(name))
            for name in ("wall_left", "road_left", "road_right", "wall_right")
        ]
        kept = [0]
        while kept[-1] < n:
            here = kept[-1]
            # Dashes are painted on every third pair of samples, so knots fall on their ends.
            reach = 2 if here % 6 == 0 else 6 - here % 6
            while reach > 1 and (here + reach > n or not self._straight(lines, here, reach)):
                reach -= 1
            kept.append(here + reach)
        return np.array(kept[:-1])

    def _straight(self, lines: list[Array], here: int, reach: int) -> bool:
        span = np.arange(here, here + reach + 1) % self.track.n
        if self.bend[span].any():
            return False
        t = np.linspace(0, 1, reach + 1)[:, None]
        chords = [line[span[0]] * (1 - t) + line[span[-1]] * t for line in lines]
        return all(
            np.abs(chord - line[span]).max() < STRAY_M
            for chord, line in zip(chords, lines, strict=True)
        )

    def within(self, along: tuple[float, float]) -> Array:
        """Which samples lie in a range of metres along the lap; a range may pass the line."""
        s = np.arange(self.track.n) * self.track.ds
        a, b = (value % self.track.length_m for value in along)
        if along[1] - along[0] >= self.track.length_m - self.track.ds:
            return np.ones(self.track.n, bool)
        return (s >= a) & (s < b) if a <= b else (s >= a) | (s < b)

    def place(self, along: float, side: str, out: float) -> tuple[Array, float]:
        """A point `out` metres beyond the wall of a side, and the heading of the road there."""
        f = (along % self.track.length_m) / self.track.ds
        i, t = int(f) % self.track.n, f - int(f)
        j = (i + 1) % self.track.n
        wall = self.offsets(f"wall_{side}")
        sign = 1.0 if side == "left" else -1.0
        a, b = (
            np.append(self.xy[k] + self.left[k] * (wall[k] + sign * out), self.height[k])
            for k in (i, j)
        )
        point = a + (b - a) * t
        step = self.xy[j] - self.xy[i]
        return point, float(np.degrees(np.arctan2(step[1], step[0])))

    def ground(self, points: Array) -> Array:
        """Height of the ground under points (n, 2): the road's near it, 0 elsewhere."""
        if self.land is not None:
            return self.land.height(points)
        gap, nearest = self._tree.query(points)
        return np.where(gap < NEAR_M, self.height[nearest], 0.0)

    def foot(self, points: Array) -> Array:
        """Height at which things stand at points (n, 2): the land's, flat or not."""
        return np.zeros(len(points)) if self.land is None else self.land.height(points)

    def distance(self, points: Array) -> Array:
        """Metres from points (n, 2) to the nearest sample of the centreline."""
        found: Array = self._tree.query(points)[0]
        return found

    @cached_property
    def _tree(self) -> KDTree:
        return KDTree(self.xy)

    @cache  # noqa: B019 - a course lives as long as its build
    def corridor(self, grow: float = 0.0) -> shapely.Geometry:
        """Everything between the walls, `grow` metres wider, as an area."""
        left = self.edge(self.offsets("wall_left") + grow)[:, :2]
        right = self.edge(self.offsets("wall_right") - grow)[:, :2]
        quads = np.stack([right, np.roll(right, -1, 0), np.roll(left, -1, 0), left], 1)
        return shapely.union_all(shapely.make_valid(shapely.polygons(quads)))
