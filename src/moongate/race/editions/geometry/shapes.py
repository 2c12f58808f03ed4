"""Primitive solids and flats, each standing on z = 0 about the origin unless it says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import mapbox_earcut
import numpy as np

from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join

Points = Sequence[Sequence[float]] | Array


def ring(sides: int, radius: float, z: float, start: float = 0.5) -> Array:
    """Corners of a regular polygon; `start` in steps, 0.5 lays a flat side across the axes."""
    angle = (np.arange(sides) + start) * (2 * np.pi / sides)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), np.full(sides, z)], 1)


def _band(low: Array, high: Array) -> Array:
    """Quads between two rings of equal length, looking outwards."""
    return np.stack([low, np.roll(low, -1, 0), np.roll(high, -1, 0), high], 1)


def taper(size: Sequence[float], top: Sequence[float], colour: Array, glow: float = 0.0) -> Mesh:
    """A box of `size` x, y, z whose top face is `top` x, y (0 makes a ridge or a point)."""
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
    low = np.column_stack([corner * size[:2], np.zeros(4)])
    high = np.column_stack([corner * top[:2], np.full(4, size[2])])
    quads = _band(low, high)
    if min(top[:2]) > 0:
        quads = np.concatenate([quads, high[None]])
    return facets(quads, colour, glow)


def box(size: Sequence[float], colour: Array, glow: float = 0.0) -> Mesh:
    """A box without its underside, which stands on something."""
    return taper(size, size, colour, glow)


def block(size: Sequence[float], colour: Array, glow: float = 0.0) -> Mesh:
    """A whole box, its underside too."""
    corner = np.array([[-1, -1, 0], [-1, 1, 0], [1, 1, 0], [1, -1, 0]]) / 2
    under = facets((corner * [size[0], size[1], 0])[None], colour, glow)
    return join([box(size, colour, glow), under])


def lathe(profile: Points, sides: int, colour: Array, glow: float = 0.0) -> Mesh:
    """`profile` rows r, z, from bottom to top, spun about z."""
    parts = []
    for (r0, z0), (r1, z1) in pairwise(profile):
        low, high = ring(sides, r0, z0), ring(sides, r1, z1)
        if r0 == 0:
            parts.append(facets(np.stack([low, np.roll(high, -1, 0), high], 1), colour, glow))
        elif r1 == 0:
            parts.append(facets(np.stack([low, np.roll(low, -1, 0), high], 1), colour, glow))
        else:
            parts.append(facets(_band(low, high), colour, glow))
    return join(parts)


def prism(sides: int, r: float, r2: float, h: float, colour: Array, glow: float = 0.0) -> Mesh:
    """A regular prism, cone (`r2` = 0) or stump of height `h`."""
    mesh = lathe([[r, 0], [r2, h]], sides, colour, glow)
    if r2 > 0:
        mesh = join([mesh, facets(ring(sides, r2, h)[None], colour, glow)])
    return mesh


def gable(size: Sequence[float], roof: Array, wall: Array) -> Mesh:
    """A pitched roof of `size`, its ridge along x; `wall` paints the two end triangles."""
    x, y, z = size[0] / 2, size[1] / 2, size[2]
    slopes = np.array(
        [
            [[-x, -y, 0], [x, -y, 0], [x, 0, z], [-x, 0, z]],
            [[x, y, 0], [-x, y, 0], [-x, 0, z], [x, 0, z]],
        ]
    )
    ends = np.array([[[x, -y, 0], [x, y, 0], [x, 0, z]], [[-x, y, 0], [-x, -y, 0], [-x, 0, z]]])
    return join([facets(slopes, roof), facets(ends, wall)])


_PHI = (1 + 5**0.5) / 2
_ICO = np.array(
    [
        [-1, _PHI, 0], [1, _PHI, 0], [-1, -_PHI, 0], [1, -_PHI, 0],
        [0, -1, _PHI], [0, 1, _PHI], [0, -1, -_PHI], [0, 1, -_PHI],
        [_PHI, 0, -1], [_PHI, 0, 1], [-_PHI, 0, -1], [-_PHI, 0, 1],
    ]
)  # fmt: skip
_ICO_FACES = np.array(
    [
        [0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11],
        [1, 5, 9], [5, 11, 4], [11, 10, 2], [10, 7, 6], [7, 1, 8],
        [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9],
        [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1],
    ]
)  # fmt: skip


def ball(radius: Sequence[float], colour: Array, detail: int = 0, glow: float = 0.0) -> Mesh:
    """An ellipsoid about the origin: 20 facets, four times as many with each `detail`."""
    faces = (_ICO / np.linalg.norm(_ICO[0]))[_ICO_FACES]
    for _ in range(detail):
        a, b, c = faces[:, 0], faces[:, 1], faces[:, 2]
        ab, bc, ca = a + b, b + c, c + a
        split = ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))
        faces = np.concatenate([np.stack(corners, 1) for corners in split])
        faces = faces / np.linalg.norm(faces, axis=2, keepdims=True)
    return facets(faces * np.asarray(radius), colour, glow)


def flat(outline: Points, holes: Sequence[Points] = ()) -> tuple[Array, Array]:
    """Points and triangles of a plane polygon, counter-clockwise."""
    rings = [np.asarray(points, float) for points in (outline, *holes)]
    points = np.concatenate(rings)
    ends = np.cumsum([len(r) for r in rings]).astype(np.uint32)
    triangles = mapbox_earcut.triangulate_float64(points, ends).reshape(-1, 3).astype(np.int64)
    a, b, c = (points[triangles[:, i]] for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    triangles[area < 0] = triangles[area < 0][:, ::-1]
    return points, triangles[np.abs(area) > 1e-9]


def arch(x: float, z: float, width: float, height: float, steps: int = 8) -> Points:
    """The outline of an opening with a round head, its foot's middle at x, z."""
    r = min(width / 2, height)
    turn = np.linspace(0, np.pi, steps + 1)
    head = np.column_stack([x + width / 2 * np.cos(turn), z + height - r + r * np.sin(turn)])
    foot = [[x - width / 2, z], [x + width / 2, z]]
    points: list[list[float]] = [*foot, *head.tolist()]
    return points


