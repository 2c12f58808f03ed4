"""Put models and houses where the track's file wants them, and never on the road or on water."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.houses import choose_plot, house
from moongate.race.editions.geometry.mesh import Array, Mesh, turned
from moongate.race.editions.geometry.recipe import Palette, build_parts
from moongate.race.editions.schema import EditionError, Model
from moongate.race.editions.track_schema import Grove, Line, Quarter, Row, Stand, TrackFile

ROAD_CLEAR_M = 0.8
WATER_CLEAR_M = 0.6
TOUCH_M = 0.05
# What stands this near the wall stands on the bridge or hangs over the road, at its height.
DECK_M = 0.3


@dataclass
class Town:
    """What already stands, so that nothing else is put there."""

    course: Course
    palette: Palette
    models: Mapping[str, Model]
    water: BaseGeometry
    blocked: BaseGeometry
    taken: list[BaseGeometry] = field(default_factory=list)
    placed: list[Mesh] = field(default_factory=list)
    built: dict[str, Mesh] = field(default_factory=dict)
    stood: list[tuple[str, Array]] = field(default_factory=list)

    def model(self, slug: str) -> Mesh:
        """A model's mesh, built once."""
        if slug not in self.built:
            self.built[slug] = build_parts(self.models[slug].parts, self.palette, self.models)
        return self.built[slug]

    def free(self, plan: BaseGeometry) -> bool:
        """Whether a footprint touches neither road, water nor anything that stands."""
        return not self.blocked.intersects(plan) and not self.crowded(plan)

    def crowded(self, plan: BaseGeometry) -> bool:
        """Whether a footprint touches anything that stands."""
        return bool(self.taken) and bool(np.any(shapely.intersects(self.taken, plan)))

    def note(self, slug: str, foot: ArrayLike) -> None:
        """Remember where a model stands, for the light it may give."""
        self.stood.append((slug, np.asarray(foot, float)))

    def put(self, mesh: Mesh, plan: BaseGeometry | None = None) -> None:
        """Stand a mesh in its place and keep its ground."""
        self.placed.append(mesh)
        if plan is not None:
            self.taken.append(plan)


def _plan(mesh: Mesh, grow: float = 0.0) -> BaseGeometry:
    return MultiPoint(mesh.vertices[:, :2]).convex_hull.buffer(grow)


def _blocked(course: Course, water: BaseGeometry) -> BaseGeometry:
    area = course.corridor(ROAD_CLEAR_M).union(water.buffer(WATER_CLEAR_M))
    shapely.prepare(area)
    return area


def build_town(
    course: Course, file: TrackFile, palette: Palette, models: Mapping[str, Model],
    water: BaseGeometry, path: Path,
) -> Town:  # fmt: skip
    """Everything beside the road, each thing one mesh: landmarks first, then what fits."""
    town = Town(course, palette, models, water, _blocked(course, water))
    stands = [(f"landmarks[{k}].stand", mark.stand) for k, mark in enumerate(file.landmarks)]
    stands += [(f"stands[{k}]", stand) for k, stand in enumerate(file.stands)]
    solid = course.corridor().union(water)
    shapely.prepare(solid)
    faults = []
    for field_name, stand in stands:
        point = _stand(town, stand, solid)
        if point is not None:
            spot = f"{stand.model} at {point[0]:.0f}, {point[1]:.0f}"
            fault = f"{spot} stands on the road or in the water"
            faults.append(
                EditionError(path, field_name, fault, "Move it, or set over-road = true.")
            )
    EditionError.raise_all(faults)
    for line in file.lines:
        _line(town, line)
    random = np.random.default_rng(file.seed)
    for row in file.rows:
        _row(town, row, file, random)
    for quarter in file.quarters:
        _quarter(town, quarter, file, random)
    for grove in file.groves:
        _grove(town, grove, random)
    return town


def where(course: Course, stand: Stand) -> tuple[Array, float]:
    """Position and heading (degrees) of a stand; its z counts from land that has relief."""
    if stand.at is not None:
        at = np.asarray(stand.at)
        if not stand.over_road:
            at = at + np.array([0, 0, course.foot(at[None, :2])[0]])
        return at, stand.turn
    point, heading = course.place(stand.along or 0.0, stand.side, stand.out)
    # Models look towards −y; beside the road they look at it.
    facing = heading + (0.0 if stand.side == "left" else 180.0)
    return _footed(course, point[:2]), facing + stand.turn


def _footed(course: Course, spot: Array) -> Array:
    """A spot (2,) with the height things stand at there."""
    return np.append(spot, course.foot(spot[None])[0])


def _stand(town: Town, stand: Stand, solid: BaseGeometry) -> Array | None:
    """Stand a model in its place; where that is road or water, leave it out and tell the place."""
    point, turn = where(town.course, stand)
    mesh = town.model(stand.model).mapped(turned((0, 0, turn)) * stand.scale).moved(point)
    if stand.over_road:
        town.put(mesh)
        town.note(stand.model, point)
        return None
    plan = _plan(mesh, stand.clear)
    if solid.intersects(plan.buffer(-TOUCH_M)):
        return point
    town.put(mesh, plan)
    town.note(stand.model, point)
    return None


