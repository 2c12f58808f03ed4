"""Garments cut to the common body: tops, collars, legs, skirts, shoes and gloves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from moongate.race.editions.cast.anatomy import (
    ARM_M,
    ARM_RADIUS,
    LEG_RADIUS,
    LEG_Y,
    TRUNK,
    angles,
    arm_rings,
    arm_weights,
    at,
    blend,
    leg_rings,
    leg_weights,
    oval,
    skirt_weights,
    trunk_weights,
)
from moongate.race.editions.cast.body import SIDES, hand
from moongate.race.editions.cast.hair import hood
from moongate.race.editions.cast.schema import Scalp
from moongate.race.editions.cast.shell import Shell, joint_weights, loft, merge, shell
from moongate.race.editions.geometry import shapes
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join, turned
from moongate.race.editions.wardrobe.schema import (
    Boot,
    ClothName,
    Collar,
    Cowl,
    Glove,
    Skirt,
    Top,
    Trousers,
)
from moongate.race.editions.wardrobe.texture import PANELS, swatch_uv

WHITE = np.ones(3)
HIPS_M = 0.6
# Trousers below this stand inside a tall boot.
SHIN_M = 0.27
TALL_M = 0.2
COAT_SIDES, NECK_SIDES = 18, 12


def in_cloth(part: Shell, cloth: str) -> Shell:
    """A shell all in a cloth's swatch."""
    uv = np.broadcast_to(swatch_uv(cloth), part.uv.shape).copy()
    return replace(part, uv=uv)


def lined(make: Callable[[], Shell]) -> Shell:
    """A shell seen from both sides."""
    outside = make()
    inside = replace(outside, mesh=outside.mesh.inside_out(), normals=-outside.normals)
    return merge([outside, inside])


def _coat_rings(z: Array, ease: Array, flare: float, sides: int) -> Array:
    """The trunk's surface and, below the hips, cloth that falls straight or flares."""
    seat = np.maximum(z, HIPS_M)
    half, front, back = (np.interp(seat, TRUNK[:, 0], TRUNK[:, k]) for k in (1, 2, 3))
    wide = np.maximum(HIPS_M - z, 0) * flare
    return oval(half + ease + wide, front + ease + wide, back + ease + wide, z, sides)


def top(cut: Top) -> list[Shell]:
    """Trunk and sleeves."""
    neck = np.array([0.74, 0.82, 0.90, 0.955, 0.985, 1.004])
    low = np.linspace(cut.hem, 0.68, 4 if cut.hem > 0.45 else 6)
    z = np.concatenate([low, neck])
    ease = np.full(len(z), cut.ease)
    ease = ease + cut.waist * np.exp(-(((z - 0.72) / 0.06) ** 2))
    ease = ease + cut.shoulders * blend(z, 0.84, 0.93) * (1 - blend(z, 0.955, 1.0))
    # A neckline lies on the skin.
    ease[-1] = min(cut.ease, 0.01)
    sides = COAT_SIDES if cut.hem < 0.45 else 14
    rings = _coat_rings(z, ease, cut.flare, sides)
    # A hem turns in, so that nobody looks up a coat.
    turned_in = rings[:1] * np.array([0.86, 0.86, 1.0]) + np.array([0, 0, 0.004])
    rings = np.concatenate([turned_in, rings])
    weights = np.concatenate([skirt_weights(rings[:5]), np.repeat(
        trunk_weights(rings[5:, 0, 2])[:, None], sides, 1)])  # fmt: skip
    if cut.hem <= 0.45:
        hanging = skirt_weights(rings[:7])
        weights = np.concatenate([hanging, weights[7:]])
    parts = [loft(rings, weights, WHITE, panel=PANELS["trunk"])]
    if cut.hem_band is not None:
        band = np.array([cut.hem - 0.004, cut.hem + 0.045])
        belt = _coat_rings(band, np.full(2, cut.ease + 0.006), cut.flare, sides)
        parts.append(in_cloth(loft(belt, skirt_weights(belt), WHITE), cut.hem_band))
    if cut.sleeve > 0:
        for side in SIDES:
            parts += _sleeve(cut, side)
    return parts


