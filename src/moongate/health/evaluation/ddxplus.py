"""Measure the learnt model on data in DDXPlus's form, by simulated patients.

Measures after Fansi Tchango et al., "DDXPlus", NeurIPS 2022 Datasets and Benchmarks. The calibrated
posterior gives GTPA@k and ECE; the differential's own head gives DDR, DDP and DDF1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moongate.health.evaluation.intervals import wilson
from moongate.health.learning.dataset import (
    DatasetError,
    make_schema,
    read_conditions,
    read_evidences,
)
from moongate.health.learning.model import Model, Outcome, train
from moongate.health.learning.patients import Batch, batches, read_patients
from moongate.health.learning.simulate import SimulatedPatients

Progress = Callable[[str], None]
Floats = NDArray[np.float64]
LEAST_SHARE = 0.01  # a condition above it is part of a differential
BINS = 10
BATCH = 500
TOPS = (1, 3)


def evaluate(
    conditions: Path, evidences: Path, train: Path, patients: Path, *,
    unknown: float = 0.0, flip: float = 0.0, full: bool = False, seed: int = 0,
    progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Trains on one file, holds dialogues with the patients of another, and measures.

    `unknown` and `flip` are the chances that an asked answer is "don't know" or wrong; the model
    is not told. With `full`, the key "full" holds the same measures with all evidences at once.
    Numbers are fractions of 1, but for `n` and `questions_mean`.

    Raises:
        DatasetError: names file, line and field of what cannot be used.
        ValueError: when a chance is not from 0 to 1.
    """
    for name, chance in (("unknown", unknown), ("flip", flip)):
        if not 0.0 <= chance <= 1.0:
            raise ValueError(f"{name} must be from 0 to 1, is {chance}.")
    tell = progress or (lambda line: None)
    tell("learning")
    model = train_from(conditions, evidences, train)
    schema = model.likelihoods.schema
    talked, heard = Tally(), Tally()
    first = 0
    for batch in batches(read_patients(patients, schema), schema, BATCH):
        there = schema.positive(batch.items)
        answers = SimulatedPatients(
            batch, schema, unknown=unknown, flip=flip, seed=seed, first=first
        )
        talked.add(batch, there, model.hold(batch, answers))
        if full:
            heard.add(batch, there, model.hear_all(batch, answers))
        first += len(batch)
        tell(f"{first} patients")
    if not first:
        raise DatasetError(f"{patients}: holds no patient. Give rows below the header.")
    summary = talked.summary()
    if full:
        summary["full"] = heard.summary()
    return summary


def train_from(conditions: Path, evidences: Path, patients: Path) -> Model:
    """A model from three files.

    Raises:
        DatasetError: names file, line and field of what cannot be used.
    """
    described, asked = read_conditions(conditions), read_evidences(evidences)
    rows = read_patients(patients, make_schema(described, asked))
    return train(described, asked, rows)


@dataclass
class Tally:
    """Sums over patients, and what calibration needs of each."""

    hits: dict[int, int] = field(default_factory=lambda: dict.fromkeys(TOPS, 0))
    sums: Floats = field(default_factory=lambda: np.zeros(5))
    n: int = 0
    sure: list[Floats] = field(default_factory=list)
    right: list[NDArray[np.bool_]] = field(default_factory=list)

    def add(self, batch: Batch, there: NDArray[np.bool_], outcome: Outcome) -> None:
        """Counts a batch in; `there` N × E are the patients' positive evidences."""
        order = np.argsort(-outcome.posterior, axis=1, kind="stable")
        hit = order == batch.pathology[:, None]
        for k in TOPS:
            self.hits[k] += int(hit[:, :k].any(axis=1).sum())
        recall = (there & outcome.asked).sum(axis=1) / np.maximum(1, there.sum(axis=1))
        quality = differential_quality(batch.differential, outcome.differential)
        self.sums += np.array([part.sum() for part in (outcome.questions, recall, *quality)])
        self.n += len(batch)
        self.sure.append(outcome.posterior.max(axis=1))
        self.right.append(hit[:, 0])

    def summary(self) -> dict[str, Any]:
        """The measures; "intervals" are Wilson's, 95 %."""
        questions, per, ddr, ddp, ddf1 = (float(value) / self.n for value in self.sums)
        return {
            "n": self.n,
            **{f"gtpa{k}": self.hits[k] / self.n for k in TOPS},
            "questions_mean": questions,
            "per": per,
            "ddr": ddr,
            "ddp": ddp,
            "ddf1": ddf1,
            "ece": calibration_error(np.concatenate(self.sure), np.concatenate(self.right)),
            "intervals": {f"gtpa{k}": list(wilson(self.hits[k], self.n)) for k in TOPS},
        }


def differential_quality(truth: Floats, guess: Floats) -> tuple[Floats, Floats, Floats]:
    """Recall, precision and F1 of each patient's differential (N × C both), N each."""
    in_truth, in_guess = truth > LEAST_SHARE, guess > LEAST_SHARE
    both = (in_truth & in_guess).sum(axis=1)
    recall = both / np.maximum(1, in_truth.sum(axis=1))
    precision = both / np.maximum(1, in_guess.sum(axis=1))
    return recall, precision, 2 * recall * precision / np.maximum(recall + precision, 1e-10)


def calibration_error(sure: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error of top-1 probabilities in BINS equal bins (Guo et al. 2017)."""
    at = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = np.bincount(at, weights=sure, minlength=BINS) - np.bincount(
        at, weights=right.astype(np.float64), minlength=BINS
    )
    return float(np.abs(gaps).sum() / max(1, len(sure)))
