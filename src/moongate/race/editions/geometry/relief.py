"""Land that is not flat as triangles: small ones at the road, large ones far away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.interpolate import LinearNDInterpolator
from scipy.spatial import Delaunay, KDTree
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from moongate.race.editions.geometry import ground
from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Array, Index
from moongate.race.editions.geometry.terrain import UNDER_M, Field, Water, breaklines
from moongate.race.editions.terrain_schema import Relief
from moongate.race.editions.track_schema import TrackFile

# Just outside the wall, under whatever stands on its line.
EDGE_M = 0.2
# No other point comes nearer to the edge than this, so that the edge is an edge of the mesh.
EDGE_CLEAR_M = 2.8
EDGE_STEP_M = 1.0
GROW = 0.24
COARSEST_M = 128.0
# How far land may bend inside a triangle before it is split, and how much more with distance.
BEND_M, BEND_FAR = 0.9, 0.017
BEND_REACH_M = 700.0
JITTER = 0.22
LINE_STEP_M = 7.0
PATCH_STEP_M = 5.0
PATCH_REACH_M = 180.0
# Away from the road points lie on round places, which pack small.
PLAN_STEP_M, RISE_STEP_M = 0.5, 0.125


@dataclass(frozen=True, eq=False)
class Land:
    """The triangulated land; `road` flags triangles that lie between the walls."""

    field: Field
    plan: Delaunay
    points: Array
    heights: Array
    triangles: Index
    road: Array

    @cached_property
    def _surface(self) -> LinearNDInterpolator:
        return LinearNDInterpolator(self.plan, self.heights, fill_value=self.field.relief.level)

    def height(self, points: Array) -> Array:
        """Height of the land's own triangles at points (n, 2)."""
        found: Array = self._surface(points)
        return found

    @property
    def corners(self) -> Array:
        """The triangles outside the walls as corners (n, 3, 3), counter-clockwise from above."""
        spots = np.column_stack([self.points, self.heights])
        found: Array = spots[self.triangles[~self.road]]
        return found


def has_relief(file: TrackFile) -> bool:
    """Whether the track asks for land that is not flat."""
    return file.relief is not None or bool(file.terrain)


def aloft_steps(course: Course, file: TrackFile, wet: Array) -> Array:
    """Steps of the table that run on a deck: over water, or where the file says bridge."""
    aloft = wet.copy()
    for bridge in file.bridges:
        aloft |= course.within(bridge.along)
    return aloft


