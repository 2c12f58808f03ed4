"""Field walls, hedges, paths and rails: what follows a line over the land, up hill and down."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.terrain_schema import Drape
from moongate.race.editions.track_schema import TrackFile

WALL_STEP_M = 6.0
PATH_STEP_M = 4.0
PATH_LIFT_M = 0.14
RAIL_LIFT_M = 0.3
RAIL_M = 0.16
SUNK_M = 0.4
# A line ends this far before the road.
ROAD_CLEAR_M = 1.0


def drapes(course: Course, file: TrackFile, palette: Palette) -> Mesh:
    """All lines a track lays over its land; where one would cross the road it is interrupted."""
    road = course.corridor(ROAD_CLEAR_M)
    parts = []
    for drape in file.drapes:
        free = shapely.LineString(drape.line).difference(road)
        pieces = getattr(free, "geoms", [free])
        parts += [_laid(course, drape, p, palette) for p in pieces if p.length > WALL_STEP_M]
    return join(parts)


def _laid(course: Course, drape: Drape, line: shapely.LineString, palette: Palette) -> Mesh:
    flat = drape.kind in ("path", "rails")
    count = max(1, round(line.length / (PATH_STEP_M if flat else WALL_STEP_M)))
    at = np.linspace(0, line.length, count + 1)
    middle = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = np.gradient(middle, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    left = np.stack([-ahead[:, 1], ahead[:, 0]], 1)

    def row(out: float, rise: float) -> Array:
        spots = middle + left * out
        return np.column_stack([spots, course.foot(spots) + rise])

    def strip(low: Array, high: Array, colour: Array) -> Mesh:
        return facets(np.stack([low[:-1], low[1:], high[1:], high[:-1]], 1), colour)

    half, colour = drape.width / 2, palette[drape.colour]
    second = palette[drape.second or drape.colour]
    if flat:
        parts = [strip(row(-half, PATH_LIFT_M), row(half, PATH_LIFT_M), colour)]
        if drape.kind == "rails":
            gauge = half * 0.5
            parts += [
                strip(row(side - RAIL_M, RAIL_LIFT_M), row(side + RAIL_M, RAIL_LIFT_M), second)
                for side in (-gauge, gauge)
            ]
        return join(parts)
    tone = np.where(np.arange(count) % 2 == 0, 1.0, 0.93)[:, None] * colour
    top = half * 0.75
    return join(
        [
            strip(row(-half, -SUNK_M), row(-top, drape.height), tone),
            strip(row(top, drape.height), row(half, -SUNK_M), tone),
            strip(row(-top, drape.height), row(top, drape.height), second),
            *(_end(row, half, drape.height, k, colour) for k in (0, -1)),
        ]
    )


def _end(
    row: Callable[[float, float], Array], half: float, height: float, k: int, colour: Array
) -> Mesh:
    a, b, c, d = (row(*corner)[k] for corner in (
        (half, -SUNK_M), (-half, -SUNK_M), (-half * 0.75, height), (half * 0.75, height)
    ))  # fmt: skip
    quad = np.stack([a, b, c, d])
    return facets((quad if k == 0 else quad[::-1])[None], colour)