def _line(town: Town, line: Line) -> None:
    start, end = line.along
    if end < start:
        end += town.course.track.length_m
    random = np.random.default_rng([int(abs(start)), int(line.every * 16)])
    for along in np.arange(start, end, line.every):
        point, heading = town.course.place(float(along), line.side, line.out)
        facing = heading + (0.0 if line.side == "left" else 180.0) + line.turn
        turn = facing + float(random.uniform(-180, 180) if line.vary else 0)
        scale = 1 + float(random.uniform(-line.vary, line.vary))
        on_deck = line.out <= DECK_M
        foot = point if on_deck else _footed(town.course, point[:2])
        mesh = town.model(line.model).mapped(turned((0, 0, turn)) * scale).moved(foot)
        core = shapely.Point(point[:2]).buffer(0.35)
        if on_deck:
            town.put(mesh)
        elif not town.water.intersects(core) and not town.crowded(core):
            town.put(mesh, core)
        else:
            continue
        town.note(line.model, foot)


def _front(point: Array, heading: float, width: float, depth: float) -> Polygon:
    corner = np.array([[0, 0], [width, 0], [width, depth], [0, depth]])
    turn = turned((0, 0, heading))[:2, :2]
    return Polygon(corner @ turn.T + point[:2])


def _level(course: Course, outline: Polygon) -> float:
    """The height a house stands at: its lowest corner's."""
    return float(course.foot(np.asarray(outline.exterior.coords)[:-1]).min())


def _row(town: Town, row: Row, file: TrackFile, random: np.random.Generator) -> None:
    style = file.styles[row.style]
    start, end = row.along
    if end < start:
        end += town.course.track.length_m
    along = start
    while along < end:
        plot = choose_plot(style, random)
        a, _ = town.course.place(along, row.side, row.setback)
        b, _ = town.course.place(along + plot.width, row.side, row.setback)
        along += plot.width
        # The front runs so that the house looks at the road, whichever side it stands on.
        first, last = (a, b) if row.side == "left" else (b, a)
        step = (last - first)[:2]
        length = float(np.hypot(*step))
        if length < 3:
            continue
        heading = float(np.degrees(np.arctan2(step[1], step[0])))
        outline = _front(first, heading, length, plot.depth)
        # A hair smaller, so that neighbours may touch.
        plan = outline.buffer(-0.25)
        if not town.free(plan):
            continue
        shape = house(style, plot, town.palette, random)
        fit = np.diag([length / plot.width, 1.0, 1.0])
        mesh = shape.mapped(fit).mapped(turned((0, 0, heading)))
        town.put(mesh.moved([*outline.centroid.coords[0], _level(town.course, outline)]), plan)


def _spots(
    outline: list[tuple[float, float]], spacing: float, random: np.random.Generator
) -> Array:
    area = Polygon(outline)
    x0, y0, x1, y1 = area.bounds
    grid = np.stack(
        np.meshgrid(np.arange(x0, x1, spacing), np.arange(y0, y1, spacing)), -1
    ).reshape(-1, 2)
    grid = grid + random.uniform(-0.28, 0.28, grid.shape) * spacing
    found: Array = grid[shapely.contains_xy(area, grid[:, 0], grid[:, 1])]
    return found


def _quarter(town: Town, quarter: Quarter, file: TrackFile, random: np.random.Generator) -> None:
    style = file.styles[quarter.style]
    for spot in _spots(quarter.outline, quarter.spacing, random):
        plot = choose_plot(style, random, quarter.taller * float(random.random()))
        nearest = int(np.argmin(np.hypot(*(town.course.xy - spot).T)))
        step = town.course.track.samples[nearest, 2:4]
        heading = float(np.degrees(np.arctan2(step[1], step[0])))
        heading += float(random.choice([0, 90, 180, 270])) + float(random.normal(0, 3))
        corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * [plot.width, plot.depth]
        plan = Polygon(corner @ turned((0, 0, heading))[:2, :2].T + spot)
        if not town.free(plan.buffer(0.8)):
            continue
        mesh = house(style, plot, town.palette, random).mapped(turned((0, 0, heading)))
        town.put(mesh.moved([*spot, _level(town.course, plan)]), plan)


def _grove(town: Town, grove: Grove, random: np.random.Generator) -> None:
    for spot in _spots(grove.outline, grove.spacing, random):
        slug = grove.models[int(random.integers(len(grove.models)))]
        turn, scale = float(random.uniform(0, 360)), float(random.uniform(0.8, 1.25))
        plan = shapely.Point(spot).buffer(grove.margin)
        if town.free(plan):
            mesh = town.model(slug).mapped(turned((0, 0, turn)) * scale)
            town.put(mesh.moved(_footed(town.course, spot)), shapely.Point(spot).buffer(0.8))
