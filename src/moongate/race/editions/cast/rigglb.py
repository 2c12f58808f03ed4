"""Write skinned and textured meshes, with their clips, as binary glTF.

16-bit positions on the fine grid (their scale stands in the inverse binds), 8-bit normals, colours
and weights, 16-bit texture places and turns. The same shells give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from moongate.race.editions.cast.shell import Shell, merge
from moongate.race.editions.cast.skeleton import INDEX, JOINTS, PARENT, Rig
from moongate.race.editions.geometry.glb import FINE_GRID_M, to_gltf
from moongate.race.editions.geometry.mesh import Array

AXES = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]])
VERTICES, INDICES = 34962, 34963


@dataclass(frozen=True)
class Clip:
    """A motion: `times` (k,) seconds; `turns` joint → (k, 4) x y z w; `moves`, `scales` → (k, 3).

    All in the simulation's axes; a clip that loops ends where it begins.
    """

    name: str
    times: Array
    turns: Mapping[str, Array]
    moves: Mapping[str, Array] = field(default_factory=dict)
    scales: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """A named mesh of the file; `png` is its texture, `extras` what the client should know."""

    name: str
    shells: list[Shell]
    png: bytes | None = None
    skinned: bool = True
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    parent: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)


class _File:
    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def view(self, raw: bytes, **extra: Any) -> int:
        self.views.append(
            {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(raw), **extra}
        )
        self.data += raw + bytes(-len(raw) % 4)
        return len(self.views) - 1

    def rows(self, rows: Array, kind: str, code: int, target: int | None, **extra: Any) -> int:
        options: dict[str, Any] = {} if target is None else {"target": target}
        if target == VERTICES:
            options["byteStride"] = rows.strides[0]
        view = self.view(np.ascontiguousarray(rows).tobytes(), **options)
        self.accessors.append({"bufferView": view, "componentType": code, "type": kind, **extra})
        return len(self.accessors) - 1


def regions_of(shells: list[Shell]) -> list[tuple[str, Shell]]:
    """The shells by region, in the order in which regions first come."""
    names = list(dict.fromkeys(part.region for part in shells))
    return [(name, merge(p for p in shells if p.region == name)) for name in names]


def _weights(weights: Array) -> tuple[Array, Array]:
    """The four joints that count most and their shares in 255ths, which sum to 255."""
    four = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    share = np.take_along_axis(weights, four, 1)
    share = share / share.sum(1, keepdims=True)
    whole = np.floor(share * 255).astype(np.int64)
    short = 255 - whole.sum(1)
    whole[:, 0] += short
    four = np.where(whole > 0, four, 0)
    return four, whole


def _primitive(file: _File, shells: list[Shell], skinned: bool) -> tuple[dict[str, Any], Any]:
    """One primitive of all shells, and where each region's corners stand in its index."""
    parts = regions_of(shells)
    whole = merge(part for _, part in parts)
    columns = [
        np.rint(to_gltf(whole.mesh.vertices) / FINE_GRID_M),
        np.rint(to_gltf(whole.normals) * 127),
        np.rint(np.clip(whole.mesh.colour, 0, 1) * 255),
        np.rint(np.clip(whole.uv, 0, 1) * 65535),
    ]
    if np.abs(columns[0]).max() > 32767:
        raise ValueError(f"a mesh reaches further than {32767 * FINE_GRID_M:.0f} m")
    if skinned:
        columns += list(_weights(whole.weights))
    corners = np.concatenate(columns, 1)
    a, b, c = (corners[whole.mesh.triangles[:, k], :3] for k in range(3))
    thick = np.abs(np.cross(b - a, c - a)).sum(1) > 0
    # What the grid made thin goes, and its corners with it.
    used = whole.mesh.triangles[thick].reshape(-1)
    rows, index = np.unique(corners[used], axis=0, return_inverse=True)
    triangles = index.reshape(-1, 3)
    ranges: dict[str, list[int]] = {}
    first = start = 0
    for name, part in parts:
        kept = int(thick[first : first + part.mesh.count].sum())
        ranges[name] = [start * 3, kept * 3]
        first, start = first + part.mesh.count, start + kept
    n = len(rows)
    pad = np.zeros((n, 1))
    place = np.column_stack([rows[:, :3], pad]).astype("<i2")

    def add(values: Array, kind: str, code: int, **extra: Any) -> int:
        return file.rows(values, kind, code, VERTICES, count=n, **extra)

    attributes = {
        "POSITION": add(
            place, "VEC3", 5122, min=place[:, :3].min(0).tolist(), max=place[:, :3].max(0).tolist()
        ),
        "NORMAL": add(
            np.column_stack([rows[:, 3:6], pad]).astype("i1"), "VEC3", 5120, normalized=True
        ),
        "COLOR_0": add(
            np.column_stack([rows[:, 6:9], pad + 255]).astype("u1"), "VEC4", 5121, normalized=True
        ),
        "TEXCOORD_0": add(rows[:, 9:11].astype("<u2"), "VEC2", 5123, normalized=True),
    }
    if skinned:
        attributes["JOINTS_0"] = add(rows[:, 11:15].astype("u1"), "VEC4", 5121)
        attributes["WEIGHTS_0"] = add(rows[:, 15:19].astype("u1"), "VEC4", 5121, normalized=True)
    order, code = ("<u2", 5123) if n < 65535 else ("<u4", 5125)
    indices = file.rows(
        triangles.astype(order).reshape(-1), "SCALAR", code, INDICES, count=triangles.size
    )
    return {"attributes": attributes, "indices": indices}, ranges


