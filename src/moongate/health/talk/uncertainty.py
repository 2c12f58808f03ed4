"""How far the probabilities of a result could lie elsewhere, given how sure the knowledge is.

Every figure that bears on the case is drawn from its own range (`knowledge/ranges.py`): how often
each condition causes what is there and what is not, and how common it is. The posterior over the
same hypotheses is reckoned anew for each draw; the range is what nine in ten draws lie within. It
says nothing of what the knowledge does not hold, or of answers that were wrong.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from moongate.health.inference.network import Evidence, Network
from moongate.health.inference.posterior import Posterior
from moongate.health.knowledge.ranges import COVERED, letter_of
from moongate.health.knowledge.schema import SAMPLE_WEIGHT

Floats = NDArray[np.float64]
DRAWS = 120


def ranges(
    network: Network, evidence: Evidence, found: Posterior, conditions: tuple[str, ...]
) -> dict[str, tuple[float, float]]:
    """(low, high) for each condition, around its posterior; the same for the same case.

    `evidence` is closed, `found` its posterior.
    """
    members = found.hypotheses.members
    live = np.unique(members[members >= 0])
    if len(live) == 0 or not conditions:
        return {}
    positive, negative = network.observed(evidence)
    case = repr((network.base.edition, positive, negative, conditions))
    rng = np.random.default_rng(zlib.crc32(case.encode()))
    row = {int(condition): at for at, condition in enumerate(live)}
    at = np.array([[row.get(int(m), -1) for m in line] for line in members])
    leak = network.leak[positive]
    quiet = 1 - leak
    silent_yes, log_no, log_prior = _drawn(network, live, positive, negative, rng)
    # Draw 0 is the knowledge as it stands; all others are compared with it.
    log_weight = np.zeros((DRAWS + 1, len(members)))
    product = np.broadcast_to(quiet, (DRAWS + 1, len(members), len(positive))).copy()
    for column in range(at.shape[1]):
        used = np.flatnonzero(at[:, column] >= 0)
        chosen = at[used, column]
        product[:, used] *= silent_yes[:, chosen]
        log_weight[:, used] += log_no[:, chosen] + log_prior[:, chosen]
    log_weight += np.log(np.maximum(1 - product, 1e-12)).sum(axis=2)
    shift = log_weight - log_weight[:1]
    weight = found.hypotheses.weight * np.exp(shift - shift.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    told: dict[str, tuple[float, float]] = {}
    ends = ((1 - COVERED) / 2, (1 + COVERED) / 2)
    for name in conditions:
        index = network.condition_at[name]
        p = float(found.probability[index])
        drawn = weight @ (members == index).any(axis=1)
        moved = _logit(drawn) - _logit(drawn[:1])
        low, high = np.quantile(_logit(np.array([p])) + moved[1:], ends)
        told[name] = (min(p, _chance(low)), max(p, _chance(high)))
    return told


def _drawn(
    network: Network,
    live: NDArray[np.int32],
    positive: list[int],
    negative: list[int],
    rng: np.random.Generator,
) -> tuple[Floats, Floats, Floats]:
    """Draws for each live condition: (d, c, k) 1 - q of what is there, (d, c) log likelihood of
    what is not, (d, c) log factor on how common it is. Draw 0 is the knowledge itself."""
    base = network.base
    count = len(live)
    q = network.q[live][:, positive + negative]
    weight = np.empty_like(q)
    spread = np.empty(count)
    names = [network.findings[column] for column in (*positive, *negative)]
    for i, index in enumerate(live):
        entry = base.conditions[network.conditions[index]]
        letters = {str(line[0]): letter_of(entry, line) for line in entry.findings}
        weight[i] = [SAMPLE_WEIGHT[letters.get(name, entry.confidence)] for name in names]
        rate = SAMPLE_WEIGHT[entry.rate_confidence or entry.confidence]
        spread[i] = network.settings.prior_exponent * 2 / np.sqrt(rate)
    drawn = np.zeros((DRAWS + 1, *q.shape))
    caused = q > 0
    alpha, beta = (q * weight)[caused], ((1 - q) * weight)[caused]
    drawn[1:, caused] = rng.beta(alpha, beta, size=(DRAWS, int(caused.sum())))
    drawn[0] = q
    drawn = np.minimum(drawn, network.settings.q_limit)
    silent = 1 - drawn
    yes, no = silent[:, :, : len(positive)], silent[:, :, len(positive) :]
    log_prior = np.zeros((DRAWS + 1, count))
    log_prior[1:] = rng.normal(size=(DRAWS, count)) * spread
    return yes, np.log(no).sum(axis=2), log_prior


def _logit(p: Floats) -> Floats:
    p = np.clip(p, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(p / (1 - p)))


def _chance(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))
