"""The height of land that is not flat: hills and valleys, then what road and water ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Array
from moongate.race.editions.geometry.noise import rough
from moongate.race.editions.terrain_schema import Relief, Shelf, Terrain

# The land lies this much under the road's edge, so that no grass grows through the kerb, m.
UNDER_M = 0.03
# Over these metres beside the wall the land bends from the road's level into its bank.
EASE_M = 3.0
# Under a deck the land keeps this much room, m.
DECK_ROOM_M = 3.0
# Beyond this the road does not ask anything of the land, m.
ASKS_M = 260.0
SHORE_RISE_M = 0.3
SHORE_M = 8.0
BED_M = 1.2
BED_SLOPE = 0.35
# A cliff: the share of its reach that is the face, and of its height that is the scree below.
FACE_SHARE, SCREE_SHARE = 0.22, 0.2
WARP = 0.16
CHUNK = 4000


def ease(t: Array) -> Array:
    """From 0 to 1, level at both ends."""
    t = np.clip(t, 0, 1)
    found: Array = t * t * (3 - 2 * t)
    return found


def _fall(entry: Terrain, t: Array) -> Array:
    """How much of the entry's work is done at a share `t` of its reach."""
    if entry.fall == "peak":
        found: Array = (1 - t) ** 1.5
        return found
    if entry.fall == "dome":
        return 1 - t * t
    if entry.fall == "cliff":
        face = 1 - (1 - SCREE_SHARE) * ease(t / FACE_SHARE)
        scree = SCREE_SHARE * (1 - (t - FACE_SHARE) / (1 - FACE_SHARE)) ** 1.5
        return np.where(t < FACE_SHARE, face, scree)
    return 1 - ease(t)


def _to_line(line: Sequence[Sequence[float]], points: Array) -> tuple[Array, Array]:
    """Distance from a polyline of x, y, height, and its height at the nearest place."""
    rows = np.asarray(line, float)
    best, height = np.hypot(*(points - rows[0, :2]).T), np.full(len(points), rows[0, 2])
    for a, b in pairwise(rows):
        along = b[:2] - a[:2]
        t = np.clip((points - a[:2]) @ along / max(float(along @ along), 1e-9), 0, 1)
        gap = np.hypot(*(points - a[:2] - t[:, None] * along).T)
        nearer = gap < best
        best, height = (
            np.where(nearer, gap, best),
            np.where(nearer, a[2] + (b[2] - a[2]) * t, height),
        )
    return best, height


@dataclass(frozen=True, eq=False)
class Water:
    """A sheet of water as an area: its level, and how wide its shore runs out, m."""

    area: BaseGeometry
    level: float
    shore: float


