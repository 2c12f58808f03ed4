"""A track's whole scenery as pieces of one GLB file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Polygon, box

from moongate.race.editions.geometry import ground, road
from moongate.race.editions.geometry.barriers import barriers
from moongate.race.editions.geometry.bridges import bridges
from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.glb import COARSE_GRID_M, Piece
from moongate.race.editions.geometry.light import bake, clean, shadow
from moongate.race.editions.geometry.mesh import Array, Index, Mesh, join
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.geometry.town import build_town
from moongate.race.editions.schema import Model
from moongate.race.editions.track_schema import TrackFile

# One mesh for every such square of the map, so that what is out of sight costs nothing.
CHUNK_M = 170.0
MARGIN_M = 60.0
# Near the road shadows are drawn to the line; around it roughly; beyond, not at all.
NEAR_M = 14.0
AROUND_M = 45.0
COARSE_SHADOW_M = 1.6
# What is lower than this throws no shadow worth its triangles.
LOW_M = 2.0


def scenery(
    course: Course, file: TrackFile, palette: Palette, models: Mapping[str, Model], path: Path
) -> list[Piece]:
    """Chunks `place_00…`, the `water` and what lies `far` away, light baked in."""
    water = ground.water_area(file.water)
    wet = ground.wet_steps(course, water)
    things = build_town(course, file, palette, models, water, path)
    walls = barriers(course, file, palette)
    spans = bridges(course, file, palette, wet)
    cast = [
        shadow(m, file.light, course.ground(m.vertices[:, :2]))
        for m in [*filter(_tall, things), walls]
    ]
    whole_shade = shapely.union_all(cast)
    near = course.corridor(NEAR_M)
    shade = clean(whole_shade.intersection(near))
    around = course.corridor(AROUND_M).difference(near)
    coarse = clean(whole_shade.intersection(around), COARSE_SHADOW_M)
    shade_on_land = shapely.union_all([shade, coarse])
    quads, colours = road.road_cells(course, file, palette)
    surface = ground.cut(quads, colours, shade)
    solid = [
        surface, road.start_line(course, file, palette),
        road.crossings(course, file, palette), road.skirts(course, wet, palette, file),
        walls, spans, *things, ground.banks(file.water, palette),
    ]  # fmt: skip
    grid = Grid.over(course)
    cells = [area for _, area in grid.boxes()]
    land = ground.land(course, file, palette, water, shade_on_land, cells)
    whole = bake(join([*solid, land]), file.light)
    sheet = ground.sheet(course, file.water, palette)
    pieces = _chunks(whole, grid)
    if sheet.count:
        pieces.append(Piece("water", sheet, material="water", grid=COARSE_GRID_M))
    return pieces


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
            pieces.append(Piece(f"place_{k:02d}", part, (float(x), float(y), 0.0)))
    return pieces
