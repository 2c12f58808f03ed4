"""Draws the picture in the moon gate: `python client/shared/art/draw_gate.py`.

A model-village city under a low sun, in the flat facets of the game, framed by a plate's rim,
with the willow, the birds and the boat of willow-pattern ware. Colours are the page's own
custom properties, so the same picture turns to evening in the dark theme. Units are the
drawing's own: the picture is 800 across, the gate's middle at (400, 400).
"""

from __future__ import annotations

import math
import random
from pathlib import Path

from city import elizabeth_tower, embankment, far_city, parliament, sky, tower_bridge
from pen import disc, gradient, line, n, path, poly, rect

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[2] / "src/moongate/site/templates/site/gate.svg"
MIDDLE = 400
OPENING = 330  # radius of the hole in the wall
RIM = 392  # radius of the plate's rim


def water(rng: random.Random) -> list[str]:
    out = ['<rect x="60" y="434" width="680" height="230" fill="url(#gate-water)"/>']
    glints = ""
    for k in range(26):
        y = 446 + 5.2 * k
        spread = 22 + 2.1 * k
        x = 478 + rng.uniform(-spread, spread)
        w = rng.uniform(12, 46) * (0.6 + k / 30)
        glints += f"M{n(x - w / 2)} {n(y)}h{n(w)}"
    out.append(line("glint", 3.2, glints, ' class="glints"'))
    ripples = ""
    for _k in range(22):
        y = rng.uniform(486, 590)
        x = rng.choice((rng.uniform(80, 380), rng.uniform(580, 720)))
        ripples += f"M{n(x)} {n(y)}h{n(rng.uniform(16, 44))}"
    out.append(line("water-1", 2.2, ripples, ' opacity=".45"'))
    return out


def boat() -> list[str]:
    """The willow pattern's little boat."""
    return [
        '<g class="boat">',
        path("pattern", "M214 534c26 14 78 14 112-6-8 20-28 27-56 27s-46-7-56-21z"),
        path("wall", "M248 533c2-16 12-24 26-24s22 8 24 22z"),
        line("pattern", 3, "M248 533c2-16 12-24 26-24s22 8 24 22M258 532c0-10 3-18 6-22"
             "M286 532c0-10-3-18-6-22M272 532v-24"),
        line("pattern", 3, "M304 528l6-30M310 498c-10 4-14 10-15 20"),
        line("water-1", 2.4, "M196 560h44M262 566h66", ' opacity=".7"'),
        "</g>",
    ]  # fmt: skip


def tree(x: float, base: float, size: float, rng: random.Random) -> list[str]:
    """A round tree in flat facets; `size` is the crown's radius."""
    top = base - 1.9 * size
    edge = [
        (
            x + size * math.cos(a) * rng.uniform(0.9, 1.06),
            top + size * math.sin(a) * rng.uniform(0.9, 1.06),
        )
        for a in (2 * math.pi * k / 9 - math.pi / 2 for k in range(9))
    ]
    heart = (x - size * 0.18, top - size * 0.12)
    out = [rect("stone-3", x - size * 0.11, base - size, size * 0.22, size)]
    for k in range(9):
        shade = (
            "leaf-2",
            "leaf-2",
            "leaf-3",
            "leaf-3",
            "leaf-3",
            "leaf-2",
            "leaf-1",
            "leaf-1",
            "leaf-1",
        )[k]
        out.append(poly(shade, edge[k], edge[(k + 1) % 9], heart))
    return out


def poplar(x: float, base: float, height: float) -> list[str]:
    w = height * 0.17
    return [
        poly(
            "leaf-1",
            (x, base - height),
            (x - w, base - height * 0.3),
            (x - w * 0.6, base),
            (x, base),
        ),
        poly(
            "leaf-3",
            (x, base - height),
            (x + w, base - height * 0.3),
            (x + w * 0.6, base),
            (x, base),
        ),
    ]


def bank(rng: random.Random) -> list[str]:
    out = [
        path("grass-2", "M60 560C150 546 210 574 300 586S520 590 600 562 700 540 760 548V760H60z"),
        path("grass-1", "M60 590C160 584 240 606 330 606S470 600 470 640 300 700 60 720z"),
        path("grass-1", "M620 566c50-14 90-16 140-12v120c-70 4-110-20-120-52s-50-44-20-56z"),
    ]
    # The road comes in from the foreground and bends away to the bridge.
    road = "M300 760C318 690 452 676 566 644 640 622 664 596 640 577 626 566 640 556 672 552L690 552C672 558 664 566 682 578 722 606 696 650 616 684 540 716 520 730 516 760z"
    kerb = "M288 760C306 682 448 668 562 637 628 617 648 594 632 580 612 564 630 553 672 549L694 549C680 556 676 562 692 574 740 606 706 658 620 692 546 722 530 734 528 760z"
    out.append(path("kerb", kerb))
    out.append(path("chalk", kerb, ' mask="url(#gate-kerb)"'))
    out.append(path("road", road))
    out.append(
        line(
            "chalk",
            3,
            "M404 760C420 716 520 694 594 664 668 634 690 604 660 578",
            ' stroke-dasharray="16 15" opacity=".75"',
        )
    )
    for x, base, size in ((96, 592, 34), (150, 604, 27), (716, 584, 26), (700, 640, 30)):
        out += tree(x, base, size, rng)
    for x, base, height in ((188, 600, 74), (212, 606, 58), (580, 578, 46), (560, 582, 36)):
        out += poplar(x, base, height)
    return out