def _sleeve(cut: Top, side: str) -> list[Shell]:
    end = ARM_M * cut.sleeve - 0.005
    along = np.concatenate(
        [[-0.065, -0.04, 0.0], np.linspace(0.05, end, 4 if cut.sleeve > 0.6 else 2)]
    )
    radius = np.interp(along, ARM_RADIUS[:, 0], ARM_RADIUS[:, 1])
    share = np.clip(along / max(end, 0.05), 0, 1)
    radius = radius + cut.sleeve_ease + cut.sleeve_flare * share**2
    # The cuff closes on the arm, so that nobody looks up a sleeve.
    close = float(np.interp(end, ARM_RADIUS[:, 0], ARM_RADIUS[:, 1])) + 0.002
    along, radius = np.append(along, end - 0.004), np.append(radius, close)
    left, low, right, high = PANELS[f"sleeve_{side}"]
    panel = (left, high, right, low)
    sleeve = loft(arm_rings(along, radius, side), arm_weights(along, side), WHITE, panel=panel)
    parts = [sleeve]
    if cut.cuff is not None:
        band = np.array([end - 0.035, end + 0.004])
        out = np.full(2, radius[-2] + 0.007)
        parts.append(
            in_cloth(loft(arm_rings(band, out, side), arm_weights(band, side), WHITE), cut.cuff)
        )
    return parts


def trousers(cut: Trousers) -> list[Shell]:
    """Two legs and the seat that joins them."""
    z = np.array([0.495, 0.52, 0.55, 0.6, 0.66, 0.69])
    half, front, back = (np.interp(z, TRUNK[:, 0], TRUNK[:, k]) for k in (1, 2, 3))
    # Tops fall outside the seat, however wide the legs are.
    snug = min(cut.ease, 0.009)
    seat = oval(half + snug, front + snug, back + snug, z, 14)
    weights = trunk_weights(z)
    parts = [in_cloth(loft(seat, weights, WHITE), cut.cloth)]
    hem = 0.07 + (0.5 - 0.07) * (1 - cut.length)
    for side in SIDES:
        heights = np.linspace(hem, 0.575, 6)
        if hem < SHIN_M:
            heights = np.concatenate([np.linspace(hem, SHIN_M, 3), np.linspace(SHIN_M, 0.575, 4)])
        radius = np.interp(heights, LEG_RADIUS[:, 0], LEG_RADIUS[:, 1]) + cut.ease
        low = 1 - np.clip((heights - hem) / 0.3, 0, 1)
        radius = radius + cut.flare * low**1.5
        left, bottom, right, upper = PANELS[f"leg_{side}"]
        split = 3 if hem < SHIN_M else 0
        middle = bottom + (upper - bottom) * (SHIN_M - hem) / (0.575 - hem) if split else bottom
        rings, bones = leg_rings(heights, radius, side), leg_weights(heights, side)
        thigh = loft(rings[split:], bones[split:], WHITE, panel=(left, middle, right, upper))
        parts.append(thigh)
        if split:
            inside = rings[:1].copy()
            inside[..., :2] = inside[..., :2] * 0.6 + np.array([0, 0.4 * LEG_Y * _sign(side)])
            shin = np.concatenate([inside, rings[:split]])
            tip = np.concatenate([bones[:1], bones[:split]])
            panel = (left, bottom, right, middle)
            parts.append(loft(shin, tip, WHITE, panel=panel, region="shins"))
        if cut.turn_up is not None:
            band = np.array([hem - 0.004, hem + 0.035])
            out = np.full(2, radius[0] + 0.007)
            cuff = loft(leg_rings(band, out, side), leg_weights(band, side), WHITE, region="shins")
            parts.append(in_cloth(cuff, cut.turn_up))
    return parts


def _sign(side: str) -> float:
    return 1.0 if side == "l" else -1.0


def skirt(cut: Skirt) -> list[Shell]:
    """Cloth from the waist, pleated behind and at the sides as a kilt or plain."""
    sides = 22 if cut.pleats else 16
    z = np.array([cut.hem, (cut.hem + 0.56) / 2, 0.56, HIPS_M, cut.waist])
    rings = _coat_rings(z, np.full(len(z), 0.02), cut.flare, sides)
    if cut.pleats:
        turn = angles(sides)
        fold = np.where(
            np.cos(turn) > 0.55, 0.0, np.where(np.arange(sides) % 2 == 0, 0.014, -0.006)
        )
        depth = np.array([1.0, 0.9, 0.6, 0.3, 0.0])[:, None] * fold
        spoke = np.stack([np.cos(turn), np.sin(turn), np.zeros(sides)], 1)
        rings = rings + depth[..., None] * spoke
    outside = loft(rings, skirt_weights(rings), WHITE, panel=PANELS["skirt"])
    # Nobody sees further up than the first fold.
    low = rings[:2]
    inside = loft(low[::-1], skirt_weights(low[::-1]), WHITE * 0.7, panel=PANELS["skirt"])
    return [outside, inside]


