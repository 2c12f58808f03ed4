"""The posterior over explicit hypotheses: which few conditions are present, and no others.

It enumerates every hypothesis of at most one condition, of two among the most promising, and of
three among the best of those, and weighs each exactly. What it leaves out is small while priors are
small, and `tail` reports how much weight the largest hypotheses carry: where three still matter,
four might. The questions and the triage work on these hypotheses, whose likelihoods are products.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
PAIRS_AMONG = 64
TRIPLES_AMONG = 16
KEPT = 200


@dataclass(frozen=True)
class Hypotheses:
    """`members` (h, 3) condition indices, -1 for none; `weight` (h,) sums to 1, largest first.

    `marginal` (n,) is the posterior of each condition over *all* enumerated hypotheses, `nothing`
    the weight of the hypothesis without any condition, `tail` the weight of those with three.
    """

    members: Ints
    weight: Floats
    marginal: Floats
    nothing: float
    tail: float


def enumerate_hypotheses(
    prior: Floats,
    q: Floats,
    leak: Floats,
    absent: Floats,
    kept: int = KEPT,
    unexplained: float = 1.0,
) -> Hypotheses:
    """Arguments as in `exact_posterior`; any number of positives.

    `unexplained` multiplies the weight of the hypothesis without any condition. `kept` bounds how
    many hypotheses are returned (their weights are then scaled to sum to 1).
    """
    n = prior.shape[0]
    odds = prior / np.maximum(1.0 - prior, 1e-12) * absent
    silent = 1.0 - q
    quiet = 1.0 - leak
    single = odds * np.prod(1.0 - quiet[None, :] * silent, axis=1)
    order = np.argsort(-single, kind="stable")
    # A good second cause explains what the best first ones leave; so rank by that as well.
    partners = list(order[:PAIRS_AMONG].tolist())
    chosen = np.array(sorted(set(partners)), dtype=np.int32)
    members, weights = _combine(odds, silent, quiet, chosen, order[:TRIPLES_AMONG].astype(np.int32))
    nothing = unexplained * float(np.prod(leak))
    all_members = np.concatenate(
        [
            np.full((1, 3), -1, dtype=np.int32),
            np.stack([np.arange(n, dtype=np.int32), *[np.full(n, -1, dtype=np.int32)] * 2], axis=1),
            members,
        ]
    )
    all_weights = np.concatenate([[nothing], single, weights])
    total = all_weights.sum()
    if not total > 0:
        all_weights[0], total = 1.0, 1.0
    all_weights = all_weights / total
    marginal = np.zeros(n)
    for column in range(3):
        used = all_members[:, column] >= 0
        np.add.at(marginal, all_members[used, column], all_weights[used])
    tail = float(all_weights[all_members[:, 2] >= 0].sum())
    best = np.argsort(-all_weights, kind="stable")[:kept]
    weight = all_weights[best]
    return Hypotheses(
        all_members[best], weight / weight.sum(), marginal, float(all_weights[0]), tail
    )


@njit(cache=True)
def _combine(odds, silent, quiet, pairs_of, triples_of):  # type: ignore[no-untyped-def]
    m = quiet.shape[0]
    k, t = pairs_of.shape[0], triples_of.shape[0]
    count = k * (k - 1) // 2 + t * (t - 1) * (t - 2) // 6
    members = np.full((count, 3), -1, dtype=np.int32)
    weights = np.empty(count)
    at = 0
    for i in range(k):
        a = pairs_of[i]
        for j in range(i + 1, k):
            b = pairs_of[j]
            w = odds[a] * odds[b]
            for f in range(m):
                w *= 1.0 - quiet[f] * silent[a, f] * silent[b, f]
            members[at, 0], members[at, 1] = a, b
            weights[at] = w
            at += 1
    for i in range(t):
        a = triples_of[i]
        for j in range(i + 1, t):
            b = triples_of[j]
            for m_ in range(j + 1, t):
                c = triples_of[m_]
                w = odds[a] * odds[b] * odds[c]
                for f in range(m):
                    w *= 1.0 - quiet[f] * silent[a, f] * silent[b, f] * silent[c, f]
                members[at, 0], members[at, 1], members[at, 2] = a, b, c
                weights[at] = w
                at += 1
    return members, weights
