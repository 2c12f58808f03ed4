"""Put a rig into a pose: limbs by where they reach, the trunk by angles."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from moongate.race.editions.cast.skeleton import ARM, INDEX, JOINTS, PARENT, Rig
from moongate.race.editions.geometry.mesh import Array, turned

DOWN = np.array([0.0, 0.0, -1.0])
AHEAD = np.array([1.0, 0.0, 0.0])
# A limb never quite straightens: elbows and knees keep their bend's side.
FULL_REACH = 0.985


@dataclass
class Pose:
    """World matrices are found from `turns` (J, 3, 3), each in its parent's axes, and `shifts`."""

    turns: Array
    shifts: dict[str, Array] = field(default_factory=dict)
    scales: dict[str, float] = field(default_factory=dict)


def rest() -> Pose:
    """Every joint as in the bind pose."""
    return Pose(np.tile(np.eye(3), (len(JOINTS), 1, 1)))


def world(rig: Rig, pose: Pose) -> Array:
    """(J, 4, 4): each joint's matrix in the rig's axes."""
    out = np.zeros((len(JOINTS), 4, 4))
    out[:, :3, :3] = pose.turns
    out[:, :3, 3] = rig.joints
    out[:, 3, 3] = 1.0
    for k, above in enumerate(PARENT):
        if above >= 0:
            out[k, :3, 3] -= rig.joints[above]
    for name, scale in pose.scales.items():
        out[INDEX[name], :3, :3] *= scale
    for name, shift in pose.shifts.items():
        out[INDEX[name], :3, 3] += shift
    for k, above in enumerate(PARENT):
        if above >= 0:
            out[k] = out[above] @ out[k]
    return out


def skinning(rig: Rig, pose: Pose) -> Array:
    """(J, 4, 4): what takes a corner of the common body to this person in this pose."""
    found: Array = world(rig, pose) @ rig.inverse_binds()
    return found


def turn(pose: Pose, joint: str, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> None:
    """Turn a joint by degrees about its parent's axes; y nods forward, z looks left."""
    pose.turns[INDEX[joint]] = pose.turns[INDEX[joint]] @ turned((x, y, z))


def _frame(along: Array, hinge: Array) -> Array:
    hinge = hinge - along * float(along @ hinge)
    hinge = hinge / max(float(np.linalg.norm(hinge)), 1e-9)
    return np.stack([along, hinge, np.cross(along, hinge)], 1)


def reach(rig: Rig, pose: Pose, limb: str, target: Array, pole: Array) -> None:
    """Bend a limb (`arm_l`, `leg_r`, …) so that its hand or foot joint stands at `target`.

    `pole` is the way its elbow or knee points. Out of reach means as near as can be.
    """
    part, side = limb.split("_")
    upper, lower = f"upper_{part}_{side}", f"lower_{part}_{side}"
    end = f"hand_{side}" if part == "arm" else f"foot_{side}"
    matrices = world(rig, pose)
    start = matrices[INDEX[upper]][:3, 3]
    a, b = rig.length(upper, lower), rig.length(lower, end)
    to = target - start
    far = float(np.clip(np.linalg.norm(to), abs(a - b) + 0.01, (a + b) * FULL_REACH))
    t = to / max(float(np.linalg.norm(to)), 1e-9)
    p = pole - t * float(t @ pole)
    p = p / max(float(np.linalg.norm(p)), 1e-9)
    cos = (a * a + far * far - b * b) / (2 * a * far)
    knee = start + a * (cos * t + np.sqrt(max(0.0, 1 - cos * cos)) * p)
    hinge = np.cross(p, t)
    first, second = knee - start, start + far * t - knee
    rest_upper, rest_hinge = _rest(rig, upper, lower, part)
    rest_lower = rig.local(end) / np.linalg.norm(rig.local(end))
    above = matrices[PARENT[INDEX[upper]]][:3, :3]
    upper_turn = _frame(first / a, hinge) @ _frame(rest_upper, rest_hinge).T
    lower_turn = _frame(second / b, hinge) @ _frame(rest_lower, rest_hinge).T
    pose.turns[INDEX[upper]] = above.T @ upper_turn
    pose.turns[INDEX[lower]] = upper_turn.T @ lower_turn
    pose.turns[INDEX[end]] = np.eye(3)


def _rest(rig: Rig, upper: str, lower: str, part: str) -> tuple[Array, Array]:
    along = rig.local(lower) / np.linalg.norm(rig.local(lower))
    pole = -AHEAD if part == "arm" else AHEAD
    return along, np.cross(pole, along)


def face_way(rig: Rig, pose: Pose, joint: str, along: Array, up: Array) -> None:
    """Turn a hand or foot in the world: fingers (or leg) `along`, thumb (or toes) to `up`."""
    matrices = world(rig, pose)
    above = matrices[PARENT[INDEX[joint]]][:3, :3]
    if joint.startswith("hand"):
        bind = _frame(ARM * (1, 1 if joint.endswith("l") else -1, 1), AHEAD)
    else:
        bind = _frame(DOWN, AHEAD)
    pose.turns[INDEX[joint]] = above.T @ _frame(along / np.linalg.norm(along), up) @ bind.T
