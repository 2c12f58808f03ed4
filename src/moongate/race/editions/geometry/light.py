"""Bake the sun, the sky and the shade of corners into the colours."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from moongate.race.editions.geometry.mesh import Array, Mesh
from moongate.race.editions.track_schema import Light

# How dark a wall is where it meets the ground, and over what height that fades, m.
FOOT_SHADE = 0.66
FOOT_HEIGHT_M = 6.0
SHADOW_SIMPLE_M = 0.5
SHADOW_MIN_M2 = 0.6


def direction(light: Light) -> Array:
    """Unit vector towards the sun."""
    sun = np.asarray(light.sun_direction, float)
    found: Array = sun / np.linalg.norm(sun)
    return found


def bake(
    mesh: Mesh, light: Light, lamplight: Array | float = 0.0, foot: Array | float = 0.0
) -> Mesh:
    """Colours as they look; `glow` 1 keeps its colour, −1 lies in shadow.

    `lamplight` (n, 3) is what other lights bring to each corner, `foot` the ground's height (n,)
    below it.
    """
    normal = mesh.normals()
    sun = direction(light)
    up = normal[:, 2:] * 0.5 + 0.5
    ambient = np.asarray(light.bounce) * (1 - up) + np.asarray(light.sky) * up
    rise = np.clip((mesh.vertices[:, 2] - foot) / FOOT_HEIGHT_M, 0, 1)[:, None]
    shade = FOOT_SHADE + (1 - FOOT_SHADE) * rise * (2 - rise)
    # Only walls darken at the foot: ground and roofs are flat.
    wall = 1 - np.abs(normal[:, 2:])
    ambient = ambient * (1 - wall * (1 - shade))
    facing = np.clip(normal @ sun, 0, 1)[:, None]
    direct = np.asarray(light.sun) * facing * (mesh.glow >= 0)[:, None]
    # A wash from the sun's side even in its own shade keeps the back of things readable.
    wash = np.asarray(light.sun) * 0.12 * (normal @ sun * 0.5 + 0.5)[:, None]
    shown = mesh.colour * (ambient + direct + wash * wall + lamplight)
    glow = np.clip(mesh.glow, 0, 1)[:, None]
    return Mesh(mesh.vertices, mesh.triangles, shown * (1 - glow) + mesh.colour * glow, mesh.glow)


def shadow(
    mesh: Mesh, light: Light, ground: Array | float = 0.0, within: BaseGeometry | None = None
) -> BaseGeometry:
    """Where the mesh keeps the sun from ground of a height (one, or one for each corner).

    A shadow that cannot reach `within` is left out.
    """
    if not mesh.count:
        return shapely.Polygon()
    sun = direction(light)
    height = np.maximum(mesh.vertices[:, 2] - ground, 0)
    plan = mesh.vertices[:, :2] - sun[:2] / sun[2] * height[:, None]
    if within is not None and not within.intersects(shapely.box(*plan.min(0), *plan.max(0))):
        return shapely.Polygon()
    tri = plan[mesh.triangles]
    a, b, c = tri[:, 0], tri[:, 1], tri[:, 2]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    # Facets towards the sun throw the whole outline of a closed body; what hangs below the
    # ground, as a pier's legs do below its deck, throws nothing.
    keep = (area > 0.01) & (height[mesh.triangles].max(1) > 0)
    shapes = shapely.polygons(np.round(tri[keep], 3))
    union = shapely.union_all(shapes)
    return clean(union)


def clean(area: BaseGeometry, simple: float = SHADOW_SIMPLE_M) -> BaseGeometry:
    """Shadows without needless corners and crumbs."""
    area = area.buffer(0.12, join_style="mitre").buffer(-0.12, join_style="mitre")
    area = area.simplify(simple)
    keep = [p for p in getattr(area, "geoms", [area]) if p.area > SHADOW_MIN_M2 + simple**2]
    return shapely.union_all([p.buffer(0) for p in keep])