def kart() -> list[str]:
    """The racer, drifting left, seen from behind; drawn about (0, 0), the ground under it."""
    smoke = [
        disc("chalk", x, y, r, f' opacity="{o}"')
        for x, y, r, o in (
            (84, -4, 17, 0.85),
            (104, -14, 14, 0.65),
            (122, -8, 10, 0.5),
            (64, 2, 12, 0.9),
            (138, -18, 7, 0.35),
        )
    ]
    return [
        '<g transform="translate(428 694) rotate(-7) scale(1.08)"><g class="kart">',
        '<ellipse cx="4" cy="6" rx="82" ry="13" fill="var(--road-2)"/>',
        *smoke,
        # wheels
        *(rect("tyre", x, y, w, h, f' rx="{r}"') for x, y, w, h, r in (
            (-78, -30, 26, 36, 8), (48, -34, 28, 40, 8), (-58, -44, 16, 24, 6), (44, -50, 15, 22, 6))),
        *(rect("road", x, y, 9, 20, ' rx="4"') for x, y in ((-70, -22), (58, -25))),
        # body: dark side, light top, the nose beyond
        poly("kart", (-56, -8), (54, -12), (60, -34), (46, -52), (-46, -48), (-62, -30)),
        poly("kart-2", (-62, -30), (60, -34), (46, -52), (-46, -48)),
        poly("chalk", (-10, -49), (8, -50), (14, -33), (-14, -31)),
        rect("sun", -50, -27, 15, 9, ' rx="3"'),
        rect("kerb", 38, -29, 15, 9, ' rx="3"'),
        rect("kerb", -53, -27, 5, 9, ' rx="2"'),
        disc("chalk", 1, -20, 11),
        line("tyre", 3.4, "M-3 -24l5 -3v14"),
        # seat, shoulders, helmet, scarf
        path("roof-2", "M-24 -44v-20a24 22 0 0 1 48 -1v20z"),
        path("jacket", "M-21 -58a21 17 0 0 1 42 -1l3 14h-48z"),
        path("sun", "M14 -66c20 -6 34 2 50 -6-8 14-26 18-48 16z"),
        disc("chalk", 0, -82, 22),
        path("helmet", "M-22 -82a22 22 0 0 1 44 0l-5 -2a60 60 0 0 0-34 0z"),
        line("jacket", 5, "M0 -104v20"),
        # rear wing
        poly("kart", (-60, -60), (-50, -60), (-46, -46), (-56, -46)),
        poly("kart", (50, -64), (60, -64), (56, -50), (46, -50)),
        "</g></g>",
    ]  # fmt: skip


def birds() -> list[str]:
    """The pair of doves, up where the sky is deep."""
    out = []
    for x, y, scale, turn in ((566, 150, 1.05, -8), (636, 190, 0.8, 14)):
        out.append(
            f'<g transform="translate({x} {y}) rotate({turn}) scale({scale})" fill="var(--pattern)">'
            '<path d="M0 0C-16-22-40-30-62-26-44-18-34-8-26 4L-40 22-20 14C-6 18 10 14 22 4L36 2 24-4C16-8 8-6 0 0z"/>'
            '<path d="M0 0C6-20 22-36 44-40 36-26 28-12 16-2z"/></g>'
        )
    return out


def fence() -> list[str]:
    """The willow pattern's crooked garden fence, at the visitor's feet."""
    d = "M120 648L166 630 196 650 244 628 274 646 322 632"
    low = "M120 674L166 656 196 676 244 654 274 672 322 658"
    posts = "".join(
        f"M{x} {y}v44" for x, y in ((166, 622), (196, 642), (244, 620), (274, 638), (322, 624))
    )
    rails = "M181 640v26M220 639v26M259 637v26M298 639v26"
    return [
        line("pattern", 5, d),
        line("pattern", 4, low),
        line("pattern", 6.5, posts),
        line("pattern", 3, rails),
    ]


