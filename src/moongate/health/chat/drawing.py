"""The chart of a result: for each possibility a bar, and how far the figure could lie elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moongate.health.talk.shapes import Possible

LEAST_WIDTH = 1.5


@dataclass(frozen=True)
class Bar:
    """One possibility in the chart; x and widths in hundredths of its width."""

    condition: Possible
    percent: str
    low: str
    high: str
    width: float
    range_x: float
    range_width: float


def bars(conditions: Sequence[Possible]) -> tuple[Bar, ...]:
    """The bars, likeliest first, as they stand in the result."""
    return tuple(
        Bar(
            condition=each,
            percent=percent(each.probability),
            low=percent(each.low),
            high=percent(each.high),
            width=round(max(LEAST_WIDTH, 100 * each.probability), 1),
            range_x=round(100 * each.low, 1),
            range_width=round(max(LEAST_WIDTH, 100 * (each.high - each.low)), 1),
        )
        for each in conditions
    )


def percent(probability: float) -> str:
    """Whole per cent, never 0 and never 100: nothing here is certain."""
    return f"{min(99, max(1, round(100 * probability)))} %"
