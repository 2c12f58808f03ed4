"""What one pass over the patients leaves behind: counts by condition, and a bounded sample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.dataset import Schema
from moongate.health.learning.patients import Batch, Patient, batches, make_batch

Floats = NDArray[np.float64]
FOLDS = 5
BATCH = 1000
SAMPLE = 6000  # patients kept as they are; counts come from all
# Upper ends of the age bands, in years; the bands follow the ages at which DDXPlus draws.
BAND_ENDS_YEARS = np.array([1, 5, 15, 30, 45, 60, 75])
BANDS = len(BAND_ENDS_YEARS) + 1


@dataclass
class Counts:
    """Patients by condition. A child's items count only where its parent is there.

    patients C; items C × I; ages C × BANDS; males C; initial C × E.
    """

    patients: Floats
    items: Floats
    ages: Floats
    males: Floats
    initial: Floats

    @classmethod
    def none(cls, schema: Schema) -> Counts:
        """Nothing counted yet."""
        c, e = schema.listed.shape
        i = len(schema.code_of_item)
        zeros = np.zeros
        return cls(zeros(c), zeros((c, i)), zeros((c, BANDS)), zeros(c), zeros((c, e)))

    def add(self, batch: Batch, schema: Schema) -> None:
        """Counts a batch in."""
        c = len(self.patients)
        belongs = (batch.pathology[:, None] == np.arange(c)).astype(np.float64)
        askable = reachable(schema.positive(batch.items), schema)
        self.patients += belongs.sum(axis=0)
        self.items += belongs.T @ (batch.items & askable[:, schema.code_of_item])
        self.ages += belongs.T @ np.eye(BANDS)[age_band(batch.age_years)]
        self.males += belongs.T @ batch.male
        self.initial += belongs.T @ (batch.initial[:, None] == np.arange(self.initial.shape[1]))

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.patients + other.patients,
            self.items + other.items,
            self.ages + other.ages,
            self.males + other.males,
            self.initial + other.initial,
        )


@dataclass(frozen=True)
class Studied:
    """`folds[k]` counts the rows k, k + FOLDS, …; `sample` is drawn evenly from all rows."""

    folds: tuple[Counts, ...]
    sample: Batch
    fold_of_sample: NDArray[np.int64]

    def all_but(self, fold: int | None) -> tuple[Counts, Batch]:
        """Counts and sample without one fold; None leaves nothing out."""
        kept = [counts for k, counts in enumerate(self.folds) if k != fold]
        total = kept[0]
        for counts in kept[1:]:
            total = total + counts
        return total, self.sample.take(self.fold_of_sample != (-1 if fold is None else fold))


def age_band(age_years: NDArray[np.int64]) -> NDArray[np.int64]:
    """The band of each age."""
    return np.searchsorted(BAND_ENDS_YEARS, age_years, side="right")


def reachable(positive: NDArray[np.bool_], schema: Schema) -> NDArray[np.bool_]:
    """Evidences that make sense to ask, N × E: all but children whose parent is not there."""
    found: NDArray[np.bool_] = (schema.parent < 0) | positive[:, schema.parent]
    return found


def study(patients: Iterable[Patient], schema: Schema, seed: int) -> Studied:
    """One pass over the patients, however many; memory is bounded by BATCH and SAMPLE."""
    folds = tuple(Counts.none(schema) for _ in range(FOLDS))
    random = np.random.default_rng(seed)
    kept: list[tuple[int, Patient]] = []
    row = 0

    def watched() -> Iterable[Patient]:
        # Reservoir sampling (Vitter 1985, algorithm R): every row has the same chance to stay.
        nonlocal row
        for patient in patients:
            if len(kept) < SAMPLE:
                kept.append((row, patient))
            elif (place := int(random.integers(row + 1))) < SAMPLE:
                kept[place] = (row, patient)
            row += 1
            yield patient

    first = 0
    for batch in batches(watched(), schema, BATCH):
        fold = (first + np.arange(len(batch))) % FOLDS
        for k, counts in enumerate(folds):
            counts.add(batch.take(fold == k), schema)
        first += len(batch)
    kept.sort(key=lambda pair: pair[0])
    sample = make_batch([patient for _, patient in kept], schema)
    return Studied(folds, sample, np.array([at % FOLDS for at, _ in kept], dtype=np.int64))
