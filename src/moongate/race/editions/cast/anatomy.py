"""The common body's measures: where its surface lies, and what each bit of it follows."""

from __future__ import annotations

import numpy as np

from moongate.race.editions.cast.shell import joint_weights
from moongate.race.editions.cast.skeleton import (
    ARM,
    BIND,
    INDEX,
    LOWER_ARM_M,
    SHOULDER,
    UPPER_ARM_M,
)
from moongate.race.editions.geometry.mesh import Array

TRUNK_SIDES, LIMB_SIDES, HEAD_SIDES = 14, 8, 16

# z, half width, front, back: metres.
TRUNK = np.array(
    [
        [0.50, 0.085, 0.070, 0.075],
        [0.54, 0.146, 0.100, 0.112],
        [0.60, 0.164, 0.112, 0.120],
        [0.67, 0.154, 0.112, 0.108],
        [0.74, 0.148, 0.112, 0.102],
        [0.82, 0.158, 0.116, 0.106],
        [0.90, 0.170, 0.112, 0.108],
        [0.955, 0.168, 0.098, 0.102],
        [0.99, 0.126, 0.078, 0.084],
        [1.015, 0.076, 0.062, 0.068],
    ]
)
# Metres from the shoulder, radius.
ARM_RADIUS = np.array(
    [
        [-0.065, 0.018],
        [-0.042, 0.042],
        [0.0, 0.060],
        [0.05, 0.064],
        [0.14, 0.060],
        [0.225, 0.054],
        [0.33, 0.050],
        [0.43, 0.044],
    ]
)
ARM_M = UPPER_ARM_M + LOWER_ARM_M
# z, radius.
LEG_RADIUS = np.array(
    [
        [0.085, 0.056],
        [0.16, 0.062],
        [0.24, 0.068],
        [0.32, 0.070],
        [0.42, 0.076],
        [0.55, 0.080],
    ]
)
LEG_Y = 0.088
# About the head's joint: z, half width, front, back.
SKULL = np.array(
    [
        [-0.015, 0.060, 0.140, 0.040],
        [0.010, 0.115, 0.190, 0.100],
        [0.055, 0.168, 0.218, 0.160],
        [0.110, 0.208, 0.234, 0.205],
        [0.170, 0.234, 0.243, 0.232],
        [0.235, 0.246, 0.245, 0.246],
        [0.300, 0.243, 0.238, 0.246],
        [0.360, 0.222, 0.214, 0.228],
        [0.415, 0.176, 0.168, 0.182],
        [0.455, 0.112, 0.106, 0.116],
        [0.478, 0.045, 0.042, 0.046],
    ]
)
# Above this a hat covers the head.
HAT_LINE_M = 0.31


def blend(value: float | Array, low: float, high: float) -> Array:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((np.asarray(value, float) - low) / (high - low), 0, 1)
    found: Array = t * t * (3 - 2 * t)
    return found


def angles(sides: int) -> Array:
    """A ring's corners from the back round by the right: a panel's middle is the front."""
    return -np.pi + 2 * np.pi * np.arange(sides) / sides


def oval(half: Array, front: Array, back: Array, z: Array, sides: int, power: float = 2.3) -> Array:
    """Rings (r, sides, 3) of rounded ovals, one for each row."""
    turn = angles(sides)
    cos, sin = np.cos(turn), np.sin(turn)
    x = np.sign(cos) * np.abs(cos) ** (2 / power)
    y = np.sign(sin) * np.abs(sin) ** (2 / power)
    depth = np.where(cos[None] >= 0, np.asarray(front)[:, None], np.asarray(back)[:, None])
    rows = np.broadcast_to(np.asarray(z)[:, None], depth.shape)
    return np.stack([x * depth, y * np.asarray(half)[:, None], rows], -1)


def trunk_rings(z: Array, ease: float | Array = 0.0, sides: int = TRUNK_SIDES) -> Array:
    """The trunk's surface at heights `z`, `ease` metres outside the skin."""
    half, front, back = (np.interp(z, TRUNK[:, 0], TRUNK[:, k]) for k in (1, 2, 3))
    room = np.broadcast_to(np.asarray(ease, float), np.shape(z))
    return oval(half + room, front + room, back + room, np.asarray(z, float), sides)


