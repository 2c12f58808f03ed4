"""The triangles of land with relief in their colours, with the shadows on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from moongate.race.editions.geometry import ground
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join
from moongate.race.editions.geometry.noise import noise
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.geometry.relief import Land
from moongate.race.editions.geometry.shapes import flat
from moongate.race.editions.terrain_schema import Cover
from moongate.race.editions.track_schema import TrackFile

TONES = 2


def land_mesh(
    land: Land, file: TrackFile, palette: Palette, shade: BaseGeometry, coarse: BaseGeometry
) -> Mesh:
    """The land in its colours, shaded parts with `glow` −1 for the baker to find.

    Triangles are cut along `shade`; those whose middle lies in `coarse` are dark as a whole.
    """
    corners = land.corners
    colours = _colours(land, corners, file, palette)
    pieces = ground.tiles(shade)
    tree = shapely.STRtree(pieces)
    cells = shapely.polygons(corners[:, :, :2])
    hit, by = tree.query(cells, predicate="intersects")
    clear = np.ones(len(corners), bool)
    clear[hit] = False
    shapely.prepare(coarse)
    middle = corners[clear].mean(1)
    dim = np.asarray(shapely.contains_xy(coarse, middle[:, 0], middle[:, 1]))
    parts = [
        facets(corners[clear][~dim], colours[clear][~dim]),
        facets(corners[clear][dim], colours[clear][dim], glow=-1.0),
    ]
    order = np.argsort(hit, kind="stable")
    hit, by = hit[order], by[order]
    starts = np.flatnonzero(np.diff(hit, prepend=-1))
    groups = np.split(by, starts[1:]) if len(hit) else []
    for k, group in zip(hit[starts], groups, strict=True):
        local = (
            pieces[group[0]] if len(group) == 1 else shapely.union_all([pieces[j] for j in group])
        )
        dark = cells[k].intersection(local)
        if dark.area > cells[k].area - ground.SLIVER_M2:
            parts.append(facets(corners[k : k + 1], colours[k], glow=-1.0))
            continue
        for region, glow in ((cells[k].difference(local), 0.0), (dark, -1.0)):
            parts.append(_on_plane(region, corners[k], colours[k], glow))
    return join(parts)


def _on_plane(region: BaseGeometry, corners: Array, colour: Array, glow: float) -> Mesh:
    """A plane region lifted onto the plane of a triangle."""
    parts = []
    normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
    for polygon in ground.polygons(region):
        holes = [np.asarray(ring.coords)[:-1] for ring in polygon.interiors]
        points, triangles = flat(np.asarray(polygon.exterior.coords)[:-1], holes)
        rise = -((points - corners[0, :2]) @ normal[:2]) / normal[2]
        vertices = np.column_stack([points, corners[0, 2] + rise])
        n = len(points)
        parts.append(Mesh(vertices, triangles, np.repeat(colour[None], n, 0), np.full(n, glow)))
    return join(parts)


def _colours(land: Land, corners: Array, file: TrackFile, palette: Palette) -> Array:
    """One colour for each triangle: land, then patches, then what slope and height ask for."""
    middle = corners.mean(1)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    slope = np.hypot(normal[:, 0], normal[:, 1]) / np.maximum(np.abs(normal[:, 2]), 1e-9)
    colours = np.repeat(palette[file.road.land][None], len(corners), 0)

    def paint(patches: Sequence[tuple[list[tuple[float, float]], str]]) -> None:
        for outline, colour in patches:
            here = shapely.contains_xy(Polygon(outline).buffer(0), middle[:, 0], middle[:, 1])
            colours[here] = palette[colour]

    paint([(patch.outline, patch.colour) for patch in file.ground if not patch.over])
    for k, cover in enumerate(file.covers):
        colours[_covered(cover, middle, slope, file.seed + 17 * k)] = palette[cover.colour]
    paint([(patch.outline, patch.colour) for patch in file.ground if patch.over])
    grain = land.field.relief.grain
    # A few tones only: equal colours pack small.
    tone = np.random.default_rng(file.seed + 5).integers(-TONES, TONES + 1, len(corners))
    found: Array = colours * (1 + grain * tone / TONES)[:, None]
    return found


def _covered(cover: Cover, middle: Array, slope: Array, seed: int) -> Array:
    here = (slope >= cover.slope[0]) & (slope < cover.slope[1])
    here &= (middle[:, 2] >= cover.height[0]) & (middle[:, 2] < cover.height[1])
    if cover.share < 1:
        here &= noise(middle[:, :2], cover.patch, seed) * 0.5 + 0.5 < cover.share
    return here