def rim() -> list[str]:
    """The wall's opening as the rim of a plate: lines, a lattice band, four blossoms."""
    middle = (OPENING + RIM) / 2
    out = [
        f'<g fill="none"><circle cx="400" cy="400" r="{n(middle)}" stroke="var(--wall)" stroke-width="{RIM - OPENING}"/>',
        *(f'<circle cx="400" cy="400" r="{r}" stroke="var(--pattern)" stroke-width="{w}"/>'
          for r, w in ((331, 5), (341, 1.8), (381, 1.8), (390, 5))),
        "</g>",
    ]  # fmt: skip
    lattice, dots = "", ""
    count = 72
    for k in range(count):
        if k % 18 in (0, 1, 17):
            continue
        a = 2 * math.pi * k / count
        half = math.pi / count
        corners = [(361 + 18, a), (361, a + half), (361 - 18, a), (361, a - half)]
        points = [f"{n(400 + r * math.sin(t))} {n(400 - r * math.cos(t))}" for r, t in corners]
        lattice += f"M{points[0]}L{points[1]}L{points[2]}L{points[3]}z"
        dots += disc("pattern", 400 + 361 * math.sin(a), 400 - 361 * math.cos(a), 3.2)
    out.append(line("pattern", 2, lattice))
    out.append(dots)
    for k in range(4):
        a = math.pi / 2 * k
        x, y = 400 + 361 * math.sin(a), 400 - 361 * math.cos(a)
        for j in range(5):
            t = 2 * math.pi * j / 5 - math.pi / 2
            out.append(disc("pattern", x + 8.6 * math.cos(t), y + 8.6 * math.sin(t), 6.6))
        out.append(disc("wall", x, y, 4.4))
        for side in (-1, 1):
            b = a + side * 0.085
            lx, ly = 400 + 361 * math.sin(b), 400 - 361 * math.cos(b)
            turn = math.degrees(b)
            out.append(
                f'<ellipse cx="{n(lx)}" cy="{n(ly)}" rx="10" ry="4.6" fill="var(--pattern)" '
                f'transform="rotate({n(turn)} {n(lx)} {n(ly)})"/>'
            )
    return out


def willow(rng: random.Random) -> list[str]:
    """A bough over the gate's shoulder, its fronds hanging into the opening."""
    out = ['<g class="willow">']
    out.append(
        path(
            "pattern",
            "M-58 6C-20 40 40 18 130 16 200 14 226 52 276 60 318 68 348 66 384 46 350 86 296 92 246 78 196 62 172 40 110 40 50 42-10 62-58 6z",
        )
    )
    fronds = [(4, 38, 200, -16), (46, 36, 300, 6), (88, 32, 240, -10), (124, 32, 168, 10),
              (160, 38, 122, -6), (286, 76, 84, 8), (330, 76, 128, -6), (360, 64, 62, 6)]  # fmt: skip
    for k, (x, y, length, lean) in enumerate(fronds):
        stem, leaves = f"M{x} {y}", ""
        steps = max(5, int(length / 17))
        px, py = float(x), float(y)
        for j in range(1, steps + 1):
            t = j / steps
            qx = x + lean * math.sin(t * 2.4) + lean * t
            qy = y + length * t
            stem += f"L{n(qx)} {n(qy)}"
            for side in (-1, 1):
                reach = (15 + rng.uniform(-2, 3)) * (1.1 - 0.45 * t)
                tipx, tipy = qx + side * reach * 0.75, qy + reach * 1.05
                leaves += (
                    f"M{n(qx)} {n(qy)}Q{n(qx + side * reach * 0.75)} {n(qy + reach * 0.2)} {n(tipx)} {n(tipy)}"
                    f"Q{n(qx + side * reach * 0.1)} {n(qy + reach * 0.75)} {n(qx)} {n(qy)}z"
                )
            px, py = qx, qy
        leaves += f"M{n(px)} {n(py)}q5 9 0 20q-5-11 0-20z"
        out.append(f'<g class="frond frond-{k % 3}">')
        out.append(line("pattern", 2.2, stem))
        out.append(path("pattern", leaves))
        out.append("</g>")
    out.append("</g>")
    return out


def draw() -> str:
    rng = random.Random(1779)
    inside = [
        *sky(), *far_city(), *water(rng), *embankment(), *parliament(246, 440), *elizabeth_tower(240, 446),
        *tower_bridge(), *boat(), *bank(rng), *fence(), *kart(), *birds(),
    ]  # fmt: skip
    kerb = '<rect x="60" y="540" width="680" height="230" fill="#000"/>' + (
        '<path d="M408 770C424 712 522 690 592 662 676 630 700 600 664 574" fill="none" '
        'stroke="#fff" stroke-width="300" stroke-dasharray="15 15"/>'
    )
    return "\n".join(
        [
            '<svg class="gate" viewBox="0 0 800 800" role="img" aria-labelledby="gate-title">',
            '<title id="gate-title">{% translate "A round gate in a white garden wall; beyond it a '
            'toy city by a river, and a small green kart drifting towards a bridge with two towers." %}'
            "</title>",
            "<defs>",
            gradient("gate-sky", [(0, "sky-1"), (0.42, "sky-2"), (0.72, "sky-3"), (0.9, "sky-4")]),
            gradient("gate-water", [(0, "water-1"), (0.3, "water-2"), (0.75, "water-3")]),
            f'<clipPath id="gate-hole"><circle cx="400" cy="400" r="{OPENING}"/></clipPath>',
            f'<mask id="gate-kerb" maskUnits="userSpaceOnUse" x="60" y="540" width="680" height="230">{kerb}</mask>',
            "</defs>",
            '<g clip-path="url(#gate-hole)">',
            *inside,
            "</g>",
            *rim(),
            *willow(rng),
            "</svg>",
            "",
        ]
    )


if __name__ == "__main__":
    TARGET.write_text(draw())
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1024:.0f} KiB")