def trunk_weights(z: Array) -> Array:
    """(r, joints) for heights on the trunk."""
    spine = blend(z, 0.62, 0.72) - blend(z, 0.76, 0.86)
    chest = blend(z, 0.76, 0.86) - blend(z, 1.0, 1.05)
    return joint_weights(
        len(z), hips=1 - blend(z, 0.62, 0.72), spine=spine, chest=chest, neck=blend(z, 1.0, 1.05)
    )


def arm_rings(along: Array, radius: Array, side: str, sides: int = LIMB_SIDES) -> Array:
    """Rings about an arm, `along` metres from the shoulder."""
    sign = 1.0 if side == "l" else -1.0
    direction = ARM * (1, sign, 1)
    start = np.asarray(SHOULDER) * (1, sign, 1)
    out = np.array([0.0, sign * 0.7071067811865476, 0.7071067811865476])
    # The seam is under the arm, and rings turn left about the arm's direction.
    across = np.cross(direction, out)
    turn = angles(sides)
    spoke = np.cos(turn)[:, None] * out + np.sin(turn)[:, None] * across
    centre = start + np.asarray(along)[:, None] * direction
    return np.asarray(centre[:, None] + np.asarray(radius)[:, None, None] * spoke[None])


def arm_weights(along: Array, side: str) -> Array:
    """(r, joints) along an arm; its root belongs to the chest."""
    upper = blend(along, -0.05, 0.06)
    lower = blend(along, UPPER_ARM_M - 0.05, UPPER_ARM_M + 0.05)
    hand = blend(along, ARM_M - 0.03, ARM_M + 0.02)
    return joint_weights(
        len(along),
        **{
            "chest": 1 - upper,
            f"upper_arm_{side}": upper - lower,
            f"lower_arm_{side}": lower - hand,
            f"hand_{side}": hand,
        },
    )


def leg_rings(z: Array, radius: Array, side: str, sides: int = LIMB_SIDES) -> Array:
    """Rings about a leg at heights `z`, from below upwards."""
    sign = 1.0 if side == "l" else -1.0
    turn = angles(sides)
    r = np.asarray(radius)[:, None]
    x, y = r * np.cos(turn), sign * LEG_Y + r * np.sin(turn)
    return np.stack([x, y, np.broadcast_to(np.asarray(z)[:, None], x.shape)], -1)


def leg_weights(z: Array, side: str) -> Array:
    """(r, joints) along a leg; its root belongs to the hips."""
    hips = blend(z, 0.53, 0.62)
    upper = blend(z, 0.27, 0.37)
    lower = blend(z, 0.06, 0.11)
    return joint_weights(
        len(z),
        **{
            "hips": hips,
            f"upper_leg_{side}": upper - hips,
            f"lower_leg_{side}": lower - upper,
            f"foot_{side}": 1 - lower,
        },
    )


def skirt_weights(rings: Array) -> Array:
    """(r, n, joints) for cloth that hangs from the hips and follows the thighs below them."""
    x, y, z = rings[..., 0], rings[..., 1], rings[..., 2]
    left = blend(y, -0.09, 0.09)
    # Cloth behind is sat on; cloth before lies on the thighs.
    ahead = 0.7 + 0.3 * blend(x, -0.1, 0.06)
    down = blend(0.62 - z, 0.0, 0.12) * ahead
    flat = {
        "upper_leg_l": (down * left).reshape(-1),
        "upper_leg_r": (down * (1 - left)).reshape(-1),
        "hips": ((1 - down) * (1 - blend(z, 0.62, 0.72))).reshape(-1),
        "spine": ((1 - down) * blend(z, 0.62, 0.72)).reshape(-1),
    }
    return joint_weights(down.size, **flat).reshape(*down.shape, -1)


def skull_rings(z: Array, thick: float | Array = 0.0, sides: int = HEAD_SIDES) -> Array:
    """Rings of a plain head about its joint, `thick` metres outside the skin."""
    half, front, back = (np.interp(z, SKULL[:, 0], SKULL[:, k]) for k in (1, 2, 3))
    room = np.broadcast_to(np.asarray(thick, float), np.shape(z))
    return oval(half + room, front + room, back + room, np.asarray(z, float), sides, 2.15)


def at(joint: str) -> Array:
    """A joint's place on the common body."""
    found: Array = BIND[INDEX[joint]]
    return found
