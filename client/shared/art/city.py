"""A city as a model village: sky, far skyline, the clock tower, the bridge."""

from __future__ import annotations

import math

from pen import disc, line, n, path, poly, rect


def sky() -> list[str]:
    out = ['<rect x="60" y="60" width="680" height="420" fill="url(#gate-sky)"/>']
    for radius, strength in ((190, 0.16), (130, 0.22), (84, 0.35)):
        out.append(disc("glow", 478, 352, radius, f' opacity="{strength}"'))
    out.append(disc("sun", 478, 352, 50))
    for x, y, w, strength in ((150, 206, 150, 0.75), (196, 188, 90, 0.75), (560, 232, 128, 0.6),
                              (604, 216, 84, 0.6), (330, 132, 110, 0.45), (372, 146, 130, 0.45)):  # fmt: skip
        out.append(rect("sun", x, y, w, 13, f' rx="6.5" opacity="{strength}"'))
    return out


def far_city() -> list[str]:
    base = 436
    out = []
    blocks = [(70, 34, 40), (104, 26, 62), (128, 40, 36), (262, 30, 52), (296, 26, 70),
              (520, 24, 64), (640, 28, 72), (668, 34, 46), (700, 40, 60)]  # fmt: skip
    for x, w, h in blocks:
        out.append(rect("far", x, base - h, w, h))
    # St Paul's: drum, dome, lantern, two west towers.
    out.append(rect("far", 300, base - 58, 100, 58))
    out.append(rect("far", 326, base - 92, 48, 40))
    out.append(path("far", f"M320 {base - 90}a30 40 0 0 1 60 0z"))
    out.append(rect("far", 345, base - 146, 10, 22))
    out.append(poly("far", (343, base - 144), (357, base - 144), (350, base - 164)))
    for x in (303, 385):
        out.append(rect("far", x, base - 84, 12, 30))
        out.append(poly("far", (x - 1, base - 83), (x + 13, base - 83), (x + 6, base - 100)))
    # The Shard, and the Gherkin.
    out.append(poly("far", (668, base), (690, base - 178), (697, base - 168), (716, base)))
    out.append(path("far", f"M538 {base}c-8-60 0-96 15-112 15 16 23 52 15 112z"))
    # The Eye, a moon gate of its own.
    out.append(
        f'<g fill="none" stroke="var(--far)"><circle cx="146" cy="{base - 72}" r="66" '
        f'stroke-width="6"/>'
    )
    spokes = "".join(
        f"M146 {base - 72}L{n(146 + 64 * math.cos(a))} {n(base - 72 + 64 * math.sin(a))}"
        for a in (math.pi * k / 8 for k in range(16))
    )
    out.append(f'<path stroke-width="1.6" d="{spokes}"/>')
    out.append(
        f'<path stroke-width="6" d="M146 {base - 72}L120 {base}M146 {base - 72}L172 {base}"/>'
    )
    out.append("</g>")
    return out


def elizabeth_tower(x: float, base: float) -> list[str]:
    """The clock tower; `x` is its middle, `base` the ground."""
    w, top = 25, base - 205
    out = [
        rect("stone-1", x - w, top, 2 * w, base - top),
        rect("stone-2", x + 4, top, w - 4, base - top),
    ]
    for k in range(5):
        y = base - 28 - 25 * k
        for dx in (-17, -7, 9, 18):
            out.append(rect("stone-3", x + dx - 2, y - 14, 4, 16, ' opacity=".55"'))
    out += [
        rect("stone-1", x - w - 5, top - 50, 2 * w + 10, 56),
        rect("stone-2", x + 6, top - 50, w - 1, 56),
        rect("stone-3", x - w - 7, top + 3, 2 * w + 14, 6),
        disc("cobalt-deep", x, top - 22, 21),
        disc("sun", x, top - 22, 18),
        line("ink", 2.6, f"M{n(x)} {n(top - 22)}v-13M{n(x)} {n(top - 22)}l8 6"),
        poly("roof", (x - w - 5, top - 50), (x + w + 5, top - 50), (x + 10, top - 84),
             (x - 10, top - 84)),
        poly("roof-2", (x + 4, top - 50), (x + w + 5, top - 50), (x + 10, top - 84),
             (x + 2, top - 84)),
        rect("stone-1", x - 10, top - 98, 20, 14),
        rect("stone-2", x + 2, top - 98, 8, 14),
        poly("roof", (x - 13, top - 98), (x + 13, top - 98), (x, top - 146)),
        poly("roof-2", (x + 2, top - 98), (x + 13, top - 98), (x, top - 146)),
    ]  # fmt: skip
    return out


