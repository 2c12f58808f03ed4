"""Heads: a skull drawn by a few factors, and a face that reads from across the road."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from moongate.race.editions.cast.anatomy import HEAD_SIDES, SKULL, angles, at, blend, oval
from moongate.race.editions.cast.schema import Brows, Eyes, Face, Mouth, Nose
from moongate.race.editions.cast.shell import Shell, joint_weights, loft, rigid
from moongate.race.editions.geometry import shapes
from moongate.race.editions.geometry.mesh import EMPTY, Array, Mesh, facets, join, linear, turned
from moongate.race.editions.geometry.recipe import Palette

EYE_Z, EYE_Y_M, EYE_Z_M = 0.222, 0.05, 0.064
SCLERA, PUPIL, LASH = linear("#fbf7ee"), linear("#1f1a20"), linear("#2b2026")
TEETH, THROAT = linear("#fdf8ec"), linear("#6b1f25")
POWER = 2.15


class Head:
    """A person's skull: its rings, and where its front lies at a height and a side."""

    def __init__(self, face: Face) -> None:
        rows = SKULL.copy()
        z = rows[:, 0]
        jaw = 1 - blend(z, 0.05, 0.2)
        cheek = np.exp(-(((z - 0.15) / 0.07) ** 2))
        rows[:, 1] *= 1 + (face.jaw - 1) * jaw + (face.cheeks - 1) * cheek
        chin = 1 - blend(z, 0.02, 0.1)
        rows[:, 2] += face.chin * chin
        self.rows = rows
        self.jaw = 0.015 + 0.02 * max(0.0, face.jaw - 1)

    def shell(self, skin: Array) -> Shell:
        """The skin of the head."""
        z = self.rows[:, 0]
        rings = oval(self.rows[:, 1], self.rows[:, 2], self.rows[:, 3], z, HEAD_SIDES, POWER)
        rings = rings + at("head")
        weights = np.repeat(joint_weights(1, head=1.0), len(z), 0)
        under = rings[:1].copy()
        under[..., :2] *= 0.3
        rings = np.concatenate([under, rings])
        weights = np.concatenate([weights[:1], weights])
        return loft(rings, weights, skin, cap=True, region="head")

    def front(self, y: Array, z: Array) -> Array:
        """x of the skin at side `y` and height `z` about the head's joint."""
        half = np.interp(z, self.rows[:, 0], self.rows[:, 1])
        deep = np.interp(z, self.rows[:, 0], self.rows[:, 2])
        side = np.clip(np.abs(y) / half, 0, 0.98)
        found: Array = deep * (1 - side**POWER) ** (1 / POWER)
        return found

    def on(self, yz: Array, lift: float | Array) -> Array:
        """Points (n, 3) on the face, `lift` metres before it."""
        x = self.front(yz[:, 0], yz[:, 1]) + lift
        return np.column_stack([x, yz])


def _spot(
    head: Head, centre: Array, size: Array, lift: tuple[float, float], colour: Array,
    sides: int = 12, tilt: float = 0.0,
) -> Mesh:  # fmt: skip
    """An oval on the face; `lift` at its middle and its edge."""
    turn = 2 * np.pi * (np.arange(sides) + 0.5) / sides
    edge = np.column_stack([np.cos(turn), np.sin(turn)]) * size
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    ring = centre + edge @ np.array([[c, s], [-s, c]])
    rim = head.on(ring, lift[1])
    middle = head.on(centre[None], lift[0])
    fan = np.stack([np.repeat(middle, sides, 0), rim, np.roll(rim, -1, 0)], 1)
    # y grows to the left, which is the onlooker's right: the ring turns left for him.
    return facets(fan, colour).softened()


