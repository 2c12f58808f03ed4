"""The one skeleton of the cast, and a body's proportions on it.

Axes: x forward, y left, z up, metres, the ground at z = 0. Every mesh is made on the common body;
a person's `Rig` says where the joints lie and how much the flesh about each is stretched, so that
one garment fits everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moongate.race.editions.cast.schema import Proportions
from moongate.race.editions.geometry.mesh import Array

UPPER_ARM_M, LOWER_ARM_M = 0.225, 0.205
SHOULDER = (0.0, 0.165, 0.945)
# Arms hang half-way at rest: the best compromise for skinning up and down.
ARM = np.array([0.0, 0.7071067811865476, -0.7071067811865476])
HEAD_TOP_M = 0.485


def _arm(length: float) -> tuple[float, float, float]:
    x, y, z = np.asarray(SHOULDER) + length * ARM
    return float(x), float(y), float(z)


_MIDDLE: list[tuple[str, str | None, tuple[float, float, float]]] = [
    ("hips", None, (0.0, 0.0, 0.60)),
    ("spine", "hips", (0.0, 0.0, 0.70)),
    ("chest", "spine", (0.0, 0.0, 0.83)),
    ("neck", "chest", (0.0, 0.0, 1.005)),
    ("head", "neck", (0.0, 0.0, 1.05)),
    # Scarves and plaits hang from here.
    ("swing", "head", (-0.12, 0.0, 1.06)),
]
_LEFT: list[tuple[str, str, tuple[float, float, float]]] = [
    ("upper_arm", "chest", SHOULDER),
    ("lower_arm", "upper_arm", _arm(UPPER_ARM_M)),
    ("hand", "lower_arm", _arm(UPPER_ARM_M + LOWER_ARM_M)),
    ("upper_leg", "hips", (0.0, 0.085, 0.57)),
    ("lower_leg", "upper_leg", (0.0, 0.088, 0.32)),
    ("foot", "lower_leg", (0.0, 0.088, 0.085)),
]


def _table() -> list[tuple[str, str | None, tuple[float, float, float]]]:
    rows = list(_MIDDLE)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        for name, parent, (x, y, z) in _LEFT:
            above = parent if parent in ("chest", "hips") else f"{parent}_{side}"
            rows.append((f"{name}_{side}", above, (x, sign * y, z)))
    # What stands by the person: hidden by the driving clips.
    return [*rows, ("prop", None, (0.0, 0.0, 0.0))]


_ROWS = _table()
JOINTS = tuple(row[0] for row in _ROWS)
INDEX = {name: k for k, name in enumerate(JOINTS)}
PARENT = tuple(-1 if row[1] is None else INDEX[row[1]] for row in _ROWS)
BIND = np.array([row[2] for row in _ROWS])


@dataclass(frozen=True)
class Rig:
    """A person's skeleton: `joints` (J, 3) at rest and `flesh` (J, 3, 3), how each is stretched."""

    joints: Array
    flesh: Array

    def inverse_binds(self) -> Array:
        """(J, 4, 4): from the common body to each joint of this person, flesh stretched."""
        out = np.tile(np.eye(4), (len(JOINTS), 1, 1))
        out[:, :3, :3] = self.flesh
        out[:, :3, 3] = -np.einsum("jab,jb->ja", self.flesh, BIND)
        return out

    def length(self, name: str, end: str) -> float:
        """Metres between two joints."""
        return float(np.linalg.norm(self.joints[INDEX[end]] - self.joints[INDEX[name]]))

    def local(self, name: str) -> Array:
        """A joint's place in its parent's axes, metres."""
        k = INDEX[name]
        above = PARENT[k]
        found: Array = self.joints[k] - (self.joints[above] if above >= 0 else 0.0)
        return found


def _along(direction: Array, length: float, girth: float) -> Array:
    """Stretch by `length` along a direction and by `girth` across it."""
    outer = np.outer(direction, direction)
    return np.asarray(length * outer + girth * (np.eye(3) - outer))


def make_rig(body: Proportions) -> Rig:
    """The skeleton of a body."""
    head, girth = body.head, body.build
    # The foot's height, the legs, the trunk and the head add up to the height.
    trunk = (body.height - 0.5275 * head) / (0.0425 + 0.485 * body.legs + 0.48)
    leg, foot = trunk * body.legs, 0.5 * (trunk + head)
    wide = body.shoulders * (0.5 + 0.5 * girth)
    place = BIND.copy()
    flesh = np.tile(np.eye(3), (len(JOINTS), 1, 1))

    def put(name: str, x: float, y: float, z: float) -> None:
        place[INDEX[name]] = (x, y, z)

    knee = 0.085 * foot + 0.235 * leg
    hip = knee + 0.25 * leg
    base = hip + 0.03 * trunk
    for name in ("hips", "spine", "chest", "neck", "head"):
        put(name, 0, 0, base + (BIND[INDEX[name]][2] - 0.60) * trunk)
    put("swing", *(place[INDEX["head"]] + head * (BIND[INDEX["swing"]] - BIND[INDEX["head"]])))
    limb, apart = girth**0.85, 0.4 + 0.6 * girth
    for side, sign in (("l", 1.0), ("r", -1.0)):
        direction = ARM * (1, sign, 1)
        shoulder = np.array(
            [0, sign * 0.165 * wide, place[INDEX["chest"]][2] + trunk * (SHOULDER[2] - 0.83)]
        )
        for name, far in (
            ("upper_arm", 0.0), ("lower_arm", UPPER_ARM_M), ("hand", UPPER_ARM_M + LOWER_ARM_M),
        ):  # fmt: skip
            put(f"{name}_{side}", *(shoulder + trunk * far * direction))
            flesh[INDEX[f"{name}_{side}"]] = _along(direction, trunk, limb)
        flesh[INDEX[f"hand_{side}"]] = np.eye(3) * body.hands * 0.5 * (trunk + head)
        put(f"upper_leg_{side}", 0, sign * 0.085 * apart, hip)
        put(f"lower_leg_{side}", 0, sign * 0.088 * apart, knee)
        put(f"foot_{side}", 0, sign * 0.088 * apart, 0.085 * foot)
        for name in ("upper_leg", "lower_leg"):
            flesh[INDEX[f"{name}_{side}"]] = np.diag([limb, limb, leg])
        flesh[INDEX[f"foot_{side}"]] = np.diag([foot, foot * girth**0.3, foot])
    deep = girth * (1 + 0.45 * body.belly)
    flesh[INDEX["hips"]] = np.diag([girth * (1 + 0.2 * body.belly), girth, trunk])
    flesh[INDEX["spine"]] = np.diag([deep, girth * (1 + 0.15 * body.belly), trunk])
    flesh[INDEX["chest"]] = np.diag([girth, wide, trunk])
    flesh[INDEX["neck"]] = np.diag([girth**0.5, girth**0.5, trunk])
    flesh[INDEX["head"]] = np.eye(3) * head
    flesh[INDEX["swing"]] = np.eye(3) * head
    return Rig(place, flesh)