def parliament(x: float, base: float) -> list[str]:
    out = [rect("stone-1", x, base - 62, 150, 62), poly("roof", (x - 3, base - 62),
           (x + 153, base - 62), (x + 142, base - 80), (x + 8, base - 80))]  # fmt: skip
    for k in range(9):
        out.append(rect("stone-2", x + 6 + 16.4 * k, base - 52, 8, 44))
        out.append(rect("window", x + 8 + 16.4 * k, base - 48, 4, 14))
        out.append(rect("window", x + 8 + 16.4 * k, base - 28, 4, 14))
    for dx in (0, 72, 146):
        out.append(rect("stone-1", x + dx - 4, base - 84, 9, 84))
        out.append(poly("roof-2", (x + dx - 5, base - 84), (x + dx + 6, base - 84),
                        (x + dx + 0.5, base - 104)))  # fmt: skip
    return out


def embankment() -> list[str]:
    return [
        rect("stone-3", 60, 438, 292, 17),
        rect("stone-2", 60, 436, 292, 6),
        *(
            disc("leaf-2", x, 433, r)
            for x, r in ((84, 9), (100, 12), (116, 9), (180, 10), (196, 8))
        ),
    ]


def bridge_tower(x: float, deck: float) -> list[str]:
    """One of Tower Bridge's two towers; `x` is its middle."""
    w, top = 31, deck - 152
    out = [
        poly(
            "stone-3",
            (x - 46, deck + 44),
            (x + 46, deck + 44),
            (x + 40, deck + 4),
            (x - 40, deck + 4),
        ),
        rect("stone-1", x - w, top, 2 * w, deck - top),
        rect("stone-2", x + 6, top, w - 6, deck - top),
        # the arch that the road goes through
        path("roof-2", f"M{n(x - 15)} {n(deck)}v-34a15 17 0 0 1 30 0v34z"),
        rect("stone-3", x - w - 3, deck - 66, 2 * w + 6, 4),
        rect("stone-3", x - w - 3, top + 44, 2 * w + 6, 4),
    ]
    for y in (deck - 84, deck - 104, top + 26):
        for dx in (-14, 0, 14):
            out.append(path("window", f"M{n(x + dx - 4)} {n(y + 12)}v-10a4 5 0 0 1 8 0v10z"))
    out.append(
        poly("roof", (x - w + 4, top), (x + w - 4, top), (x + 8, top - 50), (x - 8, top - 50))
    )
    out.append(poly("roof-2", (x + 4, top), (x + w - 4, top), (x + 8, top - 50), (x + 1, top - 50)))
    out.append(line("roof-2", 3, f"M{n(x)} {n(top - 50)}v-20"))
    for dx in (-w, w):
        out.append(
            rect("stone-1" if dx < 0 else "stone-2", x + dx - 7, top - 10, 14, deck - top + 10)
        )
        out.append(poly("roof", (x + dx - 9, top - 10), (x + dx + 9, top - 10), (x + dx, top - 48)))
        out.append(poly("roof-2", (x + dx, top - 10), (x + dx + 9, top - 10), (x + dx, top - 48)))
    return out


def tower_bridge() -> list[str]:
    deck, left, right = 462, 392, 582
    high = deck - 134
    out = [
        # walkways up high
        rect("cobalt", left, high, right - left, 9),
        rect("wall", left, high + 9, right - left, 5),
        rect("cobalt", left, high + 14, right - left, 4),
    ]
    # suspended side spans
    for tower, shore, sign in ((left, 272, -1), (right, 738, 1)):
        start = tower + sign * 31
        middle = (start + shore) / 2
        out.append(
            line(
                "cobalt",
                7,
                f"M{n(start)} {n(high - 2)}Q{n(middle)} {n(deck - 18)} {n(shore)} {n(deck - 14)}",
            )
        )
        hangers = ""
        for k in range(1, 8):
            t = k / 8
            x = start + (shore - start) * t
            y = (1 - t) ** 2 * (high - 2) + 2 * t * (1 - t) * (deck - 18) + t * t * (deck - 14)
            hangers += f"M{n(x)} {n(y)}V{n(deck)}"
        out.append(line("cobalt", 2.4, hangers))
    out += [
        rect("stone-2", 262, deck - 30, 20, 74),
        rect("stone-3", 274, deck - 30, 8, 74),
        rect("stone-2", 262, deck, 498, 5),
        rect("cobalt", 272, deck + 5, 488, 9),
        line("sun", 1.6, "M276 472H760", ' stroke-dasharray="5 7" opacity=".8"'),
    ]
    out += bridge_tower(left, deck) + bridge_tower(right, deck)
    # a red bus on its way home
    bus = 656
    out += [
        rect("kerb", bus, deck - 33, 50, 31, ' rx="4"'),
        rect("window", bus + 4, deck - 29, 42, 8, ' rx="1.5"'),
        rect("window", bus + 4, deck - 17, 34, 7, ' rx="1.5"'),
        disc("roof-2", bus + 11, deck - 2, 5),
        disc("roof-2", bus + 39, deck - 2, 5),
    ]
    return out
