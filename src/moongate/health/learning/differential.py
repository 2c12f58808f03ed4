"""The second head: which conditions a careful differential would name, and with which shares.

DDXPlus's differentials come from another engine than the one that drew its patients, so the
posterior is a poor guess at them. This head learns them: a membership probability per condition,
logit p_d = logit(Σ_c b_c m_cd) + x·w_d, with b the belief, m_cd how often d is in the differential
of c's patients, x what the dialogue found out, and w_d found by ridge-penalised likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.counts import BANDS, FOLDS, age_band
from moongate.health.learning.dialogue import State
from moongate.health.learning.patients import Batch

Floats = NDArray[np.float64]
LEAST_SHARE = 0.01  # DDXPlus counts what is above it as part of a differential
ROUNDS = 60  # of the head's optimiser
RARE = 5  # patients; a feature seen in fewer teaches nothing
EDGE = 0.005  # membership rates stay this far from 0 and 1


@dataclass(frozen=True)
class Head:
    """member and share C × C (by condition, of condition), features F, weights F × C."""

    member: Floats
    share: Floats
    features: NDArray[np.int64]
    weights: Floats

    def membership(self, batch: Batch, state: State) -> Floats:
        """Probability that each condition is in the differential, N × C."""
        x = describe(batch, state)[:, self.features]
        score = logit(state.belief() @ self.member) + x @ self.weights
        found: Floats = 1.0 / (1.0 + np.exp(-score))
        return found

    def differential(self, batch: Batch, state: State) -> Floats:
        """The predicted differential, N × C, each row summing to 1.

        Named are the k conditions with the highest membership, with the k that makes the expected
        F1, about 2 Σ_{i≤k} p_i / (k + Σ_i p_i), greatest. The others are 0.
        """
        chance = self.membership(batch, state)
        order = np.argsort(-chance, axis=1, kind="stable")
        ordered = np.take_along_axis(chance, order, axis=1)
        k = np.arange(1, chance.shape[1] + 1)
        quality = 2 * ordered.cumsum(axis=1) / (k + chance.sum(axis=1, keepdims=True))
        named = np.zeros(chance.shape, dtype=np.bool_)
        np.put_along_axis(named, order, k <= quality.argmax(axis=1)[:, None] + 1, axis=1)
        return _shares(named, chance * (state.belief() @ self.share))


def _shares(named: NDArray[np.bool_], weight: Floats) -> Floats:
    """Weights as shares in which everything named stays above LEAST_SHARE."""
    found = np.where(named, weight, 0.0)
    found /= found.sum(axis=1, keepdims=True)
    least = 1.2 * LEAST_SHARE
    found = np.where(named, np.maximum(found, least), 0.0)
    spare = np.maximum(found - least, 0.0)
    excess = found.sum(axis=1, keepdims=True) - 1.0
    found -= spare * excess / np.maximum(spare.sum(axis=1, keepdims=True), 1e-12)
    return found


def describe(batch: Batch, state: State) -> Floats:
    """What the head sees, N × F: belief, answers, denials, age, sex, complaint."""
    denied = state.known & ~state.there
    return np.concatenate(
        [
            np.ones((len(batch), 1)),
            2.0 * state.belief(),
            state.items,
            0.5 * denied,
            0.5 * np.eye(BANDS)[age_band(batch.age_years)],
            0.5 * batch.male[:, None],
            0.5 * np.eye(state.asked.shape[1])[batch.initial],
        ],
        axis=1,
    )


def learn_head(batch: Batch, state: State, ridge: float) -> Head:
    """From dialogues with patients whom the likelihoods had not seen; `ridge` penalises weights."""
    belief = state.belief()
    truth = (batch.differential > LEAST_SHARE).astype(np.float64)
    # Each patient's own differential must not speak in the rates that predict it.
    fold = np.arange(len(batch)) % FOLDS
    offset = np.zeros(truth.shape)
    for k in range(FOLDS):
        own = fold == k
        offset[own] = logit(belief[own] @ _rates(belief[~own], truth[~own]))
    described = describe(batch, state)
    features = np.flatnonzero((described != 0).sum(axis=0) >= RARE)
    weights = _ridge(described[:, features], truth, offset, ridge)
    member = _rates(belief, truth)
    share = _rates(belief, batch.differential) / member
    return Head(member, share, features, weights)


def _rates(belief: Floats, target: Floats) -> Floats:
    """Mean of a target by condition, C × C, with one patient's worth of everybody's mean."""
    everybody = (target.sum(axis=0) + 0.01) / (len(target) + 1.0)
    found: Floats = (belief.T @ target + everybody) / (belief.sum(axis=0)[:, None] + 1.0)
    return found


def _ridge(x: Floats, truth: Floats, offset: Floats, ridge: float) -> Floats:
    """argmin_w Σ log(1 + e^z) − t z + ridge/2 |w|², z = x w + offset; F × C.

    Steps of A⁻¹ times the gradient, A = xᵀx / 4 + ridge I, which bounds the curvature (Böhning
    1992) for all conditions at once; hastened as Nesterov (1983) does.
    """
    inverse = np.linalg.inv(0.25 * (x.T @ x) + ridge * np.eye(x.shape[1]))
    weights = ahead = np.zeros((x.shape[1], truth.shape[1]))
    for k in range(1, ROUNDS + 1):
        chance = 1.0 / (1.0 + np.exp(-(x @ ahead + offset)))
        stepped = ahead - inverse @ (x.T @ (chance - truth) + ridge * ahead)
        ahead = stepped + (k - 1) / (k + 2) * (stepped - weights)
        weights = stepped
    return weights


def logit(p: Floats) -> Floats:
    """log(p / (1 - p)), p kept EDGE away from 0 and 1."""
    p = np.clip(p, EDGE, 1 - EDGE)
    found: Floats = np.log(p) - np.log1p(-p)
    return found
