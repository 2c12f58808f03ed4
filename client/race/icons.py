"""The race's icons for a home screen: a kart in the moon gate, as PNGs of any size.

    python client/race/icons.py OUT

Drawn four times as large as wanted and made small, so that edges are smooth.
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

SIZES = (192, 512)
PURPOSES = ("any", "maskable")
GRID = 64  # units across a drawing
OVERSAMPLE = 4

PORCELAIN = "#f7f4ec"
COBALT = "#1f429a"
SKY = "#f6c78a"
SUN = "#d8412f"
HILL = "#14532d"
WATER = "#2f5fc4"
ROAD = "#4c4a55"
KART = "#0f5a3c"
CREAM = "#f3ead8"
TYRE = "#22262c"

Point = tuple[float, float]


def curve(a: Point, b: Point, c: Point, d: Point, steps: int = 24) -> list[Point]:
    """Points of a cubic Bézier curve."""
    out = []
    for i in range(steps + 1):
        t = i / steps
        u = 1.0 - t
        weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        out.append(
            (
                sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
            )
        )
    return out


def scene(scale: float) -> Image.Image:
    """What is seen through the gate, GRID units square."""
    image = Image.new("RGB", (round(GRID * scale),) * 2, SKY)
    draw = ImageDraw.Draw(image)

    def fill(points: list[Point], colour: str) -> None:
        draw.polygon([(x * scale, y * scale) for x, y in points], fill=colour)

    def disc(x: float, y: float, r: float, colour: str) -> None:
        box = [(x - r) * scale, (y - r) * scale, (x + r) * scale, (y + r) * scale]
        draw.ellipse(box, fill=colour)

    disc(41, 22, 6.0, SUN)
    hill = curve((0, 34), (12, 24), (22, 29), (32, 33)) + curve(
        (32, 33), (42, 37), (52, 34), (64, 29)
    )
    fill([*hill, (64, 64), (0, 64)], HILL)
    fill([(0, 41), (64, 38), (64, 47), (0, 47)], WATER)
    fill([(0, 45.5), (64, 45.5), (64, 64), (0, 64)], ROAD)
    fill([(0, 45.5), (64, 45.5), (64, 46.7), (0, 46.7)], CREAM)
    # The kart: a long nose, a seat, a driver who looks ahead.
    fill([(19, 40), (22, 37.5), (30, 37), (46, 40.2), (47.5, 43.5), (19, 44.5)], KART)
    fill([(40, 39.4), (46, 40.4), (47, 42.4), (40, 42.6)], CREAM)
    fill([(22, 33), (24.6, 33), (26.4, 38.5), (21.4, 39)], TYRE)
    fill([(25.5, 37.6), (26.6, 31), (31, 31), (32.4, 37.8)], SUN)
    disc(29.4, 28.2, 3.6, CREAM)
    fill([(25.4, 27.8), (26.2, 24.4), (31.4, 24), (33.6, 27)], KART)
    for x in (23.5, 42.5):
        disc(x, 44.3, 4.2, TYRE)
        disc(x, 44.3, 1.8, CREAM)
    return image


def icon(size: int, purpose: str) -> Image.Image:
    """One icon; a maskable one keeps its picture within the circle that every mask leaves."""
    wide = size * OVERSAMPLE
    unit = wide / GRID
    outer, ring = (30.0, 6.0) if purpose == "any" else (23.0, 4.6)
    ground = (0, 0, 0, 0) if purpose == "any" else PORCELAIN
    image = Image.new("RGBA", (wide, wide), ground)
    draw = ImageDraw.Draw(image)

    def disc(r: float, colour: str) -> None:
        draw.ellipse([wide / 2 - r * unit] * 2 + [wide / 2 + r * unit] * 2, fill=colour)

    disc(outer, PORCELAIN)
    disc(outer - 1.0, COBALT)
    disc(outer - 1.0 - ring, PORCELAIN)
    hole = outer - 2.0 - ring
    view = scene(unit * hole / 21.0)
    mask = Image.new("L", (wide, wide), 0)
    ImageDraw.Draw(mask).ellipse(
        [wide / 2 - hole * unit] * 2 + [wide / 2 + hole * unit] * 2, fill=255
    )
    middle = Image.new("RGB", (wide, wide), SKY)
    # The picture's own middle, a little above the kart, stands in the middle of the gate.
    centre = (33.0 * view.width / GRID, 36.0 * view.width / GRID)
    middle.paste(view, (round(wide / 2 - centre[0]), round(wide / 2 - centre[1])))
    image.paste(middle, (0, 0), mask)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def draw_icons(out: Path) -> None:
    """Writes every icon into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for purpose in PURPOSES:
        for size in SIZES:
            picture = icon(size, purpose)
            if purpose == "maskable":
                picture = picture.convert("RGB")
            picture.save(out / f"race-{purpose}-{size}.png", optimize=True)


if __name__ == "__main__":
    draw_icons(Path(sys.argv[1]))