def _eye(head: Head, eyes: Eyes, skin: Array, iris: Array, sign: float) -> Mesh:
    k = eyes.size
    centre = np.array([sign * eyes.apart, EYE_Z])
    look = centre + np.array([-sign * 0.006 * k, -0.002])
    tilt = sign * eyes.tilt
    wide, tall = EYE_Y_M * k, EYE_Z_M * k
    parts = [
        _spot(head, centre, np.array([wide, tall]), (0.011, 0.001), SCLERA, 14, tilt),
        _spot(head, look, np.array([wide, tall]) * 0.74, (0.0145, 0.0095), iris, 12, tilt),
        _spot(head, look, np.array([wide, tall]) * 0.44, (0.0165, 0.0135), PUPIL, 10, tilt),
        _spot(
            head, look + np.array([0.016, 0.02]) * k, np.array([0.011, 0.013]) * k,
            (0.0185, 0.0175), SCLERA, 7,
        ),
    ]  # fmt: skip
    # The upper lid: the eye's oval from its top down to where the lid stands.
    lower = 1 - 2 * eyes.lid
    reach = np.arccos(np.clip(lower, -1, 1))
    turn = np.linspace(-reach, reach, 9)
    arc = np.column_stack([np.sin(turn) * (wide + 0.004), np.cos(turn) * (tall + 0.004)])
    droop = 0.010 * k * (1 - np.linspace(-1, 1, 9) ** 2)
    chord = np.column_stack([arc[:, 0], lower * tall + np.minimum(droop, arc[:, 1] - lower * tall)])
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    spin = np.array([[c, s], [-s, c]])
    arc, chord = arc @ spin + centre, chord @ spin + centre
    bulge = 0.005 + 0.013 * (1 - np.linspace(-1, 1, 9) ** 2)
    top, edge = head.on(arc, 0.002), head.on(chord, bulge)
    quads = np.stack([top[:-1], top[1:], edge[1:], edge[:-1]], 1)
    parts.append(facets(quads[:, ::-1], skin).softened())
    # A lash line makes an eye of a ball.
    thick = 0.014 if eyes.lashes else 0.009
    out = 1.16 if eyes.lashes else 1.04
    brim = (chord - centre) * np.array([out, 1.0]) + centre
    low = head.on(brim, bulge + 0.002)
    high = head.on(brim + np.array([0, thick]), bulge + 0.001)
    parts.append(facets(np.stack([low[:-1], high[:-1], high[1:], low[1:]], 1)[:, ::-1], LASH))
    return join(parts)


