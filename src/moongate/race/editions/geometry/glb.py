"""Write meshes as binary glTF: 16-bit positions on one shared grid, 8-bit colours.

The simulation's x east, y north, z up becomes glTF's x, y up, −z north.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from moongate.race.editions.geometry.mesh import Array, Mesh

# Neighbouring meshes snap to the same grid, so their seams never open.
GRID_M = 1 / 128
FINE_GRID_M = 1 / 4096
COARSE_GRID_M = 1 / 16


@dataclass(frozen=True)
class Piece:
    """A named mesh of the file. `origin` (simulation metres) is where it turns and is measured."""

    name: str
    mesh: Mesh
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    material: str = "painted"
    grid: float = GRID_M
    parent: str | None = None
    normals: bool = False
    moves: bool = False
    extras: dict[str, Any] = field(default_factory=dict)


MATERIALS: dict[str, dict[str, Any]] = {
    # Light is baked into the colours, so nothing shades these again.
    "painted": {"extensions": {"KHR_materials_unlit": {}}},
    "water": {"extensions": {"KHR_materials_unlit": {}}},
    # Pools of lamplight, added to what they lie on.
    "glow": {"extensions": {"KHR_materials_unlit": {}}},
    # Moving things take the client's light.
    "lit": {},
    "glass": {"alphaMode": "BLEND"},
}


def to_gltf(points: Array) -> Array:
    """Simulation axes to glTF axes."""
    return np.stack([points[..., 0], points[..., 2], -points[..., 1]], -1)


class _Buffer:
    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def add(self, rows: Any, kind: str, component: int, target: int, **extra: Any) -> int:
        raw = rows.tobytes()
        view: dict[str, Any] = {
            "buffer": 0, "byteOffset": len(self.data), "byteLength": len(raw), "target": target,
        }  # fmt: skip
        if target == 34962:
            view["byteStride"] = rows.strides[0]
        self.data += raw + bytes(-len(raw) % 4)
        self.views.append(view)
        self.accessors.append(
            {"bufferView": len(self.views) - 1, "componentType": component, "type": kind, **extra}
        )
        return len(self.accessors) - 1


def _attributes(piece: Piece, buffer: _Buffer) -> dict[str, Any]:
    grid = piece.grid
    points = np.rint(to_gltf(piece.mesh.vertices - np.asarray(piece.origin)) / grid)
    limit = float(np.abs(points).max())
    if limit > 32767:
        raise ValueError(f"mesh {piece.name!r} reaches {limit * grid:.0f} m from its origin")
    colour = np.rint(np.clip(piece.mesh.colour, 0, 1) * 255)
    columns = [points, np.zeros((len(points), 1)), colour, np.full((len(points), 1), 255)]
    if piece.normals:
        columns.append(np.rint(to_gltf(piece.mesh.soft_normals()) * 127))
    rows, index = np.unique(np.concatenate(columns, 1), axis=0, return_inverse=True)
    triangles = index.reshape(-1)[piece.mesh.triangles]
    a, b, c = (rows[triangles[:, i], :3] for i in range(3))
    triangles = triangles[np.abs(np.cross(b - a, c - a)).sum(1) > 0]
    count = len(rows)
    position = rows[:, :4].astype("<i2")
    attributes = {
        "POSITION": buffer.add(
            position, "VEC3", 5122, 34962, count=count,
            min=position[:, :3].min(0).tolist(), max=position[:, :3].max(0).tolist(),
        ),
        "COLOR_0": buffer.add(
            rows[:, 4:8].astype("u1"), "VEC4", 5121, 34962, count=count, normalized=True
        ),
    }  # fmt: skip
    if piece.normals:
        normal = np.column_stack([rows[:, 8:11], np.zeros(count)]).astype("i1")
        attributes["NORMAL"] = buffer.add(normal, "VEC3", 5120, 34962, count=count, normalized=True)
    kind, code = ("<u2", 5123) if count < 65535 else ("<u4", 5125)
    indices = buffer.add(
        triangles.astype(kind).reshape(-1), "SCALAR", code, 34963, count=triangles.size
    )
    return {"attributes": attributes, "indices": indices}


def glb(pieces: list[Piece]) -> bytes:
    """The bytes of a GLB file; the same pieces give the same bytes."""
    buffer = _Buffer()
    names = sorted({piece.material for piece in pieces if piece.mesh.count})
    nodes: list[dict[str, Any]] = []
    meshes: list[dict[str, Any]] = []
    place: dict[str, int] = {}
    origin: dict[str, Array] = {}
    roots: list[int] = []
    for piece in pieces:
        base = origin.get(piece.parent or "", np.zeros(3))
        origin[piece.name] = np.asarray(piece.origin, float)
        node: dict[str, Any] = {"name": piece.name}
        shift = to_gltf(origin[piece.name] - base)
        if shift.any():
            node["translation"] = [float(v) + 0.0 for v in shift]
        if piece.extras:
            node["extras"] = piece.extras
        place[piece.name] = len(nodes)
        if piece.parent is None:
            roots.append(len(nodes))
        else:
            nodes[place[piece.parent]].setdefault("children", []).append(len(nodes))
        nodes.append(node)
        if piece.mesh.count:
            primitive = _attributes(piece, buffer)
            primitive["material"] = names.index(piece.material)
            meshes.append({"name": piece.name, "primitives": [primitive]})
            drawn = {"mesh": len(meshes) - 1, "scale": [piece.grid] * 3}
            if piece.moves:
                # The grid's scale sits on a child, so the named node is free to move and turn.
                node.setdefault("children", []).append(len(nodes))
                nodes.append(drawn)
            else:
                node.update(drawn)
    materials = [
        {
            "name": name,
            "pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": 0.9},
            **MATERIALS[name],
        }
        for name in names
    ]
    document = {
        "asset": {"version": "2.0", "generator": "moongate"},
        "extensionsUsed": ["KHR_materials_unlit", "KHR_mesh_quantization"],
        "extensionsRequired": ["KHR_mesh_quantization"],
        "scene": 0,
        "scenes": [{"nodes": roots}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": materials,
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": len(buffer.data)}],
    }
    text = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 4)
    body = bytes(buffer.data)
    total = 12 + 8 + len(text) + 8 + len(body)
    return b"".join(
        [
            b"glTF", (2).to_bytes(4, "little"), total.to_bytes(4, "little"),
            len(text).to_bytes(4, "little"), b"JSON", text,
            len(body).to_bytes(4, "little"), b"BIN\0", body,
        ]
    )  # fmt: skip
