"""Draws the four round windows of the home page: `python client/shared/art/draw_windows.py`.

The open gate is in full colour. Gates that open later are painted in blue on white, as on a
plate: one sees what they will be, and that they are not there yet. 240 units across.
"""

from __future__ import annotations

import math

from draw_gate import TARGET
from pen import disc, line, n, path, poly, rect

FOLDER = TARGET.parent


def race() -> list[str]:
    out = [
        '<rect width="240" height="240" fill="url(#w-race-sky)"/>',
        disc("glow", 84, 104, 52, ' opacity=".45"'),
        disc("sun", 84, 104, 26),
    ]
    for x, w, h in ((0, 26, 26), (26, 18, 44), (50, 22, 30), (180, 18, 34), (204, 36, 22)):
        out.append(rect("far", x, 134 - h, w, h))
    out.append(path("far", "M120 134V96a18 22 0 0 1 36 0v38z"))
    out.append(rect("far", 135, 62, 6, 16))
    out.append(rect("grass-2", 0, 132, 240, 108))
    out.append(path("grass-1", "M0 150C50 138 96 146 130 160S90 220 0 214z"))
    kerb = (
        "M34 250C44 196 96 188 146 176S206 146 176 132H200C240 150 222 186 176 202S120 226 122 250z"
    )
    out.append(path("kerb", kerb))
    out.append(
        path(
            "road",
            "M42 250C54 202 100 194 150 182S208 148 180 132H194C226 150 212 180 170 196S112 222 112 250z",
        )
    )
    out.append(
        line(
            "chalk",
            2.4,
            "M80 240C88 206 120 202 160 188S208 156 190 138",
            ' stroke-dasharray="9 9" opacity=".8"',
        )
    )
    for x, b, s in ((24, 156, 17), (56, 148, 11), (222, 160, 18)):
        out.append(rect("stone-3", x - 2, b - 10, 4, 12))
        out.append(disc("leaf-2", x, b - 18, s))
        out.append(path("leaf-1", f"M{x - s} {b - 18}a{s} {s} 0 0 1 {s} -{s}v{s}z"))
    # the kart, side on and leaning
    out += [
        '<g transform="translate(118 196) rotate(-9)">',
        '<ellipse cx="0" cy="8" rx="46" ry="6" fill="var(--road-2)"/>',
        *(disc("chalk", x, y, r, f' opacity="{o}"') for x, y, r, o in ((52, 0, 9, 0.9), (64, -5, 7, 0.7), (75, -1, 5, 0.5))),
        path("kart", "M-48 0l4-10 24-8 10 2h34l10-10h8v26z"),
        path("kart-2", "M-44-10l24-8 10 2h34l10-10h8l-1 10-40 6z"),
        disc("tyre", -28, 0, 11), disc("road", -28, 0, 4.5), disc("tyre", 30, -1, 12), disc("road", 30, -1, 5),
        path("jacket", "M-8-16c0-12 6-18 14-18s13 7 13 18z"),
        disc("chalk", 4, -40, 11), path("helmet", "M-7-40a11 11 0 0 1 22 0l-8-2-14 1z"),
        line("sun", 4, "M14-32c10-3 14 2 22-2"),
        disc("chalk", 2, -6, 6), line("tyre", 1.8, "M0-8l3-2v8"),
        "</g>",
    ]  # fmt: skip
    return out


def fashion() -> list[str]:
    out = []
    # cloth on a rail, behind
    for x, c in ((34, "blue-3"), (58, "blue-2"), (82, "blue-4")):
        out.append(path(c, f"M{x} 66h20v96q-10 8-20 0z"))
        out.append(line("pattern", 2, f"M{x + 7} 72v86M{x + 13} 72v88"))
    out.append(line("pattern", 4, "M22 64H112M28 64v136M20 200h18"))
    # the figure, in a coat of check
    coat = "M132 78c-16 6-26 18-28 34l-6 70q40 18 92 0l-8-70c-2-16-10-28-24-34q-12 10-26 0z"
    out.append(f'<clipPath id="w-coat"><path d="{coat}"/></clipPath>')
    out.append(path("blue-4", coat))
    out.append('<g clip-path="url(#w-coat)">')
    for k in range(7):
        out.append(line("blue-2", 7, f"M{96 + 17 * k} 60V220", ' opacity=".75"'))
        out.append(line("blue-2", 7, f"M80 {74 + 19 * k}H210", ' opacity=".55"'))
        out.append(line("pattern", 1.8, f"M{104 + 17 * k} 60V220M80 {83 + 19 * k}H210"))
    out.append("</g>")
    out.append(line("pattern", 3.4, coat))
    out.append(line("pattern", 3, "M145 84v102M145 84l-16 26M145 84l17 26"))
    out.append(path("pattern", "M135 78V58q10-8 20 0v20q-10 8-20 0z"))
    out.append(disc("pattern", 145, 50, 8))
    out.append(line("pattern", 4.5, "M145 190v30M122 222q23-10 46 0"))
    for y in (122, 140, 158):
        out.append(disc("wall", 151, y, 3.2))
    return out