def _tube(points: Array, radius: Array, colour: Array, sides: int = 6) -> Mesh:
    """A round line through points (n, 3), its ends closed to a point."""
    along = np.gradient(points, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    out = np.cross(along, [0, 0, 1.0])
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    up = np.cross(out, along)
    turn = angles(sides)
    rings = points[:, None] + radius[:, None, None] * (
        np.cos(turn)[None, :, None] * up[:, None] + np.sin(turn)[None, :, None] * out[:, None]
    )
    low, high = rings[:-1], rings[1:]
    quads = np.stack([low, np.roll(low, -1, 1), np.roll(high, -1, 1), high], 2).reshape(-1, 4, 3)
    mesh = facets(quads, colour)
    first = mesh.vertices[mesh.triangles[0]]
    normal = np.cross(first[1] - first[0], first[2] - first[0])
    # Which way the line runs decides which way its skin looks.
    if np.dot(normal, first.mean(0) - points[0]) < 0:
        mesh = mesh.inside_out()
    return mesh.softened()


def _brow(head: Head, brows: Brows, apart: float, size: float, colour: Array, sign: float) -> Mesh:
    t = np.linspace(0, 1, 4)
    y = apart - 0.042 + 0.1 * t
    z = EYE_Z + EYE_Z_M * size + 0.032 + brows.rise + brows.arch * np.sin(np.pi * t)
    z = z + np.tan(np.radians(brows.tilt)) * (t - 0.4) * 0.1
    points = head.on(np.column_stack([sign * y, z]), 0.006)
    radius = brows.thick * 0.5 * np.array([0.7, 1.1, 0.95, 0.3])
    return _tube(points, radius, colour, 5)


def _mouth(head: Head, mouth: Mouth, shade: Array, lips: Array | None) -> Mesh:
    half = mouth.width / 2
    t = np.linspace(-1, 1, 7)
    base = 0.088
    if mouth.kind == "grin":
        upper = np.column_stack([t * half, base + 0.016 * t**2])
        lower = np.column_stack([t * half, base + 0.016 - 0.052 * (1 - t**2) ** 0.8])
        teeth = upper + (lower - upper) * 0.42
        parts = [
            _strip(head, upper, lower, 0.007, THROAT),
            _strip(head, upper, teeth, 0.0105, TEETH),
        ]
        if lips is not None:
            ends = np.concatenate([[0.2], np.full(5, 1.0), [0.2]])
            parts += [
                _tube(head.on(line, 0.006), 0.0085 * ends, lips, 5) for line in (upper, lower)
            ]
        return join(parts)
    bow = base + 0.02 * t**2
    if mouth.kind == "smirk":
        bow = base - 0.002 + 0.026 * ((t + 1) / 2) ** 2
    line = np.column_stack([t * half, bow])
    ends = np.concatenate([[0.45], np.full(5, 1.0), [0.45]])
    colour = shade if lips is None else lips
    return _tube(head.on(line, 0.004), (0.011 if lips is not None else 0.008) * ends, colour, 5)


def _strip(head: Head, upper: Array, lower: Array, lift: float, colour: Array) -> Mesh:
    """A band between two lines on the face, from the person's right to the left."""
    middle = (upper + lower) / 2
    rows = [head.on(line, lift) for line in (lower, middle, upper)]
    quads = [np.stack([low[:-1], low[1:], high[1:], high[:-1]], 1) for low, high in pairwise(rows)]
    return facets(np.concatenate(quads), colour).softened()


def _nose(head: Head, nose: Nose, skin: Array) -> Mesh:
    z = 0.158 - nose.drop
    x = float(head.front(np.zeros(1), np.array([z]))[0])
    tip = np.array([x + nose.size[0] * 0.55, 0, z])
    parts = [shapes.ball(nose.size, skin, 1).moved(tip).softened()]
    if nose.bridge > 0:
        top = float(head.front(np.zeros(1), np.array([0.245]))[0])
        start = np.array([top - 0.02, 0, 0.27])
        t = np.linspace(0, 1, 4)[:, None]
        line = start + (tip - start) * t
        line[:, 0] += 0.03 * nose.bridge * np.sin(np.pi * t[:, 0])
        width = nose.size[1] * np.array([0.3, 0.5, 0.6, 0.5])
        parts.append(_tube(line, width, skin, 7))
    return join(parts)


def _ears(face: Face, skin: Array, shade: Array) -> Mesh:
    k = face.ears
    rim = shapes.ring(8, 1.0, 0.0) * np.array([0.034, 0.058, 1.0]) * k
    rim = rim[:, [0, 2, 1]]
    tips = np.array([[0.004, 0.024, 0.0], [0.0, -0.024, 0.0]]) * k
    after = np.roll(rim, -1, 0)
    fans = [
        np.stack([np.broadcast_to(tip, rim.shape), *pair], 1)
        for tip, pair in zip(tips, ((after, rim), (rim, after)), strict=True)
    ]
    ear = facets(np.concatenate(fans), skin).softened()
    one = ear.tinted(0.9 + 0.1 * shade / np.maximum(skin, 1e-6))
    one = one.mapped(turned((0, 0, 14))).moved((-0.012, 0.236 + 0.008 * k, 0.19))
    return join([one, one.mapped(np.diag([1.0, -1, 1]))])


def build_face(face: Face, palette: Palette) -> list[Shell]:
    """The head and all that is on it but hair; the ears are a region of their own."""
    head = Head(face)
    skin, shade = palette[face.skin], palette[face.shade]
    blush = 0.45 * skin + 0.55 * palette[face.blush]
    parts = [_nose(head, face.nose, skin * 0.93 + shade * 0.07)]
    parts.append(_mouth(head, face.mouth, shade * 0.45, _paint(palette, face.mouth.lips)))
    for sign in (1.0, -1.0):
        parts.append(_eye(head, face.eyes, shade, palette[face.eyes.colour], sign))
        parts.append(
            _brow(
                head, face.brows, face.eyes.apart, face.eyes.size, palette[face.brows.colour], sign
            )
        )
        cheek = np.array([sign * 0.135, 0.128])
        parts.append(_spot(head, cheek, np.array([0.038, 0.027]), (0.006, 0.0025), blush, 10))
        if face.lines:
            t = np.linspace(0, 1, 4)
            side = face.mouth.width / 2
            line = np.column_stack([sign * (side + 0.012 + 0.012 * t), 0.152 - 0.06 * t])
            thin = 0.006 * face.lines * np.array([0.3, 1, 1, 0.3])
            parts.append(_tube(head.on(line, 0.002), thin, shade, 4))
    if face.freckles is not None:
        parts.append(_freckles(head, palette[face.freckles]))
    mesh = join(parts)
    return [
        head.shell(skin),
        rigid(mesh.moved(at("head")), "head", "head"),
        rigid(_ears(face, skin, shade).moved(at("head")), "head", "ears"),
    ]


def _paint(palette: Palette, name: str | None) -> Array | None:
    return None if name is None else palette[name]


def _freckles(head: Head, colour: Array) -> Mesh:
    spots = [(0.085, 0.15), (0.11, 0.168), (0.14, 0.158), (0.06, 0.172), (0.118, 0.138)]
    mesh = EMPTY
    for y, z in spots:
        for sign in (1.0, -1.0):
            spot = _spot(
                head, np.array([sign * y, z]), np.array([0.007, 0.006]), (0.0075, 0.006), colour, 5
            )
            mesh = join([mesh, spot])
    return mesh
