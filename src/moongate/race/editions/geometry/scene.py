"""A track's whole scenery as pieces of one GLB file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import KDTree
from shapely.geometry import Polygon, box

from moongate.race.editions.geometry import ground, relief, road, shore
from moongate.race.editions.geometry.barriers import barriers
from moongate.race.editions.geometry.bridges import bridges
from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.drapes import drapes
from moongate.race.editions.geometry.glb import COARSE_GRID_M, Piece
from moongate.race.editions.geometry.lamps import lamp_facts, lamplight, lights_of, pools
from moongate.race.editions.geometry.land_mesh import land_mesh
from moongate.race.editions.geometry.light import bake, clean, shadow
from moongate.race.editions.geometry.mesh import Array, Index, Mesh, join
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.geometry.town import build_town
from moongate.race.editions.schema import Model
from moongate.race.editions.track_schema import TrackFile

# One mesh for every such square of the map, so that what is out of sight costs nothing.
CHUNK_M = 170.0
MARGIN_M = 60.0
# What a chunk's 16-bit positions reach from its origin.
REACH_M = 240.0
# Near the road shadows are drawn to the line; around it roughly; beyond, not at all.
NEAR_M = 14.0
AROUND_M = 45.0
COARSE_SHADOW_M = 1.6
VERGE_M = 5.0
DECK_REACH_M = 40.0
LAND_TONES = 51
# What is lower than this throws no shadow worth its triangles.
LOW_M = 2.0
# Pools of light lie in one piece over the whole course, and a hair above it.
GLOW_GRID_M = 1 / 32


def scenery(
    course: Course, file: TrackFile, palette: Palette, models: Mapping[str, Model], path: Path
) -> list[Piece]:
    """Chunks `place_00…`, the `water` and what lies `far` away, light baked in."""
    water = ground.water_area(file.water)
    wet = ground.wet_steps(course, water)
    land = relief.build_land(course, file, wet) if relief.has_relief(file) else None
    if land is not None:
        course = replace(course, land=land)
        wet = relief.aloft_steps(course, file, wet)
    town = build_town(course, file, palette, models, water, path)
    things = town.placed
    lights = lights_of(town.stood, file, palette)
    walls = barriers(course, file, palette)
    spans = bridges(course, file, palette)
    reach = course.corridor(AROUND_M)
    shapely.prepare(reach)
    cast = [
        shadow(m, file.light, _lit_ground(course, wet, m.vertices[:, :2]), reach)
        for m in [*filter(_tall, things), walls]
        if file.light.shadows
    ]
    whole_shade = shapely.union_all(cast)
    near = course.corridor(NEAR_M)
    shade = clean(whole_shade.intersection(near))
    quads, colours = road.road_cells(course, file, palette)
    surface = ground.cut(quads, colours, shade)
    solid = [
        surface, road.start_line(course, file, palette), road.crossings(course, file, palette),
        road.pads(course, file, palette), road.skirts(course, wet, palette, file),
        walls, spans, drapes(course, file, palette), *things,
    ]  # fmt: skip
    grid = Grid.over(course)
    if land is None:
        cells = [area for _, area in grid.boxes()]
        solid.append(ground.banks(file.water, palette))
        coarse = clean(whole_shade.intersection(reach.difference(near)), COARSE_SHADOW_M)
        shade_on_land = shapely.union_all([shade, coarse])
        earth = ground.land(course, file, palette, water, shade_on_land, cells)
        sheet = ground.sheet(course, file.water, palette)
    else:
        solid.append(shore.foam(course, file, palette))
        # Its triangles are small enough to be dark or light as a whole but beside the wall,
        # whose own shadow is left to the road.
        verge = course.corridor(VERGE_M)
        of_things = shapely.union_all(cast[:-1]).intersection(reach)
        sharp = clean(of_things.intersection(verge))
        earth = land_mesh(land, file, palette, sharp, of_things.difference(verge))
        sheet = shore.sheet(course, file, palette)
    standing = join(solid)
    # Land with relief has no wall that darkens at its foot.
    foot = (
        np.append(course.foot(standing.vertices[:, :2]), np.full(len(earth.vertices), -np.inf))
        if land is not None
        else 0.0
    )
    world = join([standing, earth])
    whole = bake(world, file.light, lamplight(world, lights), foot)
    if land is not None:
        whole.colour[len(standing.vertices) :] = _few(whole.colour[len(standing.vertices) :])
    pieces = _chunks(whole, grid)
    if sheet.count:
        pieces.append(Piece("water", sheet, material="water", grid=COARSE_GRID_M))
    if lights:
        glow = pools(course, file, palette, lights, water)
        facts = {"lamps": lamp_facts(lights)}
        pieces.append(Piece("glow", glow, material="glow", grid=GLOW_GRID_M, extras=facts))
    return pieces


def _few(colour: Array) -> Array:
    """Colours in steps too small to see on land of many facets, which pack small."""
    return np.round(colour * LAND_TONES) / LAND_TONES


def _lit_ground(course: Course, aloft: Array, points: Array) -> Array:
    """Height of what shadows of things at points fall on: a deck near by, or the ground."""
    found = course.ground(points)
    if course.land is not None and aloft.any():
        gap, nearest = KDTree(course.xy[aloft]).query(points)
        found = np.where(gap < DECK_REACH_M, course.height[aloft][nearest], found)
    return found


def _tall(mesh: Mesh) -> bool:
    return float(np.ptp(mesh.vertices[:, 2])) > LOW_M


@dataclass(frozen=True)
class Grid:
    """The chunks of the map: cells about CHUNK_M wide over the course and its surroundings."""

    low: Array
    size: Array
    count: Index

    @classmethod
    def over(cls, course: Course) -> Grid:
        """Cells for a course and the houses beside it."""
        low, high = np.floor(course.xy.min(0)) - MARGIN_M, np.ceil(course.xy.max(0)) + MARGIN_M
        count = np.ceil((high - low) / CHUNK_M).astype(int)
        return cls(low, np.ceil((high - low) / count), count)

    def boxes(self) -> list[tuple[Array, Polygon]]:
        """Every cell's lower corner and area."""
        corners = [
            self.low + self.size * (i, j)
            for i in range(self.count[0])
            for j in range(self.count[1])
        ]
        return [(corner, box(*corner, *(corner + self.size))) for corner in corners]

    def number(self, points: Array) -> Index:
        """The cell of each point; −1 outside."""
        cell = np.floor((points - self.low) / self.size).astype(int)
        outside = np.any((cell < 0) | (cell >= self.count), axis=1)
        return np.where(outside, -1, cell[:, 0] * self.count[1] + cell[:, 1])


def _chunks(mesh: Mesh, grid: Grid) -> list[Piece]:
    middle = mesh.vertices[mesh.triangles].mean(1)[:, :2]
    number = grid.number(middle)
    boxes = grid.boxes()
    pieces = []
    for k in np.unique(number):
        triangles = mesh.triangles[number == k]
        used, index = np.unique(triangles, return_inverse=True)
        part = Mesh(mesh.vertices[used], index.reshape(-1, 3), mesh.colour[used], mesh.glow[used])
        if k < 0:
            pieces.append(Piece("far", part, grid=COARSE_GRID_M))
        else:
            x, y = np.round(boxes[k][0] + grid.size / 2)
            high = float(part.vertices[:, 2].max())
            z = 0.0 if high < REACH_M else round(high / 2)
            pieces.append(Piece(f"place_{k:02d}", part, (float(x), float(y), z)))
    return pieces
