"""Water that meets land with relief: its surface, and the surf along its edge."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import Polygon

from moongate.race.editions.geometry import ground
from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Mesh, facets, join
from moongate.race.editions.geometry.noise import noise
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.track_schema import TrackFile

FOAM_M = 3.0
FOAM_RISE_M = 0.06
UNDER_LAND_M = 9.0
FOAM_REACH_M = 350.0


def sheet(course: Course, file: TrackFile, palette: Palette) -> Mesh:
    """The water's surface; it runs on under the shore, which cuts it where the land rises."""
    disc = ground.world(course.xy.mean(0))
    parts = []
    for water in file.water:
        area = Polygon(ground.rounded(water.outline, water.smooth)).buffer(0)
        area = area.buffer(UNDER_LAND_M, quad_segs=2).simplify(0.5).intersection(disc)
        parts.append(ground.plate(area, water.level, palette[water.colour]))
    return join(parts)


def foam(course: Course, file: TrackFile, palette: Palette) -> Mesh:
    """A pale band where waves run up the shore, its width uneven as surf is."""
    disc = ground.world(course.xy.mean(0)).buffer(-40)
    parts = []
    for k, water in enumerate(file.water):
        if water.foam is None:
            continue
        area = Polygon(ground.rounded(water.outline, water.smooth)).buffer(0)
        for ring in ground.polygons(area.buffer(-0.2)):
            at = np.arange(0, ring.exterior.length, FOAM_M * 1.5)
            line = shapely.get_coordinates(shapely.line_interpolate_point(ring.exterior, at))
            wide = FOAM_M * (0.55 + 0.45 * noise(line, 14.0, file.seed + k))
            ahead = np.roll(line, -1, 0) - np.roll(line, 1, 0)
            left = np.stack([-ahead[:, 1], ahead[:, 0]], 1)
            left /= np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-9)
            if not ring.exterior.is_ccw:
                left = -left
            near = np.asarray(shapely.contains_xy(disc, line[:, 0], line[:, 1]))
            near &= course.distance(line) < FOAM_REACH_M
            near &= np.roll(near, -1)
            z = np.full(len(line), water.level + FOAM_RISE_M)
            inner = np.column_stack([line + left * wide[:, None], z])
            outer = np.column_stack([line - left * FOAM_M, z])
            quads = np.stack([outer, np.roll(outer, -1, 0), np.roll(inner, -1, 0), inner], 1)[near]
            parts.append(facets(quads, palette[water.foam], glow=0.35))
    return join(parts)
