"""The learnt model: train it, save it, load it, let it hold dialogues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.calibration import (
    Mode,
    calibrate_dialogue,
    calibrate_full,
    choose_stop,
    make_folds,
)
from moongate.health.learning.counts import study
from moongate.health.learning.dataset import Conditions, DatasetError, Evidence, make_schema
from moongate.health.learning.dialogue import Answers, State, Stop, hear_all, hold
from moongate.health.learning.foresight import Foresight, Sets, foresee, keep_sets
from moongate.health.learning.likelihood import Likelihoods, Settings, fit
from moongate.health.learning.patients import Batch, Patient

Floats = NDArray[np.float64]
SEED = 20220211  # draws the sample that cross-validation and the head see
LEAST_PATIENTS = 20


@dataclass(frozen=True)
class Outcome:
    """What is concluded about N patients.

    posterior N × C answers "which condition is it?", calibrated; differential N × C answers "which
    would a careful differential name?"; asked N × E holds the complaint too.
    """

    posterior: Floats
    differential: Floats
    asked: NDArray[np.bool_]
    questions: NDArray[np.int64]


@dataclass(frozen=True)
class Model:
    """Likelihoods, foreseen sets of options, the rule to stop, and both modes' calibration."""

    likelihoods: Likelihoods
    sets: list[Sets]
    foresight: Foresight
    stop: Stop
    dialogue: Mode
    full: Mode

    def hold(self, batch: Batch, answers: Answers) -> Outcome:
        """Dialogues with N patients."""
        state = hold(self.likelihoods, self.foresight, batch, answers, self.stop)
        return _outcome(self.dialogue, batch, state)

    def hear_all(self, batch: Batch, answers: Answers) -> Outcome:
        """No dialogue: every evidence at once."""
        return _outcome(self.full, batch, hear_all(self.likelihoods, batch, answers))


def _outcome(mode: Mode, batch: Batch, state: State) -> Outcome:
    posterior = state.belief(mode.temperature)
    return Outcome(posterior, mode.head.differential(batch, state), state.asked, state.questions)


def train(
    conditions: Conditions, evidences: tuple[Evidence, ...], patients: Iterable[Patient],
    settings: Settings | None = None,
) -> Model:  # fmt: skip
    """Learns from patients in one pass; the same input gives the same model.

    Raises:
        DatasetError: when the files do not fit together, or there are fewer patients than
            LEAST_PATIENTS.
    """
    schema = make_schema(conditions, evidences)
    settings = settings or Settings()
    studied = study(patients, schema, SEED)
    counts, sample = studied.all_but(None)
    if counts.patients.sum() < LEAST_PATIENTS:
        raise DatasetError(
            f"training patients: at least {LEAST_PATIENTS} are needed, "
            f"got {int(counts.patients.sum())}. Give a longer file."
        )
    folds = make_folds(studied, schema, settings)
    stop = choose_stop(folds, Stop())
    dialogue, full = calibrate_dialogue(folds, stop), calibrate_full(folds)
    likelihoods = fit(counts, schema, settings)
    sets = keep_sets(likelihoods, sample)
    return Model(likelihoods, sets, foresee(likelihoods, sets), stop, dialogue, full)


def save(model: Model, path: Path) -> None:
    """Writes the model; see `store.py` for the form."""
    from moongate.health.learning.store import write

    write(model, path)


def load(path: Path) -> Model:
    """Reads a model that `save` wrote.

    Raises:
        DatasetError: when the file is none, or of another version.
    """
    from moongate.health.learning.store import read

    return read(path)
