"""Houses: a front along x that looks towards −y, standing on z = 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join, turned
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.geometry.shapes import box, gable, panes, slab, taper
from moongate.race.editions.track_schema import Style

# Far enough from the wall not to flicker at the end of the street.
PROUD_M = 0.1
FRAME_M = 0.2
FRAME_BACK_M = 0.05


@dataclass(frozen=True)
class Plot:
    """Where a house stands: width and depth in m, and how many storeys."""

    width: float
    depth: float
    storeys: int


@dataclass(frozen=True)
class Looks:
    """The colours of one house."""

    wall: Array
    roof: Array
    trim: Array
    pane: Array
    door: Array
    lit: Array


def choose_plot(style: Style, random: np.random.Generator, taller: float = 0.0) -> Plot:
    """A plot within the bounds of a style; `taller` adds storeys in proportion."""
    low, high = style.storeys
    storeys = int(random.integers(low, high + 1))
    return Plot(
        float(random.uniform(*style.width)),
        float(random.uniform(*style.depth)),
        round(storeys * (1 + taller)),
    )


def house(style: Style, plot: Plot, palette: Palette, random: np.random.Generator) -> Mesh:
    """One house of a style."""

    def pick(names: list[str]) -> Array:
        return palette[names[int(random.integers(len(names)))]]

    looks = Looks(
        pick(style.walls) * random.uniform(0.92, 1.08),
        pick(style.roofs),
        pick(style.trims),
        pick(style.windows),
        pick(style.doors),
        palette[style.lit],
    )
    make = {
        "terrace": _terrace, "block": _block, "tower": _tower, "shed": _shed, "tenement": _tenement,
    }[style.kind]  # fmt: skip
    return make(style, plot, looks, random)


def _panes(
    plot: Plot, style: Style, looks: Looks, size: tuple[float, float], base: float,
    random: np.random.Generator, storeys: int, columns: int, framed: bool = False,
) -> Mesh:  # fmt: skip
    quads = panes(columns, storeys, (plot.width, storeys * style.storey), size)
    quads += [0, -plot.depth / 2 - PROUD_M, base]
    lit = random.random(len(quads)) < style.lit_share
    parts = [facets(quads[~lit], looks.pane)]
    if lit.any():
        parts.append(facets(quads[lit], looks.lit, glow=0.85))
    if framed:
        around = quads - quads.mean(1, keepdims=True)
        grown = quads + np.sign(around) * FRAME_M + np.array([0, FRAME_BACK_M, 0])
        parts.append(facets(grown, looks.trim))
    return join(parts)


def _flanks(plot: Plot, style: Style, colour: Array) -> Mesh:
    """A few windows in the two side walls, for houses that stand at a corner."""
    rows = plot.storeys - 1
    quads = panes(2, rows, (plot.depth * 0.8, rows * style.storey), (0.9, 1.6))
    side = facets(quads + np.array([0, -plot.width / 2 - PROUD_M, 3.4]), colour)
    return join(side.mapped(turned((0, 0, turn))) for turn in (90, -90))


def _terrace(style: Style, plot: Plot, looks: Looks, random: np.random.Generator) -> Mesh:
    wall, roof, trim, pane = looks.wall, looks.roof, looks.trim, looks.pane
    w, d = plot.width, plot.depth
    tall = plot.storeys * style.storey + 0.8
    columns = max(2, int(w // 2.6))
    parts = [
        box((w, d, tall), wall),
        box((w, 0.3, 3.4), trim).moved((0, -d / 2 - 0.02, 0)),
        box((w + 0.2, 0.7, 0.45), trim).moved((0, -d / 2, tall - 0.5)),
        _panes(plot, style, looks, (1.15, 1.8), 3.4, random, plot.storeys - 1, columns, True),
        _flanks(plot, style, pane),
        box((w, 0.35, 0.35), trim).moved((0, -d / 2, 3.4)),
    ]
    door = panes(columns, 1, (w, 2.6), (1.2, 2.5)) + np.array([0, -d / 2 - 0.27, 0])
    parts.append(facets(door, np.where(np.arange(columns)[:, None] % 2 == 0, looks.door, pane)))
    ridge = float(random.uniform(2.4, 3.6))
    if random.random() < 0.3:
        # A gable to the street, as Dutch towns have it.
        front = gable((d, w, ridge * 1.15), roof, wall).mapped(turned((0, 0, 90)))
        parts.append(front.moved((0, 0, tall)))
    else:
        parts.append(gable((w, d + 0.5, ridge), roof, wall).moved((0, 0, tall)))
    stack = box((1.0, 0.9, 1.9), wall * 0.85)
    parts.append(stack.moved((w / 2 - 0.7, float(random.uniform(-1, 1)), tall + ridge - 1.0)))
    return join(parts)


def _block(style: Style, plot: Plot, looks: Looks, random: np.random.Generator) -> Mesh:
    wall, roof, trim, pane = looks.wall, looks.roof, looks.trim, looks.pane
    w, d, tall = plot.width, plot.depth, plot.storeys * style.storey + 1.2
    parts = [
        box((w, d, tall), wall),
        box((w + 0.5, d + 0.5, 0.6), trim).moved((0, 0, tall)),
        box((w * 0.4, d * 0.4, 2.2), roof).moved((w * 0.12, 0, tall + 0.6)),
        box((w, 0.3, 3.6), trim).moved((0, -d / 2, 0)),
    ]
    for k in range(1, plot.storeys):
        z = k * style.storey + 1.0
        band = panes(1, 1, (w, 2.0), (w * 0.9, style.storey * 0.5))
        band += np.array([0, -d / 2 - PROUD_M, z])
        for turn, half in ((0, d), (180, d), (90, w), (-90, w)):
            face = band.copy()
            if half == w:
                face[:, :, 0] *= d / w
                face[:, :, 1] = -w / 2 - PROUD_M
            parts.append(facets(face, pane).mapped(turned((0, 0, turn))))
    return join(parts)


def _tower(style: Style, plot: Plot, looks: Looks, random: np.random.Generator) -> Mesh:
    wall, trim, pane = looks.wall, looks.trim, looks.pane
    w, d, tall = plot.width, plot.depth, plot.storeys * style.storey
    slim = float(random.uniform(0.6, 1.0))
    parts = [taper((w, d, tall), (w * slim, d * slim), pane)]
    for k in range(2, plot.storeys, 3):
        t = k / plot.storeys
        s = 1 + (slim - 1) * t
        parts.append(box((w * s + 0.5, d * s + 0.5, 0.9), wall).moved((0, 0, tall * t)))
    parts.append(taper((w * slim, d * slim, 5), (w * slim * 0.7, 0.0), trim).moved((0, 0, tall)))
    return join(parts)


def _shed(style: Style, plot: Plot, looks: Looks, random: np.random.Generator) -> Mesh:
    wall, roof, trim = looks.wall, looks.roof, looks.trim
    w, d, tall = plot.width, plot.depth, plot.storeys * style.storey
    columns = max(2, int(w // 4))
    return join(
        [
            box((w, d, tall), wall),
            gable((w, d + 0.6, d * 0.32), roof, wall).moved((0, 0, tall)),
            _panes(plot, style, looks, (1.8, 2.0), 0.2, random, plot.storeys, columns),
            box((w, 0.25, 0.5), trim).moved((0, -d / 2, tall - 0.5)),
        ]
    )


def _crow_steps(width: float, rise: float, steps: int = 3) -> list[list[float]]:
    """Outline of a gable whose edges climb in steps, as Scottish masons build them."""
    right = []
    for k in range(steps):
        x = width / 2 * (1 - k / steps)
        right += [[x, rise * k / steps], [x, rise * (k + 1) / steps]]
    left = [[-x, z] for x, z in reversed(right)]
    return [[-width / 2, -0.5], [width / 2, -0.5], *right, *left]


def _tenement(style: Style, plot: Plot, looks: Looks, random: np.random.Generator) -> Mesh:
    """Storeys over a painted shop front, crow-stepped gables, chimneys with their pots."""
    wall, roof, trim, pane = looks.wall, looks.roof, looks.trim, looks.pane
    w, d, tall = plot.width, plot.depth, plot.storeys * style.storey + 0.6
    columns = max(2, int(w // 2.7))
    rise = float(random.uniform(4.0, 5.2))
    parts = [
        box((w, d, tall), wall),
        box((w - 0.5, 0.4, 3.3), looks.door).moved((0, -d / 2, 0)),
        box((w, 0.5, 0.4), trim).moved((0, -d / 2, 3.3)),
        _panes(plot, style, looks, (1.05, 1.8), 3.9, random, plot.storeys - 1, columns),
    ]
    window = panes(max(1, columns - 1), 1, (w - 1.2, 2.9), (1.7, 1.9))
    window += np.array([0, -d / 2 - 0.3, 0.1])
    open_late = random.random() < min(1.0, 2.5 * style.lit_share)
    shown = looks.lit if open_late else pane
    parts.append(facets(window, shown, glow=0.85 if open_late else 0.0))
    if random.random() < 0.5:
        steps = slab(_crow_steps(w, rise * 1.25), 0.5, wall).moved((0, -d / 2 + 0.25, tall))
        attic = panes(1, 1, (w, 2.2), (0.9, 1.4)) + np.array([0, -d / 2 - PROUD_M, tall + 0.4])
        ridge = gable((d, w - 0.6, rise * 1.15), roof, wall).mapped(turned((0, 0, 90)))
        parts += [steps, facets(attic, pane), ridge.moved((0, 0, tall))]
    else:
        parts.append(gable((w - 0.6, d + 0.4, rise), roof, wall).moved((0, 0, tall)))
        ends = slab(_crow_steps(d, rise * 1.1), 0.5, wall).mapped(turned((0, 0, 90)))
        parts += [ends.moved((side * (w / 2 - 0.25), 0, tall)) for side in (-1, 1)]
    stack = box((0.9, 2.6, 2.4), wall * 0.9)
    pots = box((0.35, 1.9, 0.7), trim)
    for side in (-1, 1):
        top = (side * (w / 2 - 0.55), 0.6, tall + rise - 0.9)
        parts += [stack.moved(top), pots.moved((top[0], top[1], top[2] + 2.4))]
    return join(parts)
