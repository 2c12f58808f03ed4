"""The bare body below the head, in regions that a costume may hide."""

from __future__ import annotations

import numpy as np

from moongate.race.editions.cast.anatomy import (
    ARM_M,
    ARM_RADIUS,
    LEG_RADIUS,
    LEG_Y,
    arm_rings,
    arm_weights,
    at,
    leg_rings,
    leg_weights,
    trunk_rings,
    trunk_weights,
)
from moongate.race.editions.cast.shell import Shell, joint_weights, loft, rigid, shell
from moongate.race.editions.cast.skeleton import ARM
from moongate.race.editions.geometry import shapes
from moongate.race.editions.geometry.mesh import Array, Mesh, join, turned

REGIONS = (
    "trunk", "upper_arms", "lower_arms", "hands", "upper_legs", "lower_legs", "feet",
)  # fmt: skip
SIDES = ("l", "r")
# Where a region ends and the next begins: metres along the arm, height on the leg.
ELBOW_M, KNEE_M = 0.24, 0.3


def bare_body(skin: Array, vest: Array) -> list[Shell]:
    """Neck, trunk, limbs, hands and feet; the trunk wears a vest."""
    trunk = np.array([0.5, 0.54, 0.6, 0.68, 0.76, 0.84, 0.92, 0.97, 1.0])
    parts = [
        loft(trunk_rings(trunk), trunk_weights(trunk), vest, region="trunk"),
        neck(skin),
    ]
    for side in SIDES:
        for region, low, high in (("upper_arms", -0.065, ELBOW_M), ("lower_arms", ELBOW_M, ARM_M)):
            along = np.linspace(low, high, 4)
            radius = np.interp(along, ARM_RADIUS[:, 0], ARM_RADIUS[:, 1])
            rings = arm_rings(along, radius, side)
            parts.append(loft(rings, arm_weights(along, side), skin, region=region))
        for region, low, high in (("lower_legs", 0.085, KNEE_M), ("upper_legs", KNEE_M, 0.55)):
            z = np.linspace(low, high, 4)
            radius = np.interp(z, LEG_RADIUS[:, 0], LEG_RADIUS[:, 1])
            parts.append(
                loft(leg_rings(z, radius, side), leg_weights(z, side), skin, region=region)
            )
        parts.append(hand(skin, side))
        parts.append(_foot(skin, side))
    return parts


def neck(skin: Array) -> Shell:
    """The neck, from under any collar into the head."""
    z = np.array([0.945, 0.985, 1.015, 1.09])
    rings = trunk_rings(z[:3], np.array([-0.05, -0.012, 0.0]), 10)
    top = rings[-1].copy()
    top[:, 2] = z[3]
    weights = np.concatenate(
        [trunk_weights(z[:2]), joint_weights(1, neck=1.0), joint_weights(1, head=1.0)]
    )
    return loft(np.concatenate([rings, top[None]]), weights, skin, region="neck")


def hand_frame(side: str) -> tuple[Array, Array]:
    """The wrist's place and a matrix whose x, y, z are thumb, back of the hand and fingers."""
    sign = 1.0 if side == "l" else -1.0
    fingers = ARM * (1, sign, 1)
    thumb = np.array([1.0, 0, 0])
    return at(f"hand_{side}"), np.stack([thumb, np.cross(fingers, thumb), fingers], 1)


def hand_mesh(colour: Array, ease: float = 0.0) -> Mesh:
    """A mitten of a hand in its own frame, fingers along z; the left one."""
    palm = shapes.ball((0.06 + ease, 0.046 + ease, 0.07 + ease), colour, 1).moved((0, 0, 0.05))
    thumb = shapes.ball((0.026 + ease, 0.026 + ease, 0.05 + ease), colour, 0)
    return join(
        [
            palm.softened(),
            thumb.mapped(turned((0, 38, 0))).moved((0.058, 0.01, 0.05)).softened(),
        ]
    )


def hand(colour: Array, side: str, ease: float = 0.0) -> Shell:
    """A hand; the palm looks to the body."""
    place, frame = hand_frame(side)
    # The frame of the right hand mirrors that of the left, which keeps the thumb in front.
    mesh = hand_mesh(colour, ease)
    if side == "l":
        mesh = mesh.mapped(np.diag([1.0, -1.0, 1.0]))
    return rigid(mesh.mapped(frame).moved(place), f"hand_{side}", "hands")


def _foot(colour: Array, side: str) -> Shell:
    y = LEG_Y if side == "l" else -LEG_Y
    mesh = shapes.ball((0.115, 0.055, 0.05), colour, 1).moved((0.045, y, 0.05)).softened()
    return shell(mesh, joint_weights(len(mesh.vertices), **{f"foot_{side}": 1.0}), None, "feet")
