"""Meshes that bend: every corner has a place in a texture and a share in each joint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from moongate.race.editions.cast.skeleton import INDEX, JOINTS
from moongate.race.editions.geometry.mesh import EMPTY, Array, Mesh, facets, join

# Left, lower, right, upper edge in a texture whose v grows downwards, as glTF has it.
Panel = tuple[float, float, float, float]
# Multiplies a vertex colour by one: the last swatch of every texture is white.
WHITE_UV = (15 / 16, 15 / 16)


@dataclass(frozen=True)
class Shell:
    """A mesh with `uv` (n, 2), `weights` (n, joints) and the unit `normals` (n, 3) of its corners.

    `region` names what hides it; two shells never share normals.
    """

    mesh: Mesh
    uv: Array
    weights: Array
    normals: Array
    region: str = "main"

    def named(self, region: str) -> Shell:
        """The same shell in another region."""
        return replace(self, region=region)

    def bent(self, matrices: Array) -> Array:
        """Corners (n, 3) under one 4×4 matrix for each joint."""
        points = np.column_stack([self.mesh.vertices, np.ones(len(self.mesh.vertices))])
        blend = np.einsum("nj,jab->nab", self.weights, matrices)
        found: Array = np.einsum("nab,nb->na", blend, points)[:, :3]
        return found


def joint_weights(count: int, **shares: float | Array) -> Array:
    """(count, joints): each named joint's share, a number or one a row; rows sum to 1."""
    out = np.zeros((count, len(JOINTS)))
    for name, share in shares.items():
        out[:, INDEX[name]] += share
    total = out.sum(1, keepdims=True)
    return np.asarray(out / np.maximum(total, 1e-9))


def shell(mesh: Mesh, weights: Array, uv: Array | None = None, region: str = "main") -> Shell:
    """A shell of a mesh; without `uv` its own colours show."""
    if uv is None:
        uv = np.broadcast_to(WHITE_UV, (len(mesh.vertices), 2)).copy()
    normals = mesh.soft_normals()
    # A corner of slivers alone has no side: any will do.
    normals[np.linalg.norm(normals, axis=1) < 0.5] = (0.0, 0.0, 1.0)
    return Shell(mesh, uv, weights, normals, region)


def rigid(mesh: Mesh, joint: str, region: str = "main") -> Shell:
    """A shell that follows one joint; the mesh is about that joint's place on the common body."""
    return shell(mesh, joint_weights(len(mesh.vertices), **{joint: 1.0}), None, region)


def merge(shells: Iterable[Shell]) -> Shell:
    """All shells as one, in their order; the first one's region stands for all."""
    parts = [part for part in shells if part.mesh.count]
    if not parts:
        return Shell(EMPTY, np.zeros((0, 2)), np.zeros((0, len(JOINTS))), np.zeros((0, 3)))
    return Shell(
        join(part.mesh for part in parts),
        np.concatenate([part.uv for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.normals for part in parts]),
        parts[0].region,
    )


def loft(
    rings: Array,
    weights: Array,
    colour: Array,
    *,
    panel: Panel | None = None,
    closed: bool = True,
    cap: bool = False,
    region: str = "main",
) -> Shell:
    """A skin over rings of points (r, n, 3), seen from outside when rings rise and turn left.

    `weights` is (r, joints) or (r, n, joints). `panel` is the part of a texture that wraps it:
    u grows with the ring's corners, v from the first ring (low edge) to the last. An open skin
    (`closed=False`) leaves out the stretch from the last corner to the first. `cap` closes the
    last ring.
    """
    r, n, _ = rings.shape
    if weights.ndim == 2:
        weights = np.repeat(weights[:, None], n, 1)
    span = n if closed else n - 1
    low = np.arange(span)
    high = (low + 1) % n
    corner = np.stack([low, high, high, low], 1)  # (span, 4)
    row = np.array([0, 0, 1, 1])
    lows = np.arange(r - 1)
    where_r = np.broadcast_to(lows[:, None, None] + row, (r - 1, span, 4)).reshape(-1, 4)
    where_n = np.broadcast_to(corner, (r - 1, span, 4)).reshape(-1, 4)
    mesh = facets(rings[where_r, where_n], colour).softened()
    bones = weights[where_r, where_n].reshape(-1, weights.shape[-1])
    uv = None
    if panel is not None:
        left, bottom, right, top = panel
        along = np.linalg.norm(np.diff(rings.mean(1), axis=0), axis=1)
        v = np.concatenate([[0.0], np.cumsum(along)]) / max(float(along.sum()), 1e-9)
        u = (low[:, None] + np.array([0, 1, 1, 0])) / span
        share_u = np.broadcast_to(u, (r - 1, span, 4)).reshape(-1)
        share_v = v[where_r].reshape(-1)
        uv = np.column_stack([left + (right - left) * share_u, bottom + (top - bottom) * share_v])
    parts = [shell(mesh, bones, uv, region)] if r > 1 else []
    if cap:
        flat = facets(rings[-1][None], colour).softened()
        ends = None
        if panel is not None:
            left, bottom, right, top = panel
            ends = np.column_stack([np.linspace(left, right, n), np.full(n, top)])
        parts.append(shell(flat, weights[-1], ends, region))
    return merge(parts).named(region)
