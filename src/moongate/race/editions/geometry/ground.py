"""Land, water and the walls between them, with the shadows that fall on them cut in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.geometry.shapes import flat
from moongate.race.editions.track_schema import TrackFile, Water

LAND_RADIUS_M = 1150.0
SLIVER_M2 = 0.02
TILE_M = 40.0


def rounded(outline: Sequence[Sequence[float]], times: int) -> Array:
    """A closed outline with its corners cut `times` over (Chaikin)."""
    points = np.asarray(outline, float)
    for _ in range(times):
        after = np.roll(points, -1, 0)
        points = np.stack([points * 0.75 + after * 0.25, points * 0.25 + after * 0.75], 1)
        points = points.reshape(-1, 2)
    return points


def polygons(area: BaseGeometry) -> list[Polygon]:
    """The polygons of an area, without slivers."""
    if isinstance(area, Polygon):
        return [area] if area.area > SLIVER_M2 else []
    parts = getattr(area, "geoms", [])
    return [polygon for part in parts for polygon in polygons(part)]


def plate(area: BaseGeometry, z: float, colour: Array) -> Mesh:
    """A flat area at height z."""
    parts = []
    for polygon in polygons(area):
        holes = [np.asarray(ring.coords)[:-1] for ring in polygon.interiors]
        points, triangles = flat(np.asarray(polygon.exterior.coords)[:-1], holes)
        n = len(points)
        corners = np.column_stack([points, np.full(n, z)])
        parts.append(Mesh(corners, triangles, np.repeat(colour[None], n, 0), np.zeros(n)))
    return join(parts)


def water_area(waters: Sequence[Water]) -> BaseGeometry:
    """All water, seen from above."""
    return shapely.union_all([Polygon(rounded(w.outline, w.smooth)).buffer(0) for w in waters])


def wet_steps(course: Course, water: BaseGeometry) -> Array:
    """Which steps of the table run over water."""
    after = np.roll(course.xy, -1, 0)
    middle = (course.xy + after) / 2
    return np.asarray(shapely.contains_xy(water, middle[:, 0], middle[:, 1]))


def world(centre: Array) -> Polygon:
    """The disc of land the scene stands on."""
    return Point(centre).buffer(LAND_RADIUS_M, quad_segs=12)


def land(
    course: Course, file: TrackFile, palette: Palette, water: BaseGeometry, shade: BaseGeometry,
    cells: list[Polygon],
) -> Mesh:  # fmt: skip
    """All dry ground at height 0, shaded parts with `glow` −1 for the baker to find."""
    area = world(course.xy.mean(0)).difference(water).difference(course.corridor(0.3))
    parts = []
    layers: list[tuple[BaseGeometry, Array]] = []
    rest = area
    for patch in reversed(file.ground):
        here = Polygon(patch.outline).buffer(0).intersection(rest)
        rest = rest.difference(here)
        layers.append((here, palette[patch.colour]))
    layers.append((rest, palette[file.road.land]))
    # Split by the cells of the map, so that no triangle reaches out of its chunk.
    split = [*cells, area.difference(shapely.union_all(cells))]
    for region, colour in layers:
        for cell in split:
            here = region.intersection(cell)
            parts.append(plate(here.difference(shade), 0.0, colour))
            dark = plate(here.intersection(shade), 0.0, colour)
            parts.append(Mesh(dark.vertices, dark.triangles, dark.colour, dark.glow - 1))
    return join(parts)


def banks(waters: Sequence[Water], palette: Palette) -> Mesh:
    """The walls from the land down into the water."""
    parts = []
    for water in waters:
        loop = np.asarray(
            shapely.orient_polygons(Polygon(rounded(water.outline, water.smooth))).exterior.coords
        )[:-1]
        high = np.column_stack([loop, np.zeros(len(loop))])
        low = high + np.array([0, 0, water.level - 0.5])
        # The loop runs counter-clockwise, so the wall looks to its left, at the water.
        quads = np.stack([np.roll(low, -1, 0), low, high, np.roll(high, -1, 0)], 1)
        parts.append(facets(quads, palette[water.wall]))
    return join(parts)


def sheet(course: Course, waters: Sequence[Water], palette: Palette) -> Mesh:
    """The water's surface."""
    disc = world(course.xy.mean(0))
    parts = []
    for w in waters:
        area = Polygon(rounded(w.outline, w.smooth)).buffer(0).intersection(disc)
        parts.append(plate(area, w.level, palette[w.colour]))
    return join(parts)


def tiles(area: BaseGeometry) -> list[Polygon]:
    """An area cut along a grid: what meets a small cell is then quickly found and intersected."""
    if area.is_empty:
        return []
    x0, y0, x1, y1 = area.bounds
    parts = polygons(area)
    boxes = [
        shapely.box(x, y, x + TILE_M, y + TILE_M)
        for x in np.arange(x0, x1, TILE_M)
        for y in np.arange(y0, y1, TILE_M)
    ]
    tree = shapely.STRtree(boxes)
    found: list[Polygon] = []
    for part in parts:
        here = [boxes[k] for k in tree.query(part, predicate="intersects")]
        cells = [part] if len(here) == 1 else shapely.intersection(part, here)
        found += [polygon for cell in cells for polygon in polygons(cell)]
    return found


def cut(quads: Array, colours: Array, shade: BaseGeometry) -> Mesh:
    """Road cells split along the shadows' edges, each new corner on its cell's own surface."""
    cells = shapely.polygons(quads[:, :, :2])
    pieces = tiles(shade)
    tree = shapely.STRtree(pieces)
    hit, by = tree.query(cells, predicate="intersects")
    parts = []
    clear = np.ones(len(quads), bool)
    clear[hit] = False
    parts.append(facets(quads[clear], colours[clear]))
    for k in np.unique(hit):
        local = shapely.union_all([pieces[j] for j in by[hit == k]])
        shaded = cells[k].intersection(local)
        if shaded.area > cells[k].area - SLIVER_M2:
            parts.append(facets(quads[k : k + 1], colours[k], glow=-1.0))
            continue
        for region, glow in ((cells[k].difference(local), 0.0), (shaded, -1.0)):
            mesh = plate(region, 0.0, colours[k])
            if mesh.count:
                height = _lift(quads[k], mesh.vertices[:, :2])
                vertices = np.column_stack([mesh.vertices[:, :2], height])
                parts.append(Mesh(vertices, mesh.triangles, mesh.colour, mesh.glow + glow))
    return join(parts)


def _lift(quad: Array, points: Array) -> Array:
    """Height of points on a cell: level along each of its two cross-sections, ruled between."""

    def distance(a: Array, b: Array) -> Array:
        along = b - a
        gap = points - a
        cross = along[0] * gap[:, 1] - along[1] * gap[:, 0]
        found: Array = np.abs(cross) / max(float(np.hypot(*along)), 1e-9)
        return found

    first = distance(quad[0, :2], quad[3, :2])
    second = distance(quad[1, :2], quad[2, :2])
    t = first / np.maximum(first + second, 1e-9)
    found: Array = quad[0, 2] * (1 - t) + quad[1, 2] * t
    return found
