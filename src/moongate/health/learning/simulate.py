"""A simulated patient: tells the truth, doesn't know, or errs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.dataset import Schema
from moongate.health.learning.patients import Batch

Bools = NDArray[np.bool_]


class SimulatedPatients:
    """Answers from a batch's evidences.

    Each asked answer is "don't know" with chance `unknown`, else wrong with chance `flip`: a
    binary one is reversed; another one reads as its default if positive, and as one other option,
    evenly drawn, if not. What patient n answers to evidence e depends on `seed`, n's number
    (`first` + row) and e alone, not on what was asked before.
    """

    def __init__(
        self,
        batch: Batch,
        schema: Schema,
        *,
        unknown: float,
        flip: float,
        seed: int,
        first: int = 0,
    ) -> None:
        self._items = batch.items
        self._schema = schema
        shape = (3, len(schema.evidences))
        if unknown == flip == 0:
            drawn = np.ones((len(batch), *shape))
        else:
            drawn = np.stack(
                [
                    np.random.default_rng([seed, first + row]).random(shape)
                    for row in range(len(batch))
                ]
            )
        self._unknown = drawn[:, 0] < unknown
        self._wrong = drawn[:, 1] < flip
        self._draw = drawn[:, 2]

    def __call__(self, rows: NDArray[np.int64], evidence: int) -> tuple[Bools, Bools]:
        """(items, rows × options of the evidence; known, rows)."""
        schema = self._schema
        start, end = int(schema.first[evidence]), int(schema.first[evidence + 1])
        items = self._items[rows, start:end].copy()
        wrong = self._wrong[rows, evidence]
        if schema.evidences[evidence].kind == "B":
            items[wrong] = ~items[wrong]
        elif end - start > 1:
            default = int(schema.default_item[evidence]) - start
            others = np.delete(np.arange(end - start), default)
            other = others[
                (self._draw[rows, evidence] * len(others)).astype(int).clip(0, len(others) - 1)
            ]
            told = np.where(items[:, default], other, default)
            items[wrong] = np.eye(end - start, dtype=np.bool_)[told[wrong]]
        return items, ~self._unknown[rows, evidence]