_NECK = {
    "crew": ((0.972, 0.100), (0.998, 0.092), (1.016, 0.082), (1.014, 0.068)),
    "roll": ((0.975, 0.100), (0.995, 0.112), (1.03, 0.110), (1.052, 0.096), (1.045, 0.078)),
    "fur": ((0.955, 0.115), (0.975, 0.155), (1.02, 0.160), (1.05, 0.125), (1.04, 0.085)),
    "scarf": ((0.955, 0.110), (0.968, 0.135), (1.01, 0.142), (1.045, 0.120), (1.045, 0.085)),
}


def collar(cut: Collar) -> list[Shell]:
    """What stands about the neck, made of rings or of flaps."""
    if cut.kind in _NECK:
        rows = np.array(_NECK[cut.kind])
        ring = _neck_rings(rows)
        if cut.kind == "fur":
            ring = ring * (1 + 0.05 * (np.arange(ring.shape[1]) % 2)[:, None] * [1, 1, 0])
        parts = [in_cloth(loft(ring, _neck_weights(ring), WHITE), cut.cloth)]
        return parts + (_scarf_ends(cut) if cut.kind == "scarf" else [])
    if cut.kind == "hood":
        bag = shapes.ball((0.10, 0.15, 0.085), WHITE, 1).moved((-0.115, 0, -0.005)).softened()
        well = shapes.ball((0.06, 0.1, 0.03), WHITE * 0.45, 1).moved((-0.095, 0, 0.058)).softened()
        mesh = join([bag, well]).moved(at("neck"))
        weights = joint_weights(len(mesh.vertices), chest=1.0)
        return [
            in_cloth(shell(mesh, weights), cut.cloth), *collar(Collar("stand", cut.cloth)),
        ]  # fmt: skip
    stand = _neck_rings(np.array([[0.975, 0.095], [1.035 if cut.kind == "stand" else 1.02, 0.09]]))
    parts = [in_cloth(lined(lambda: loft(stand, _neck_weights(stand), WHITE)), cut.cloth)]
    if cut.kind == "shirt":
        parts.append(in_cloth(lined(_points), cut.cloth))
    return parts


def _neck_rings(rows: Array) -> Array:
    z, r = rows[:, 0], rows[:, 1]
    rings = oval(r, r * 0.94, r * 0.98, z, NECK_SIDES, 2.0)
    # Collars stand lower in front.
    rings[..., 2] -= 0.018 * (np.cos(angles(NECK_SIDES)) * 0.5 + 0.5)
    return rings


def _neck_weights(rings: Array) -> Array:
    z = rings[..., 2].reshape(-1)
    neck = blend(z, 0.995, 1.06)
    return joint_weights(len(z), chest=1 - neck, neck=neck).reshape(*rings.shape[:2], -1)


def _points() -> Shell:
    """The two points of a shirt's collar."""
    one = np.array(
        [[0.088, 0.0, 1.006], [0.055, 0.078, 1.022], [0.118, 0.088, 0.955], [0.122, 0.03, 0.948]]
    )
    flap = np.stack([one, (one * [1, -1, 1])[::-1]])
    mesh = facets(flap[:, ::-1], WHITE)
    return shell(mesh, joint_weights(len(mesh.vertices), chest=1.0))


def _scarf_ends(cut: Collar) -> list[Shell]:
    """One end before, one over the shoulder that flies behind."""
    ends = cut.ends or cut.cloth
    before: list[tuple[Mesh, ClothName]] = []
    behind: list[tuple[Mesh, ClothName]] = []
    for k in range(4):
        cloth: ClothName = cut.cloth if k % 2 == 0 else ends
        front = shapes.block((0.03, 0.092, 0.058), WHITE).mapped(turned((4, -5, 0)))
        before.append(
            (front.moved((0.128 - 0.002 * k, 0.05 - 0.002 * k, 0.925 - 0.058 * k)), cloth)
        )
        tail = shapes.block((0.09, 0.1, 0.03), WHITE).mapped(turned((0, 14, 0)))
        behind.append((tail.moved((-0.15 - 0.086 * k, -0.03, 0.972 - 0.024 * k)), cloth))
    parts = []
    for rows, joint in ((before, "chest"), (behind, "swing")):
        for mesh, cloth in rows:
            weights = joint_weights(len(mesh.vertices), **{joint: 1.0})
            parts.append(in_cloth(shell(mesh, weights), cloth))
    return parts


# Along the foot: x, half width, height of the upper.
_SHOE = np.array(
    [
        [-0.080, 0.010, 0.034],
        [-0.076, 0.034, 0.066],
        [-0.066, 0.052, 0.100],
        [-0.010, 0.061, 0.112],
        [0.080, 0.069, 0.088],
        [0.150, 0.062, 0.064],
        [0.176, 0.036, 0.046],
        [0.182, 0.008, 0.030],
    ]
)
_SOLE_M = 0.026