@dataclass(frozen=True, eq=False)
class Field:
    """The land's height at any point, m.

    `aloft` says which steps of the table run on a deck with land or water below.
    """

    course: Course
    relief: Relief
    entries: Sequence[Terrain]
    shelves: Sequence[Shelf]
    waters: Sequence[Water]
    aloft: Array
    seed: int

    def raw(self, points: Array) -> Array:
        """Height before road and water have asked anything: what hills and valleys make."""
        height = self._drape(points)
        for k, entry in enumerate(self.entries):
            seed = self.seed + 7919 * (k + 1)
            if entry.line:
                gap, crest = _to_line(entry.line, points)
                gap = np.maximum(gap - entry.core, 0)
            else:
                area = Polygon(entry.outline).buffer(0)
                gap = shapely.distance(area, shapely.points(points))
                crest = np.full(len(points), entry.height)
            near = gap < entry.reach * (1 + WARP)
            if not near.any():
                continue
            here, t = points[near], gap[near] / entry.reach
            bumps = np.zeros(len(here))
            if entry.rough:
                bumps = rough(here, entry.bump, seed)
                t = np.where(t > 0, t + WARP * t * rough(here, entry.bump * 1.7, seed + 13), 0.0)
            weight = _fall(entry, np.clip(t, 0, 1))
            lift = crest[near] - height[near]
            if entry.kind == "hill":
                lift = np.maximum(lift, 0)
            elif entry.kind == "valley":
                lift = np.minimum(lift, 0)
            height[near] += lift * weight + entry.rough * bumps * weight
        return height

    def height(self, points: Array) -> Array:
        """Height at points (n, 2) that lie outside the walls."""
        height = self._shores(points, self.raw(points))
        height = self._beside(points, height)
        return self._beds(points, height)

    def _drape(self, points: Array) -> Array:
        """The road's height spread over the land around it."""
        every = slice(None, None, 3)
        xy, road = self.course.xy[every], self.course.height[every]
        out = np.zeros(len(points))
        for start in range(0, len(points), CHUNK):
            here = points[start : start + CHUNK]
            gap = ((here[:, None] - xy[None]) ** 2).sum(2)
            weight = (gap + 60.0) ** -1.5
            out[start : start + CHUNK] = weight @ road / weight.sum(1)
        far = ease(self.course.distance(points) / self.relief.follow)
        found: Array = out + (self.relief.level - out) * far
        return found

    @cached_property
    def _reaches(self) -> tuple[Array, Array]:
        """From the centreline to where the land may leave the road's height: left and right."""
        reach = {}
        for side in ("left", "right"):
            extra = np.zeros(self.course.track.n)
            for shelf in self.shelves:
                if shelf.side == side:
                    extra[self.course.within(shelf.along)] = shelf.width
            reach[side] = np.abs(self.course.offsets(f"wall_{side}")) + extra
        return reach["left"], reach["right"]

    def _beside(self, points: Array, height: Array) -> Array:
        """Held between the banks that fall and the cuttings that rise from the road's edges."""
        course, relief = self.course, self.relief
        left, right = self._reaches
        held = height.copy()
        (near,) = np.nonzero(self.course.distance(points) < ASKS_M)
        deck = self.aloft
        for start in range(0, len(near), CHUNK // 4):
            index = near[start : start + CHUNK // 4]
            gap = points[index][:, None] - course.xy[None]
            away = np.hypot(gap[..., 0], gap[..., 1])
            on_left = (gap * course.left[None]).sum(2) > 0
            beyond = np.maximum(away - np.where(on_left, left, right), 0)
            run = beyond * beyond / (beyond + EASE_M)
            level = course.height[None] - UNDER_M
            ceiling = np.where(deck, level - DECK_ROOM_M, level) + relief.cutting * run
            floor = np.where(deck, -np.inf, level - relief.bank * run)
            top, bottom = ceiling.min(1), floor.max(1)
            # Two legs too close for both: the nearer one is obeyed.
            rows = np.arange(len(index))
            first = beyond.argmin(1)
            clash = bottom > top
            top = np.where(clash, ceiling[rows, first], top)
            bottom = np.where(clash, floor[rows, first], bottom)
            held[index] = np.maximum(np.minimum(height[index], top), np.minimum(bottom, top))
        return held

    def _shores(self, points: Array, height: Array) -> Array:
        """Land comes down to the water over the shore's width, and never lies below its level."""
        for water in self.waters:
            gap = shapely.distance(water.area, shapely.points(points))
            low = water.level + SHORE_RISE_M
            near = gap < water.shore + SHORE_M
            falls = low + (height - low) * ease(gap / max(water.shore, 1e-6))
            height = np.where(near, np.maximum(falls, low), height)
        return height

    def _beds(self, points: Array, height: Array) -> Array:
        """Under the water the land falls away from the shore."""
        spots = shapely.points(points)
        for water in self.waters:
            inside = shapely.contains_xy(water.area, points[:, 0], points[:, 1])
            deep = shapely.distance(water.area.boundary, spots[inside])
            height = height.copy()
            height[inside] = water.level - BED_M - np.minimum(deep * BED_SLOPE, 6.0)
        return height


def breaklines(entries: Sequence[Terrain], step: float) -> Array:
    """Points on the edges that a mesh should not miss: crests, rims and feet of steep falls."""
    found: list[Array] = [np.zeros((0, 2))]

    def walk(line: BaseGeometry) -> None:
        for part in getattr(line, "geoms", [line]):
            if part.length > 0:
                at = np.arange(0, part.length, step)
                found.append(shapely.get_coordinates(shapely.line_interpolate_point(part, at)))

    for entry in entries:
        if entry.line:
            core = [point[:2] for point in entry.line]
            if len(core) == 1:
                found.append(np.asarray(core))
                continue
            shape: BaseGeometry = LineString(core)
            if entry.fall in ("round", "peak") and not entry.core:
                walk(shape)
        else:
            shape = Polygon(entry.outline).buffer(0)
        if entry.fall == "cliff":
            for out in (entry.core, entry.core + entry.reach * FACE_SHARE):
                walk(shape.buffer(out).boundary if out or entry.outline else shape)
    return np.concatenate(found)