def build_land(course: Course, file: TrackFile, wet: Array) -> Land:
    """The land of a track, triangulated."""
    aloft = aloft_steps(course, file, wet)
    waters = [
        Water(Polygon(ground.rounded(w.outline, w.smooth)).buffer(0), w.level, w.shore)
        for w in file.water
    ]
    for water in waters:
        shapely.prepare(water.area)
    relief = file.relief or Relief()
    field = Field(
        course, relief, file.terrain, file.shelves, waters, aloft & np.roll(aloft, 1), file.seed
    )
    hole = _between_walls(course, aloft)
    edge = _edge_points(course, aloft, hole)
    inner = np.unique(
        np.round(_inner_points(field, file, hole) / PLAN_STEP_M) * PLAN_STEP_M, axis=0
    )
    rise = np.round(field.height(inner) / RISE_STEP_M) * RISE_STEP_M
    points = np.concatenate([edge[:, :2], inner])
    heights = np.concatenate([edge[:, 2], rise])
    plan = Delaunay(points)
    triangles = plan.simplices.astype(np.int64)
    a, b, c = (points[triangles[:, i]] for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    triangles[area < 0] = triangles[area < 0][:, ::-1]
    triangles = triangles[np.abs(area) > 1e-3]
    middle = points[triangles].mean(1)
    road = np.asarray(shapely.contains_xy(hole, middle[:, 0], middle[:, 1]))
    return Land(field, plan, points, heights, triangles, road)


def _between_walls(course: Course, aloft: Array) -> BaseGeometry:
    """Where the land is left out: the road between its walls wherever it lies on the land."""
    left = course.edge(course.offsets("wall_left") + EDGE_M)[:, :2]
    right = course.edge(course.offsets("wall_right") - EDGE_M)[:, :2]
    quads = np.stack([right, np.roll(right, -1, 0), np.roll(left, -1, 0), left], 1)[~aloft]
    area = shapely.union_all(shapely.make_valid(shapely.polygons(quads)))
    shapely.prepare(area)
    return area


def _edge_points(course: Course, aloft: Array, hole: BaseGeometry) -> Array:
    """Points x, y, z along both edges of the road, and across its ends where a deck begins."""
    grounded = ~aloft | ~np.roll(aloft, 1)
    left = course.edge(course.offsets("wall_left") + EDGE_M, -UNDER_M)
    right = course.edge(course.offsets("wall_right") - EDGE_M, -UNDER_M)
    rows = [_thinned(left[grounded]), _thinned(right[grounded])]
    for k in np.flatnonzero(aloft != np.roll(aloft, 1)):
        count = max(2, int(np.linalg.norm(left[k] - right[k]) / 3.0))
        t = np.linspace(0, 1, count + 1)[1:-1, None]
        rows.append(left[k] + (right[k] - left[k]) * t)
    points = np.concatenate(rows)
    within = shapely.contains_xy(hole.buffer(-0.05), points[:, 0], points[:, 1])
    found: Array = points[~within]
    return found


def _thinned(line: Array) -> Array:
    """A line without points that crowd at the inside of a bend."""
    keep = [0]
    for k in range(1, len(line)):
        if np.hypot(*(line[k] - line[keep[-1]])[:2]) >= EDGE_STEP_M:
            keep.append(k)
    return line[keep]


def _inner_points(field: Field, file: TrackFile, hole: BaseGeometry) -> Array:
    """Crests, rims and the outlines of patches first, then a grid that is finer near the road."""
    centre = field.course.xy.mean(0)
    lines = breaklines(field.entries, LINE_STEP_M)
    outlines = _outlines(field, file)
    kept = _spaced(np.concatenate([lines, outlines]), PATCH_STEP_M * 0.7)
    grid = _grid(field, file.seed)
    if len(kept):
        gap, _ = KDTree(kept).query(grid)
        grid = grid[gap > np.minimum(_width(field, grid) * 0.6, LINE_STEP_M)]
    points = np.concatenate([kept, grid])
    inside = np.hypot(*(points - centre).T) < ground.LAND_RADIUS_M
    clear = shapely.distance(hole, shapely.points(points)) > EDGE_CLEAR_M
    rim_angle = np.linspace(0, 2 * np.pi, 49)[:-1]
    rim = centre + ground.LAND_RADIUS_M * np.column_stack([np.cos(rim_angle), np.sin(rim_angle)])
    found: Array = np.concatenate([points[inside & clear], rim])
    return found


def _outlines(field: Field, file: TrackFile) -> Array:
    """Points along the edges of ground patches and shores near the road."""
    rows = [np.zeros((0, 2))]
    areas: list[BaseGeometry] = [Polygon(patch.outline).buffer(0) for patch in file.ground]
    areas += [water.area for water in field.waters]
    for area in areas:
        for ring in ground.polygons(area):
            at = np.arange(0, ring.exterior.length, PATCH_STEP_M)
            rows.append(shapely.get_coordinates(shapely.line_interpolate_point(ring.exterior, at)))
    points = np.concatenate(rows)
    found: Array = points[field.course.distance(points) < PATCH_REACH_M]
    return found


def _spaced(points: Array, gap: float) -> Array:
    """Points of which no two are nearer than `gap`; the first come stay."""
    cell = np.floor(points / gap).astype(np.int64)
    _, first = np.unique(cell, axis=0, return_index=True)
    found: Array = points[np.sort(first)]
    return found


def _width(field: Field, points: Array) -> Array:
    """How wide triangles may be at points, m."""
    beyond = np.maximum(field.course.distance(points) - 14, 0)
    found: Array = np.clip(field.relief.fine + GROW * beyond, field.relief.fine, COARSEST_M)
    return found


def _grid(field: Field, seed: int) -> Array:
    """Middles of squares, each split until it is small and level enough for its distance."""
    centre = field.course.xy.mean(0)
    radius = ground.LAND_RADIUS_M
    count = int(np.ceil(2 * radius / COARSEST_M))
    axis = (np.arange(count) + 0.5) * COARSEST_M - count * COARSEST_M / 2
    squares = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2) + centre
    size = COARSEST_M
    random = np.random.default_rng(seed)
    done: list[Array] = []
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
    while len(squares):
        away = field.course.distance(squares)
        nearest = np.maximum(away - size * 0.7, 0)
        beyond = np.maximum(nearest - 14, 0)
        split = size > np.clip(field.relief.fine + GROW * beyond, field.relief.fine, COARSEST_M)
        if size > field.relief.fine * 1.4:
            rim = field.raw((squares[:, None] + corner * size).reshape(-1, 2)).reshape(-1, 4)
            bend = np.abs(field.raw(squares) - rim.mean(1)) + 0.25 * np.abs(
                rim[:, 0] + rim[:, 2] - rim[:, 1] - rim[:, 3]
            )
            split |= (bend > BEND_M + BEND_FAR * nearest) & (nearest < BEND_REACH_M)
        leaf = squares[~split]
        done.append(leaf + random.uniform(-JITTER, JITTER, leaf.shape) * size)
        squares = (squares[split][:, None] + corner * size / 2).reshape(-1, 2)
        size /= 2
    return np.concatenate(done)
