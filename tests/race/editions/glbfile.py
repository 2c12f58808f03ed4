"""Read back the GLB files the builder writes, for tests."""

import json
from typing import Any

import numpy as np

TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4"}
WIDTHS = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}


def document(data: bytes) -> dict[str, Any]:
    """The JSON chunk."""
    assert data[:4] == b"glTF"
    assert int.from_bytes(data[8:12], "little") == len(data)
    length = int.from_bytes(data[12:16], "little")
    return json.loads(data[20 : 20 + length])


def accessor(data: bytes, index: int) -> np.ndarray:
    """The rows of an accessor."""
    doc = document(data)
    start = 20 + int.from_bytes(data[12:16], "little") + 8
    entry = doc["accessors"][index]
    view = doc["bufferViews"][entry["bufferView"]]
    kind = np.dtype(TYPES[entry["componentType"]])
    width = WIDTHS[entry["type"]]
    raw = data[start + view["byteOffset"] :][: view["byteLength"]]
    rows = np.frombuffer(raw, kind)
    stride = view.get("byteStride", width * kind.itemsize) // kind.itemsize
    return rows.reshape(-1, stride)[:, :width]


def meshes(data: bytes) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """World positions in simulation axes and triangles of each top-level mesh by name."""
    doc = document(data)
    found = {}
    for node in doc["nodes"]:
        if "mesh" not in node or "name" not in node:
            continue
        primitive = doc["meshes"][node["mesh"]]["primitives"][0]
        points = accessor(data, primitive["attributes"]["POSITION"]) * node["scale"][0]
        points = points + np.asarray(node.get("translation", [0, 0, 0]))
        triangles = accessor(data, primitive["indices"]).reshape(-1, 3)
        found[node["name"]] = (points[:, [0, 2, 1]] * [1, -1, 1], triangles)
    return found