def health() -> list[str]:
    out = []
    # a quiet garden: moon, hills, water lines
    out.append(disc("blue-4", 164, 70, 30))
    out.append(path("blue-4", "M0 150c40-34 70-30 104-8s82 6 136-16v40H0z"))
    out.append(line("blue-3", 3, "M10 176h60M26 188h30M176 180h50M190 192h28"))
    # the bowl
    out.append(path("wall", "M60 132h120c0 44-26 66-60 66s-60-22-60-66z"))
    out.append(path("blue-3", "M60 132h120q-2 10-4 16H64q-3-6-4-16z"))
    out.append(line("pattern", 4, "M60 132h120c0 44-26 66-60 66s-60-22-60-66z"))
    out.append(path("pattern", "M92 196h56l6 16H86z"))
    # a heartbeat round the bowl
    out.append(line("pattern", 4, "M68 168h24l8-14 12 30 10-40 10 30 6-6h34"))
    # steam that becomes a sprig
    out.append(line("pattern", 3.4, "M100 118c-12-16 10-24 0-42M140 118c12-16-10-24 0-42"))
    out.append(line("pattern", 3.4, "M120 120C118 90 124 62 120 34"))
    for y, side in ((100, 1), (90, -1), (78, 1), (66, -1), (54, 1), (44, -1)):
        leaf = f"M120 {y}q{side * 8} -18 {side * 25} -17q{side * -4} 16 {side * -25} 17z"
        out.append(path("blue-2" if side > 0 else "pattern", leaf))
    return out


def awards() -> list[str]:
    out = []
    # beams over a stage
    for a in (-0.62, -0.2, 0.2, 0.62):
        x = 120 + 230 * math.tan(a)
        out.append(poly("blue-4", (120, 4), (x - 24, 190), (x + 24, 190), more=' opacity=".9"'))
    out.append(rect("blue-3", 0, 186, 240, 54))
    out.append(path("blue-2", "M52 204h136l10 14H42z"))
    out.append(path("pattern", "M42 218h156v8H42z"))
    out.append(path("wall", "M84 176h72v30H84z"))
    out.append(line("pattern", 3.6, "M84 176h72v30H84z"))
    # laurel
    for side in (-1, 1):
        stem = (
            f"M{120 + side * 6} 168C{120 + side * 66} 158 {120 + side * 70} 84 {120 + side * 40} 48"
        )
        out.append(line("pattern", 3.4, stem))
        for k in range(8):
            t = 0.12 + k * 0.115
            b = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3]
            x = b[0] * 6 + b[1] * 66 + b[2] * 70 + b[3] * 40
            y = b[0] * 168 + b[1] * 158 + b[2] * 84 + b[3] * 48
            heading = -20 - 105 * t
            for turn, tint in ((36, "pattern"), (-40, "blue-2")):
                angle = heading + turn if side > 0 else 180 - heading - turn
                out.append(
                    f'<path fill="var(--{tint})" transform="translate({n(120 + side * x)} {n(y)}) rotate({n(angle)})" d="M0 0q11-8 24 0-13 8-24 0z"/>'
                )
    # a star above the lectern
    points = []
    for k in range(10):
        r = 32 if k % 2 == 0 else 13.5
        t = math.pi * k / 5 - math.pi / 2
        points.append((120 + r * math.cos(t), 108 + r * math.sin(t)))
    out.append(
        poly(
            "wall",
            *points,
            more=' stroke="var(--pattern)" stroke-width="4" stroke-linejoin="round"',
        )
    )
    out.append(poly("pattern", points[0], points[1], (120, 108), points[9]))
    for k in (2, 4, 6, 8):
        out.append(poly("blue-3", points[k], points[(k + 1) % 10], (120, 108)))
    out.append(line("pattern", 3, "M98 190h44M104 198h32"))
    return out


def framed(slug: str, inside: list[str], *, colour: bool) -> str:
    ring = "green" if colour else "pattern"
    ticks = "".join(
        f"M{n(120 + 108.5 * math.sin(a))} {n(120 - 108.5 * math.cos(a))}L{n(120 + 114.5 * math.sin(a))} {n(120 - 114.5 * math.cos(a))}"
        for a in (2 * math.pi * k / 60 for k in range(60))
    )
    sky = (
        '<linearGradient id="w-race-sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="var(--sky-1)"/>'
        '<stop offset=".35" stop-color="var(--sky-2)"/><stop offset=".58" stop-color="var(--sky-4)"/></linearGradient>'
        if colour
        else ""
    )
    return "\n".join(
        [
            '<svg class="window" viewBox="0 0 240 240" aria-hidden="true" focusable="false">',
            f'<defs>{sky}<clipPath id="w-{slug}"><circle cx="120" cy="120" r="102"/></clipPath></defs>',
            disc("wall", 120, 120, 118),
            f'<g clip-path="url(#w-{slug})">',
            *inside,
            "</g>",
            f'<g fill="none" stroke="var(--{ring})"><circle cx="120" cy="120" r="117" stroke-width="4"/>'
            f'<circle cx="120" cy="120" r="103.5" stroke-width="3"/><path d="{ticks}" stroke-width="2.4"/></g>',
            "</svg>",
            "",
        ]
    )


if __name__ == "__main__":
    for slug, inside in (
        ("race", race()),
        ("fashion", fashion()),
        ("health", health()),
        ("awards", awards()),
    ):
        (FOLDER / f"window_{slug}.svg").write_text(framed(slug, inside, colour=slug == "race"))
        print(f"window_{slug}.svg: {(FOLDER / f'window_{slug}.svg').stat().st_size / 1024:.0f} KiB")
