"""The range of a figure from its confidence letter."""

from __future__ import annotations

import math

from scipy.stats import beta

from moongate.health.knowledge.schema import SAMPLE_WEIGHT, Condition, Letter, Row

COVERED = 0.9


def letter_of(condition: Condition, row: Row) -> Letter:
    """The row's own confidence, or its condition's."""
    return row[2] if len(row) > 2 else condition.confidence  # type: ignore[return-value]


def source_of(condition: Condition, row: Row) -> str:
    """The row's own source, or its condition's."""
    return str(row[3]) if len(row) > 3 else condition.source


def probability_range(p: float, letter: Letter) -> tuple[float, float]:
    """Central 90 % of Beta(p w, (1 - p) w), w the letter's weight as a sample."""
    weight = SAMPLE_WEIGHT[letter]
    low, high = beta.ppf(((1 - COVERED) / 2, (1 + COVERED) / 2), p * weight, (1 - p) * weight)
    return float(low), float(high)


def ratio_range(value: float, letter: Letter) -> tuple[float, float]:
    """Central 90 % on a log scale, with the standard deviation 2 / sqrt(weight)."""
    factor = math.exp(1.645 * 2 / math.sqrt(SAMPLE_WEIGHT[letter]))
    return value / factor, value * factor