def slab(outline: Points, thick: float, colour: Array, holes: Sequence[Points] = ()) -> Mesh:
    """A plate standing in the x–z plane, `thick` along y, with holes (arches, windows)."""
    points, triangles = flat(outline, holes)
    n = len(points)
    front = np.column_stack([points[:, 0], np.full(n, -thick / 2), points[:, 1]])
    back = front + np.array([0, thick, 0])
    faces = [
        Mesh(front, triangles, np.broadcast_to(colour, (n, 3)).copy(), np.zeros(n)),
        Mesh(back, triangles[:, ::-1], np.broadcast_to(colour, (n, 3)).copy(), np.zeros(n)),
    ]
    for k, points_of_ring in enumerate((outline, *holes)):
        loop = np.asarray(points_of_ring, float)
        after = np.roll(loop, -1, 0)
        signed = float(np.sum(loop[:, 0] * after[:, 1] - loop[:, 1] * after[:, 0]))
        if (signed > 0) == (k > 0):
            loop, after = after, loop
        low = [
            np.column_stack([p[:, 0], np.full(len(p), -thick / 2), p[:, 1]]) for p in (loop, after)
        ]
        quads = np.stack([low[0], low[0] + [0, thick, 0], low[1] + [0, thick, 0], low[1]], 1)
        faces.append(facets(quads, colour))
    return join(faces)


def beam(
    a: Sequence[float], b: Sequence[float], thick: float, colour: Array, sides: int = 4
) -> Mesh:
    """A straight bar from `a` to `b`, `thick` metres across, with its ends closed."""
    start, end = np.asarray(a, float), np.asarray(b, float)
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    across = np.cross(along, [0, 0, 1.0] if abs(along[2]) < 0.9 else [1.0, 0, 0])
    across /= np.linalg.norm(across)
    up = np.cross(across, along)
    circle = ring(sides, thick / 2**0.5 if sides == 4 else thick / 2, 0)
    spoke = circle[:, :1] * across + circle[:, 1:2] * up
    # Reversed: across × up points back along the bar.
    low, high = (start + spoke)[::-1], (end + spoke)[::-1]
    caps = np.stack([low[::-1], high])
    return join([facets(_band(low, high), colour), facets(caps, colour)])


def panes(columns: int, rows: int, area: Sequence[float], size: Sequence[float]) -> Array:
    """Window quads in the x–z plane, facing −y, spread over `area` (w, h) from its lower middle."""
    w, h = area
    x = ((np.arange(columns) + 0.5) / columns - 0.5) * w
    z = (np.arange(rows) + 0.5) / rows * h
    cx, cz = (grid.ravel() for grid in np.meshgrid(x, z))
    dx, dz = size[0] / 2, size[1] / 2
    corner = np.array([[-dx, -dz], [dx, -dz], [dx, dz], [-dx, dz]])
    quads = np.zeros((len(cx), 4, 3))
    quads[:, :, 0] = cx[:, None] + corner[:, 0]
    quads[:, :, 2] = cz[:, None] + corner[:, 1]
    return quads