def _numbers(values: Array) -> list[float]:
    return [round(float(v), 6) + 0.0 for v in np.asarray(values).reshape(-1)]


def _skeleton(file: _File, rig: Rig, nodes: list[dict[str, Any]]) -> dict[str, Any]:
    base = len(nodes)
    for k, name in enumerate(JOINTS):
        node: dict[str, Any] = {"name": name}
        place = to_gltf(rig.local(name))
        if place.any():
            node["translation"] = _numbers(place)
        below = [base + j for j, above in enumerate(PARENT) if above == k]
        if below:
            node["children"] = below
        nodes.append(node)
    roots = [base + k for k, above in enumerate(PARENT) if above < 0]
    nodes.append({"name": "rig", "children": roots})
    binds = rig.inverse_binds()
    turned_axes = np.eye(4)
    turned_axes[:3, :3] = AXES
    grid = np.diag([FINE_GRID_M] * 3 + [1.0])
    matrices = turned_axes @ binds @ turned_axes.T @ grid
    # glTF writes matrices by columns.
    packed = np.swapaxes(matrices, 1, 2).astype("<f4").reshape(len(JOINTS), 16)
    inverse = file.rows(packed, "MAT4", 5126, None, count=len(JOINTS))
    return {"joints": list(range(base, base + len(JOINTS))), "inverseBindMatrices": inverse}


def _animation(file: _File, clip: Clip, first_joint: int) -> dict[str, Any]:
    times = np.asarray(clip.times, "<f4")
    clock = file.rows(
        times, "SCALAR", 5126, None, count=len(times),
        min=[float(times.min())], max=[float(times.max())],
    )  # fmt: skip
    channels: list[dict[str, Any]] = []
    samplers: list[dict[str, Any]] = []

    def add(joint: str, path: str, rows: Array, kind: str, code: int, **extra: Any) -> None:
        output = file.rows(rows, kind, code, None, count=len(rows), **extra)
        samplers.append({"input": clock, "output": output})
        target = {"node": first_joint + INDEX[joint], "path": path}
        channels.append({"sampler": len(samplers) - 1, "target": target})

    for joint, turns in clip.turns.items():
        spun = np.column_stack([to_gltf(turns[:, :3]), turns[:, 3]])
        rows = np.rint(spun * 32767).astype("<i2")
        add(joint, "rotation", rows, "VEC4", 5122, normalized=True)
    for joint, moves in clip.moves.items():
        add(joint, "translation", to_gltf(moves).astype("<f4"), "VEC3", 5126)
    for joint, scales in clip.scales.items():
        add(joint, "scale", scales.astype("<f4"), "VEC3", 5126)
    return {"name": clip.name, "channels": channels, "samplers": samplers}


