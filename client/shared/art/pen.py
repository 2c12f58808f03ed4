"""The strokes that the pictures are made of: SVG elements in the page's own colours."""

from __future__ import annotations

Point = tuple[float, float]


def n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def poly(fill: str, *points: Point, more: str = "") -> str:
    where = " ".join(f"{n(x)},{n(y)}" for x, y in points)
    return f'<polygon fill="var(--{fill})" points="{where}"{more}/>'


def rect(fill: str, x: float, y: float, w: float, h: float, more: str = "") -> str:
    size = f'x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}"'
    return f'<rect fill="var(--{fill})" {size}{more}/>'


def disc(fill: str, x: float, y: float, r: float, more: str = "") -> str:
    return f'<circle fill="var(--{fill})" cx="{n(x)}" cy="{n(y)}" r="{n(r)}"{more}/>'


def line(stroke: str, width: float, d: str, more: str = "") -> str:
    ends = 'stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'<path fill="none" stroke="var(--{stroke})" stroke-width="{n(width)}" {ends} '
        f'd="{d}"{more}/>'
    )


def path(fill: str, d: str, more: str = "") -> str:
    return f'<path fill="var(--{fill})" d="{d}"{more}/>'


def gradient(name: str, stops: list[tuple[float, str]]) -> str:
    inner = "".join(f'<stop offset="{o}" stop-color="var(--{c})"/>' for o, c in stops)
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{inner}</linearGradient>'
