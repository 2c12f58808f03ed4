"""Lamps at night: their light on walls, and pools of it on the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.track_schema import TrackFile

# What stands is lit at its corners; flat ground has too few of them and gets pools instead.
GROUND_NORMAL = 0.8
POOL_LIFT_M = 0.07
POOL_SIDES = 12
POOL_RINGS = (0.0, 0.34, 0.68, 1.0)
POOL_SHARE = 0.8
SHOWN = 1 / 2.2
# The wall's foot, and so far beyond it a bank is not yet followed.
WALL_M, BANK_M = 0.5, 6.0


@dataclass(frozen=True)
class Lights:
    """Lights of one kind: where each hangs (n, 3), linear colour, reach in m, share of a pool."""

    at: Array
    colour: Array
    reach: float
    pool: float


def lights_of(
    stood: Sequence[tuple[str, Array]], file: TrackFile, palette: Palette
) -> list[Lights]:
    """The lights of a track from its models and where they stand (their foot)."""
    found = []
    for lamp in file.lamps:
        feet = [foot for model, foot in stood if model == lamp.model]
        if feet:
            at = np.array(feet) + np.array([0, 0, lamp.height])
            found.append(Lights(at, palette[lamp.colour] * lamp.strength, lamp.reach, lamp.pool))
    return found


def lamplight(mesh: Mesh, lights: Sequence[Lights]) -> Array:
    """Light (n, 3) that lamps bring to each corner of what stands; none to flat ground."""
    out = np.zeros_like(mesh.vertices)
    if not lights:
        return out
    normal = mesh.normals()
    standing = np.flatnonzero(np.abs(normal[:, 2]) < GROUND_NORMAL)
    tree = KDTree(mesh.vertices[standing])
    for kind in lights:
        for at in kind.at:
            near = standing[tree.query_ball_point(at, kind.reach)]
            ray = at - mesh.vertices[near]
            gap = np.linalg.norm(ray, axis=1)
            facing = np.einsum("ij,ij->i", normal[near], ray) / np.maximum(gap, 1e-9)
            fade = np.clip(1 - (gap / kind.reach) ** 2, 0, 1) ** 2
            out[near] += (np.clip(facing, 0, 1) * fade)[:, None] * kind.colour
    return out


def _surface(course: Course, points: Array) -> Array:
    """Height under points: the road's own slope between the walls, the ground's beyond.

    Where a bank rises from the wall the pool goes into it rather than hang over the road.
    """
    ground = course.ground(points)
    k = np.linalg.norm(points[:, None] - course.xy[None], axis=2).argmin(1)
    offset = points - course.xy[k]
    along = np.einsum("ij,ij->i", offset, course.track.samples[k, 2:4])
    lateral = np.einsum("ij,ij->i", offset, course.left[k])
    road = course.height[k] + course.track.samples[k, 9] * along
    left, right = course.offsets("wall_left")[k], course.offsets("wall_right")[k]
    beyond = np.maximum(lateral - left, right - lateral) - WALL_M
    eased = road + (ground - road) * np.clip(beyond / BANK_M, 0, 1)
    found: Array = np.where(beyond > 0, np.minimum(ground, eased), road)
    return found


def pools(
    course: Course, file: TrackFile, palette: Palette, lights: Sequence[Lights], water: BaseGeometry
) -> Mesh:
    """Discs of light on road and land, brightest below their lamp, black (nothing) at the rim.

    They are added to the picture as it is shown, so their colours are sRGB, not linear light.
    """
    ground = palette[file.road.asphalt]
    turn = np.linspace(0, 2 * np.pi, POOL_SIDES, endpoint=False)
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    spread = np.asarray(POOL_RINGS)
    plan = (spread[:, None, None] * circle).reshape(-1, 2)
    dry = course.corridor(0.4)
    parts = []
    for kind in (kind for kind in lights if kind.pool):
        for at in kind.at:
            points = at[:2] + plan * kind.reach
            height = _surface(course, points)
            strength = np.repeat((1 - spread**2) ** 2 * POOL_SHARE * kind.pool, POOL_SIDES)
            # Light falls past a bridge's edge into the water.
            over = shapely.contains_xy(water, points[:, 0], points[:, 1])
            over &= ~shapely.contains_xy(dry, points[:, 0], points[:, 1])
            colour = (strength * ~over)[:, None] * (kind.colour * ground) ** SHOWN
            corners = np.column_stack([points, height + POOL_LIFT_M]).reshape(-1, POOL_SIDES, 3)
            shades = colour.reshape(-1, POOL_SIDES, 3)
            parts.append(join(_rings(corners, shades)))
    return join(parts)


def _rings(corners: Array, shades: Array) -> list[Mesh]:
    after, shade_after = np.roll(corners, -1, 1), np.roll(shades, -1, 1)
    rings = []
    for k in range(len(corners) - 1):
        quads = np.stack([corners[k], corners[k + 1], after[k + 1], after[k]], 1)
        paint = np.stack([shades[k], shades[k + 1], shade_after[k + 1], shade_after[k]], 1)
        # The innermost ring is a fan: its first and last corner are one.
        rings.append(facets(quads[:, :3], paint[:, :3]) if k == 0 else facets(quads, paint))
    return rings


def lamp_facts(lights: Sequence[Lights]) -> list[dict[str, object]]:
    """What the browser is told of the lights, in simulation metres."""
    return [
        {
            "colour": np.round(kind.colour, 3).tolist(),
            "at": np.round(kind.at, 2).tolist(),
        }
        for kind in lights
    ]
