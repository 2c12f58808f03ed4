"""The course as a small picture: an SVG path on a round plate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

PLATE = 100.0  # radius of the plate in the picture's units
FILLED = 0.84  # of the plate's radius, taken by the course


@dataclass(frozen=True)
class Mark:
    """A landmark: its number, where it stands on the plate, and its card."""

    number: int
    x: float
    y: float
    name: dict[str, str]
    what: dict[str, str]
    why: dict[str, str]


@dataclass(frozen=True)
class CourseMap:
    """A path for `d`, the start line's two ends, and the landmarks, all within the plate."""

    path: str
    start: tuple[float, float, float, float]
    marks: tuple[Mark, ...]


def draw_course(facts: dict[str, Any]) -> CourseMap:
    """Fit the edition's mini-map (metres, y north) into the plate (y down)."""
    points = facts["minimap"]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    reach = max(math.dist(p, middle) for p in points) or 1.0
    scale = PLATE * FILLED / reach

    def place(x: float, y: float) -> tuple[float, float]:
        return round((x - middle[0]) * scale, 1), round((middle[1] - y) * scale, 1)

    spots = [place(x, y) for x, y in points]
    path = "M" + "L".join(f"{x} {y}" for x, y in spots) + "Z"
    (x0, y0), (x1, y1) = spots[0], spots[1]
    size = math.hypot(x1 - x0, y1 - y0) or 1.0
    across = (-(y1 - y0) / size * 5, (x1 - x0) / size * 5)
    ends = (x0 - across[0], y0 - across[1], x0 + across[0], y0 + across[1])
    marks = tuple(
        Mark(i, *_inside(place(mark["x"], mark["y"])), mark["name"], mark["what"], mark["why"])
        for i, mark in enumerate(facts.get("landmarks", ()), start=1)
    )
    return CourseMap(path, tuple(round(end, 1) for end in ends), marks)


def _inside(spot: tuple[float, float]) -> tuple[float, float]:
    """What stands far off the course is drawn at the plate's rim."""
    size = math.hypot(*spot)
    most = PLATE * 0.92
    if size <= most:
        return spot
    return round(spot[0] * most / size, 1), round(spot[1] * most / size, 1)