def rig_glb(
    drawn: list[Drawn],
    rig: Rig | None = None,
    clips: list[Clip] | None = None,
    extras: dict[str, Any] | None = None,
) -> bytes:
    """The bytes of a GLB file; `rig` is needed for what is skinned, `extras` are the scene's."""
    file = _File()
    nodes: list[dict[str, Any]] = []
    document: dict[str, Any] = {}
    roots: list[int] = []
    if rig is not None:
        document["skins"] = [_skeleton(file, rig, nodes)]
        roots.append(len(nodes) - 1)
        if clips:
            document["animations"] = [_animation(file, clip, 0) for clip in clips]
    meshes: list[dict[str, Any]] = []
    surfaces: dict[bytes | None, int] = {}
    place: dict[str, int] = {}
    origin: dict[str, Array] = {}
    for piece in drawn:
        node: dict[str, Any] = {"name": piece.name}
        base = origin.get(piece.parent or "", np.zeros(3))
        origin[piece.name] = np.asarray(piece.origin, float)
        shift = to_gltf(origin[piece.name] - base)
        if shift.any():
            node["translation"] = _numbers(shift)
        place[piece.name] = len(nodes)
        if piece.parent is None:
            roots.append(len(nodes))
        else:
            nodes[place[piece.parent]].setdefault("children", []).append(len(nodes))
        nodes.append(node)
        if piece.extras:
            node["extras"] = dict(piece.extras)
        if not any(part.mesh.count for part in piece.shells):
            continue
        primitive, ranges = _primitive(file, piece.shells, piece.skinned)
        primitive["material"] = _material(file, piece.png, surfaces, document)
        meshes.append({"name": piece.name, "primitives": [primitive]})
        if piece.skinned:
            node.setdefault("extras", {})["regions"] = ranges
            node.update({"mesh": len(meshes) - 1, "skin": 0})
        else:
            # The grid's scale sits on a child, so the named node is free to move and turn.
            node.setdefault("children", []).append(len(nodes))
            nodes.append({"mesh": len(meshes) - 1, "scale": [FINE_GRID_M] * 3})
    document |= {
        "asset": {"version": "2.0", "generator": "moongate"},
        "extensionsUsed": ["KHR_mesh_quantization"],
        "extensionsRequired": ["KHR_mesh_quantization"],
        "scene": 0,
        "scenes": [{"nodes": roots, **({"extras": extras} if extras else {})}],
        "nodes": nodes,
        "meshes": meshes,
        "accessors": file.accessors,
        "bufferViews": file.views,
        "buffers": [{"byteLength": len(file.data)}],
    }
    return _bytes(document, bytes(file.data))


def _material(
    file: _File, png: bytes | None, surfaces: dict[bytes | None, int], document: dict[str, Any]
) -> int:
    """The place of a matt material; the same texture is kept once."""
    if png not in surfaces:
        matt: dict[str, Any] = {"metallicFactor": 0, "roughnessFactor": 0.9}
        if png is not None:
            images = document.setdefault("images", [])
            images.append({"bufferView": file.view(png), "mimeType": "image/png", "name": "cloth"})
            textures = document.setdefault("textures", [])
            textures.append({"source": len(images) - 1, "sampler": 0})
            document["samplers"] = [
                {"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071}
            ]
            matt["baseColorTexture"] = {"index": len(textures) - 1}
        surfaces[png] = len(document.setdefault("materials", []))
        name = "lit" if png is None else "cloth"
        document["materials"].append({"name": name, "pbrMetallicRoughness": matt})
    return surfaces[png]


def _bytes(document: dict[str, Any], body: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(body)
    return b"".join(
        [
            b"glTF", (2).to_bytes(4, "little"), total.to_bytes(4, "little"),
            len(text).to_bytes(4, "little"), b"JSON", text,
            len(body).to_bytes(4, "little"), b"BIN\0", body,
        ]
    )  # fmt: skip
