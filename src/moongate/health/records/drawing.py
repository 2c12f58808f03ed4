"""A person's records along time: one point each, higher where it was more urgent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from moongate.health.knowledge.schema import LEVELS, Level
from moongate.health.records.snapshot import Both

WIDTH, ROW, PAD = 340, 30, 22
HEIGHT = ROW * len(LEVELS)
# Points nearer than this are drawn beside each other, so that each can be touched.
APART = 26


@dataclass(frozen=True)
class Point:
    """One record in the picture; x and y in its own units."""

    public_id: UUID
    created: datetime
    level: Level
    name: Both
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """The points from the oldest to the newest, the line through them, and the size."""

    points: tuple[Point, ...]
    width: int
    height: int

    @property
    def line(self) -> str:
        """The coordinates of the line, as SVG's `points`."""
        return " ".join(f"{p.x:g},{p.y:g}" for p in self.points)

    @property
    def rows(self) -> tuple[float, ...]:
        """Where each level's row lies, the most urgent first."""
        return tuple(_y(level) for level in LEVELS)


def draw(records: Sequence[tuple[UUID, datetime, Level, Both]]) -> Picture:
    """The picture of records in any order; it widens where many lie close together."""
    if not records:
        return Picture((), WIDTH, HEIGHT)
    rows = sorted(records, key=lambda row: row[1])
    begin, end = rows[0][1], rows[-1][1]
    span = (end - begin).total_seconds() or 1.0
    points: list[Point] = []
    for public_id, created, level, name in rows:
        x = PAD + (WIDTH - 2 * PAD) * (created - begin).total_seconds() / span
        if points:
            x = max(x, points[-1].x + APART)
        points.append(Point(public_id, created, level, name, round(x, 1), _y(level)))
    return Picture(tuple(points), max(WIDTH, round(points[-1].x + PAD)), HEIGHT)


def _y(level: Level) -> float:
    return ROW * (LEVELS.index(level) + 0.5)
