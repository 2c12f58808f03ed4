"""The dialogue: from the complaint, always the question that tells most, until decided.

All patients of a batch advance together, a question each per round; nothing depends on who else is
in the batch. A child is asked only once its parent is known to be there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.dataset import Schema
from moongate.health.learning.foresight import Foresight
from moongate.health.learning.likelihood import Likelihoods
from moongate.health.learning.patients import Batch

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Stop:
    """When a dialogue ends: sure enough (a probability), nothing left to gain (nats), or long."""

    sure: float = 0.99
    gain_nats: float = 0.003
    questions: int = 25


class Answers(Protocol):
    """Who answers: for patient n and evidence e, its items and whether they know."""

    def __call__(self, rows: NDArray[np.int64], evidence: int) -> tuple[Bools, Bools]:
        """(items, rows × options of the evidence; known, rows)."""


@dataclass
class State:
    """What N dialogues have come to.

    score N × C, log belief, not normalised; asked, known and there N × E (known: an answer other
    than "don't know"; there: a positive one); items N × I, those answered.
    """

    score: Floats
    asked: Bools
    known: Bools
    there: Bools
    items: Bools

    def belief(self, temperature: float = 1.0) -> Floats:
        """Probability of each condition, N × C."""
        return normalise(self.score / temperature)

    @property
    def questions(self) -> NDArray[np.int64]:
        """Questions asked so far, N; the complaint is none."""
        found: NDArray[np.int64] = self.asked.sum(axis=1) - 1
        return found

    def take(self, rows: NDArray[np.int64]) -> State:
        """Some of the dialogues."""
        return State(
            self.score[rows], self.asked[rows], self.known[rows], self.there[rows], self.items[rows]
        )


def normalise(score: Floats) -> Floats:
    """exp(score), each row summing to 1."""
    found: Floats = np.exp(score - score.max(axis=1, keepdims=True))
    found /= found.sum(axis=1, keepdims=True)
    return found


def begin(likelihoods: Likelihoods, batch: Batch) -> State:
    """Age, sex and the complaint are known. The complaint is not asked again."""
    schema = likelihoods.schema
    n, rows = len(batch), np.arange(len(batch))
    asked = np.zeros((n, len(schema.evidences)), dtype=np.bool_)
    asked[rows, batch.initial] = True
    items = batch.items & asked[:, schema.code_of_item]
    return State(likelihoods.start(batch), asked, asked.copy(), asked.copy(), items)


def open_questions(state: State, schema: Schema) -> Bools:
    """What may be asked, N × E: not asked yet, and the parent, if any, is there."""
    found: Bools = ~state.asked & ((schema.parent < 0) | state.there[:, schema.parent])
    return found


def tell(
    likelihoods: Likelihoods, state: State, rows: NDArray[np.int64], evidence: int,
    items: Bools, known: Bools,
) -> None:  # fmt: skip
    """Takes answers to one evidence into the state; "don't know" says nothing."""
    schema = likelihoods.schema
    part = slice(schema.first[evidence], schema.first[evidence + 1])
    state.asked[rows, evidence] = True
    knowing, said = rows[known], items[known]
    if not len(knowing):
        return
    state.score[knowing] += likelihoods.of_answers(evidence, said)
    state.known[knowing, evidence] = True
    state.items[knowing, part] = said
    default = schema.default_item[evidence]
    state.there[knowing, evidence] = (
        said[:, 0] if default < 0 else ~said[:, default - schema.first[evidence]]
    )


def hold(
    likelihoods: Likelihoods, foresight: Foresight, batch: Batch, answers: Answers, stop: Stop,
    watch: Callable[[State], None] | None = None,
) -> State:  # fmt: skip
    """Holds all dialogues to their end. `watch` sees the state before each round and at the end."""
    state = begin(likelihoods, batch)
    going = np.arange(len(batch))
    for _ in range(stop.questions):
        if watch is not None:
            watch(state)
        going = going[state.belief()[going].max(axis=1) < stop.sure]
        if not len(going):
            break
        gains = foresight.gains(state.belief()[going])
        gains[~open_questions(state.take(going), likelihoods.schema)] = -np.inf
        best = gains.argmax(axis=1)
        useful = gains[np.arange(len(going)), best] >= stop.gain_nats
        going, best = going[useful], best[useful]
        for evidence in np.unique(best):
            rows = going[best == evidence]
            items, known = answers(rows, int(evidence))
            tell(likelihoods, state, rows, int(evidence), items, known)
    if watch is not None:
        watch(state)
    return state


def hear_all(likelihoods: Likelihoods, batch: Batch, answers: Answers) -> State:
    """No dialogue: every evidence is answered at once, parents before children."""
    schema = likelihoods.schema
    state = begin(likelihoods, batch)
    left = set(range(len(schema.evidences)))
    while left:
        ready = sorted(e for e in left if schema.parent[e] not in left)
        for e in ready:
            rows = np.flatnonzero(open_questions(state, schema)[:, e])
            items, known = answers(rows, e)
            tell(likelihoods, state, rows, e, items, known)
        left -= set(ready)
    return state
