"""The one mesh type of the builder: flat triangles with a painted colour on every corner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Index = NDArray[np.int64]

# Cosine of the angle up to which soft facets blend: about 55 degrees.
CREASE = 0.57


@dataclass(frozen=True)
class Mesh:
    """Triangles in metres, z up.

    Corners are shared only inside one flat facet, so that every corner has one normal.
    `colour` is linear light 0..1; `glow` (0..1) is how much of it ignores sun and shade, −1 says
    that the sun does not reach it. `soft` corners (1) share their normal with their neighbours.
    """

    vertices: Array
    triangles: Index
    colour: Array
    glow: Array
    soft: Array | None = None

    @property
    def count(self) -> int:
        """Number of triangles."""
        return len(self.triangles)

    def normals(self) -> Array:
        """Unit normal of each corner's facet."""
        a, b, c = (self.vertices[self.triangles[:, i]] for i in range(3))
        face = np.cross(b - a, c - a)
        face /= np.maximum(np.linalg.norm(face, axis=1, keepdims=True), 1e-12)
        out = np.zeros_like(self.vertices)
        # Adding rather than assigning: a sliver beside a big triangle must not decide alone.
        for i in range(3):
            np.add.at(out, self.triangles[:, i], face)
        found: Array = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
        return found

    def moved(self, offset: Iterable[float]) -> Mesh:
        """The same mesh shifted by `offset` metres."""
        shift = np.asarray(list(offset), float)
        return replace(self, vertices=self.vertices + shift)

    def mapped(self, matrix: Array) -> Mesh:
        """The same mesh under a 3×3 matrix; a mirroring one keeps the outside outside."""
        triangles = self.triangles if np.linalg.det(matrix) > 0 else self.triangles[:, ::-1]
        return replace(self, vertices=self.vertices @ matrix.T, triangles=triangles)

    def inside_out(self) -> Mesh:
        """The same mesh looking the other way."""
        return replace(self, triangles=self.triangles[:, ::-1])

    def tinted(self, factor: float | Array) -> Mesh:
        """The same mesh with its colours multiplied."""
        return replace(self, colour=self.colour * factor)

    def softened(self) -> Mesh:
        """The same mesh looking round where its facets meet gently."""
        return replace(self, soft=np.ones(len(self.vertices)))

    def soft_normals(self) -> Array:
        """Normals as `normals`, soft corners blended with what meets them within CREASE."""
        flat = self.normals()
        if self.soft is None or not self.soft.any():
            return flat
        out = flat.copy()
        place = np.rint(self.vertices * 1e4).astype(np.int64)
        _, group = np.unique(place, axis=0, return_inverse=True)
        order = np.argsort(group.reshape(-1), kind="stable")
        ends = np.flatnonzero(np.diff(group.reshape(-1)[order])) + 1
        for corners in np.split(order, ends):
            soft = corners[self.soft[corners] > 0]
            near = flat[soft] @ flat[soft].T > CREASE
            out[soft] = near @ flat[soft]
        found: Array = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
        return found


EMPTY = Mesh(np.zeros((0, 3)), np.zeros((0, 3), np.int64), np.zeros((0, 3)), np.zeros(0))


def join(meshes: Iterable[Mesh]) -> Mesh:
    """All meshes as one."""
    parts = [mesh for mesh in meshes if mesh.count]
    if not parts:
        return EMPTY
    starts = np.cumsum([0] + [len(mesh.vertices) for mesh in parts[:-1]])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in parts]),
        np.concatenate([m.triangles + s for m, s in zip(parts, starts, strict=True)]),
        np.concatenate([mesh.colour for mesh in parts]),
        np.concatenate([mesh.glow for mesh in parts]),
        np.concatenate([np.zeros(len(m.vertices)) if m.soft is None else m.soft for m in parts]),
    )


def facets(polygons: Array, colour: Array, glow: float = 0.0) -> Mesh:
    """Convex flat polygons, shape (n, k, 3), counter-clockwise seen from outside.

    `colour` is one colour (3,), one for each polygon (n, 3) or one for each corner (n, k, 3).
    """
    n, k, _ = polygons.shape
    if colour.ndim == 2:
        colour = colour[:, None, :]
    corners = np.broadcast_to(colour, (n, k, 3)).reshape(-1, 3).copy()
    fan = np.array([[0, i, i + 1] for i in range(1, k - 1)])
    triangles = (fan[None] + (np.arange(n) * k)[:, None, None]).reshape(-1, 3)
    return Mesh(polygons.reshape(-1, 3).copy(), triangles, corners, np.full(n * k, glow))


def linear(hex_colour: str) -> Array:
    """Linear light of an sRGB colour written '#rrggbb'."""
    value = np.array([int(hex_colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def turned(degrees: Iterable[float]) -> Array:
    """Rotation about x, then y, then z."""
    a, b, c = np.radians(list(degrees))
    x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    found: Array = z @ y @ x
    return found
