"""What is chosen by cross-validation on the training file: when to stop, how sure to sound."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.counts import FOLDS, Studied
from moongate.health.learning.dataset import Schema
from moongate.health.learning.dialogue import State, Stop, hear_all, hold, normalise
from moongate.health.learning.differential import Head, learn_head
from moongate.health.learning.foresight import Foresight, foresee, keep_sets
from moongate.health.learning.likelihood import Likelihoods, Settings, fit
from moongate.health.learning.patients import Batch
from moongate.health.learning.simulate import SimulatedPatients

Floats = NDArray[np.float64]
QUESTIONS = 4.8  # mean number that a dialogue may take in training; leaves room below 5
# Few answers say little beyond the belief; all of them say much, and may weigh more.
RIDGE_DIALOGUE = 8.0
RIDGE_FULL = 1.0
SURE = 1.0 - np.geomspace(0.2, 5e-4, 60)
TEMPERATURES = np.geomspace(0.4, 2.5, 61)


@dataclass(frozen=True)
class Fold:
    """Likelihoods that have not seen the patients of `batch`."""

    likelihoods: Likelihoods
    foresight: Foresight
    batch: Batch


@dataclass(frozen=True)
class Mode:
    """One way to be asked, a dialogue or all at once: its temperature and its head."""

    temperature: float
    head: Head


def make_folds(studied: Studied, schema: Schema, settings: Settings) -> list[Fold]:
    """The sample in FOLDS parts, each with likelihoods from the other rows."""
    found = []
    for k in range(FOLDS):
        counts, others = studied.all_but(k)
        batch = studied.sample.take(studied.fold_of_sample == k)
        likelihoods = fit(counts, schema, settings)
        if len(batch):
            sets = keep_sets(likelihoods, others)
            found.append(Fold(likelihoods, foresee(likelihoods, sets), batch))
    return found


def choose_stop(folds: list[Fold], stop: Stop) -> Stop:
    """The highest threshold whose dialogues take QUESTIONS on the mean, or fewer."""
    asked = np.zeros(len(SURE))
    for fold in folds:
        sure: list[Floats] = []
        questions: list[NDArray[np.int64]] = []

        def watch(
            state: State, sure: list[Floats] = sure, questions: list[NDArray[np.int64]] = questions
        ) -> None:
            sure.append(state.belief().max(axis=1))
            questions.append(state.questions)

        longest = replace(stop, sure=float(SURE[-1]))
        hold(fold.likelihoods, fold.foresight, fold.batch, _truthful(fold), longest, watch)
        tops, counts = np.array(sure), np.array(questions)
        for i, threshold in enumerate(SURE):
            done = tops >= threshold
            end = np.where(done.any(axis=0), done.argmax(axis=0), len(tops) - 1)
            asked[i] += counts[end, np.arange(len(end))].sum()
    mean = asked / sum(len(fold.batch) for fold in folds)
    fitting = np.flatnonzero(mean <= QUESTIONS)
    return replace(stop, sure=float(SURE[fitting[-1] if len(fitting) else 0]))


def calibrate_dialogue(folds: list[Fold], stop: Stop) -> Mode:
    """Temperature and head for dialogues that end by `stop`."""
    return _calibrate(
        folds,
        [hold(f.likelihoods, f.foresight, f.batch, _truthful(f), stop) for f in folds],
        RIDGE_DIALOGUE,
    )


def calibrate_full(folds: list[Fold]) -> Mode:
    """Temperature and head for all evidences at once."""
    return _calibrate(
        folds, [hear_all(f.likelihoods, f.batch, _truthful(f)) for f in folds], RIDGE_FULL
    )


def _calibrate(folds: list[Fold], states: list[State], ridge: float) -> Mode:
    batch = _joined([fold.batch for fold in folds])
    state = State(
        *(
            np.concatenate([getattr(s, name) for s in states])
            for name in ("score", "asked", "known", "there", "items")
        )
    )
    return Mode(_temperature(state.score, batch.pathology), learn_head(batch, state, ridge))


def _joined(batches: list[Batch]) -> Batch:
    names = ("age_years", "male", "pathology", "initial", "items", "differential")
    return Batch(*(np.concatenate([getattr(b, name) for b in batches]) for name in names))


def _temperature(score: Floats, pathology: NDArray[np.int64]) -> float:
    """The temperature of the least log loss (Guo et al. 2017)."""
    rows = np.arange(len(pathology))
    loss = [-np.log(normalise(score / t)[rows, pathology] + 1e-12).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(loss))])


def _truthful(fold: Fold) -> SimulatedPatients:
    return SimulatedPatients(fold.batch, fold.likelihoods.schema, unknown=0.0, flip=0.0, seed=0)
