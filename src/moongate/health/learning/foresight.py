"""What a question may be answered, and how much the answer would tell.

An answer k to an evidence has the likelihood L[k, c] and the chance W[k, c] to be given under
condition c. They are the same for binary and categorical evidences. Of sets of options only those
seen in training are foreseen: W is then the share of the condition's kept sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.counts import reachable
from moongate.health.learning.likelihood import Likelihoods
from moongate.health.learning.patients import Batch

Floats = NDArray[np.float64]
Sets = tuple[int, NDArray[np.bool_], Floats]
TINY = 1e-300  # keeps the logarithm of nothing finite


@dataclass(frozen=True)
class Foresight:
    """K foreseen answers: `evidence` K (ascending), `likely` K × C in logs, `chance` K × C."""

    evidence: NDArray[np.int64]
    likely: Floats
    chance: Floats

    def gains(self, belief: Floats) -> Floats:
        """Expected information about the condition, in nats, of each evidence; N × E.

        I = Σ_c b_c Σ_k W_kc log L_kc − Σ_k (Σ_c b_c W_kc) log Σ_c b_c L_kc, b the belief N × C.
        """
        plain = np.log(belief @ self._likelihood.T + TINY)
        surprise = (belief @ self.chance.T) * plain
        found: Floats = belief @ self._known.T - np.add.reduceat(surprise, self._starts, axis=1)
        return found

    @cached_property
    def _likelihood(self) -> Floats:
        return np.exp(self.likely)

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return np.searchsorted(self.evidence, np.arange(self.evidence[-1] + 1))

    @cached_property
    def _known(self) -> Floats:
        found: Floats = np.add.reduceat(self.chance * self.likely, self._starts, axis=0)
        return found


def keep_sets(likelihoods: Likelihoods, sample: Batch) -> list[Sets]:
    """For each multi-choice evidence the sets of options to foresee, and their chances.

    Returns (evidence, sets K × options, chance K × C) triples. A condition of which no patient
    was seen is foreseen to answer like anybody.
    """
    schema, settings = likelihoods.schema, likelihoods.settings
    asked = reachable(schema.positive(sample.items), schema)
    found = []
    for e in schema.of_kind("M"):
        part = slice(schema.first[e], schema.first[e + 1])
        rows: list[int] = []
        for c in range(len(schema.conditions)):
            of_c = np.flatnonzero(asked[:, e] & (sample.pathology == c))
            spread = np.linspace(0, len(of_c) - 1, min(settings.samples, len(of_c)))
            rows += of_c[np.unique(spread.round().astype(int))].tolist() if len(of_c) else []
        if not rows:
            empty = np.zeros((1, schema.first[e + 1] - schema.first[e]), dtype=np.bool_)
            empty[0, schema.default_item[e] - schema.first[e]] = True
            found.append((int(e), empty, np.ones((1, len(schema.conditions)))))
            continue
        sets, at = np.unique(sample.items[rows][:, part], axis=0, return_inverse=True)
        chance = np.zeros((len(sets), len(schema.conditions)))
        np.add.at(chance, (at.reshape(-1), sample.pathology[rows]), 1.0)
        seen = chance.sum(axis=0)
        anybody = chance.sum(axis=1, keepdims=True) / chance.sum()
        found.append((int(e), sets, np.where(seen > 0, chance / np.maximum(seen, 1), anybody)))
    return found


def foresee(likelihoods: Likelihoods, sets: list[Sets]) -> Foresight:
    """The foreseen answers of all evidences, in the order of the evidences."""
    schema = likelihoods.schema
    kept = {e: (options, chance) for e, options, chance in sets}
    evidence, likely, chances = [], [], []
    for e, described in enumerate(schema.evidences):
        if e in kept:
            answers, chance = kept[e]
            found = likelihoods.of_answers(e, answers)
        else:
            size = 2 if described.kind == "B" else len(described.options)
            answers = np.eye(size, dtype=np.bool_)
            answers = answers[:, :1] if described.kind == "B" else answers
            found = likelihoods.of_answers(e, answers)
            chance = np.exp(found)
        evidence.append(np.full(len(found), e))
        likely.append(found)
        chances.append(chance)
    return Foresight(np.concatenate(evidence), np.concatenate(likely), np.concatenate(chances))