def boot(cut: Boot) -> list[Shell]:
    """A pair of shoes: sole, upper, and a shaft as high as is asked."""
    parts = []
    for side in SIDES:
        y = LEG_Y * _sign(side)
        turn = np.linspace(0, np.pi, 6)
        # A rounded upper over each place along the foot.
        rows = _SHOE[:, :, None]
        across = y + rows[:, 1] * cut.wide * np.cos(turn)
        height = _SOLE_M + (rows[:, 2] - _SOLE_M) * np.sin(turn) ** 0.8
        along = np.broadcast_to(rows[:, 0], across.shape)
        rings = np.stack([along, across, height], -1)
        weights = np.repeat(joint_weights(1, **{f"foot_{side}": 1.0}), len(rings), 0)
        split = 4 if cut.toe is not None else len(rings) - 1
        upper = loft(rings[: split + 1], weights[: split + 1], WHITE, closed=False, region="feet")
        parts.append(in_cloth(upper, cut.cloth))
        if cut.toe is not None:
            toe = loft(rings[split:], weights[split:], WHITE, closed=False, region="feet")
            parts.append(in_cloth(toe, cut.toe))
        parts.append(in_cloth(_sole(cut, y, side), cut.sole))
        if cut.shaft > 0.115:
            parts += _shaft(cut, side)
        if cut.sock is not None:
            z = np.array([0.09, max(cut.shaft, 0.115) + 0.015, max(cut.shaft, 0.115) + 0.06])
            r = np.interp(z, LEG_RADIUS[:, 0], LEG_RADIUS[:, 1]) + np.array([0.004, 0.014, 0.012])
            sock = loft(leg_rings(z, r, side), leg_weights(z, side), WHITE, region="feet")
            parts.append(in_cloth(sock, cut.sock))
    return parts


def _sole(cut: Boot, y: float, side: str) -> Shell:
    outline = np.concatenate([_SHOE[:, :2] * [1, -1], _SHOE[::-1, :2]])
    outline = outline * [1.05, 1.06 * cut.wide] + [0.002, y]
    low = np.column_stack([outline, np.zeros(len(outline))])
    high = np.column_stack([outline, np.full(len(outline), _SOLE_M + 0.006)])
    weights = np.repeat(joint_weights(1, **{f"foot_{side}": 1.0}), 2, 0)
    under = np.stack([high, low])[:, ::-1]
    return merge(
        [
            loft(np.stack([low, high]), weights, WHITE, cap=True, region="feet"),
            loft(under[1:], weights[:1], WHITE, cap=True, region="feet"),
        ]
    ).named("feet")


def _shaft(cut: Boot, side: str) -> list[Shell]:
    room = 0.026 if cut.shaft > TALL_M else 0.018
    z = np.linspace(0.075, cut.shaft, 3 if cut.shaft < TALL_M else 5)
    r = np.interp(z, LEG_RADIUS[:, 0], LEG_RADIUS[:, 1]) + room
    z, r = np.append(z, cut.shaft - 0.012), np.append(r, r[-1] - 0.012)
    weights = leg_weights(z, side)
    parts = [in_cloth(loft(leg_rings(z, r, side), weights, WHITE, region="feet"), cut.cloth)]
    if cut.cuff is not None:
        band = np.array([cut.shaft - 0.03, cut.shaft + 0.005])
        out = np.full(2, r[-2] + 0.007)
        cuff = loft(leg_rings(band, out, side), leg_weights(band, side), WHITE, region="feet")
        parts.append(in_cloth(cuff, cut.cuff))
    return parts


def glove(cut: Glove) -> list[Shell]:
    """A pair of gloves; without `tips` the hand's own skin shows before the cuff."""
    parts = []
    for side in SIDES:
        if cut.tips:
            parts.append(in_cloth(hand(WHITE, side, 0.006), cut.cloth))
        along = np.array([ARM_M - cut.cuff, ARM_M - 0.3 * cut.cuff, ARM_M + 0.012])
        arm = np.interp(along, ARM_RADIUS[:, 0], ARM_RADIUS[:, 1])
        radius = arm + cut.cuff_ease * np.array([1.0, 0.9, 0.35]) + 0.006
        cuff = loft(arm_rings(along, radius, side), arm_weights(along, side), WHITE, region="hands")
        parts.append(in_cloth(cuff, cut.cuff_cloth or cut.cloth))
    return parts


def cowl(cut: Cowl) -> list[Shell]:
    """A close hood, its edge seen from inside too."""
    line = Scalp(cut.cloth, cut.front, cut.side, cut.back, cut.temple, cut.thick)
    return [in_cloth(hood(line, WHITE), cut.cloth)]
