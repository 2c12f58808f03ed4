"""The posterior of every condition given one person's evidence, and by which method it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from moongate.health.inference.exact import exact_posterior
from moongate.health.inference.hypotheses import Hypotheses, enumerate_hypotheses
from moongate.health.inference.network import Evidence, Network

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Posterior:
    """`probability` (n,) of each condition; `method` "exact", or "approximate" with its `tail`.

    `tail` is the share of the approximation's weight on its largest hypotheses (three conditions):
    near 0 it is as good as exact. `order` (n,) lists the conditions, likeliest first.
    """

    probability: Floats
    method: Literal["exact", "approximate"]
    tail: float
    hypotheses: Hypotheses

    @property
    def order(self) -> NDArray[np.int64]:
        return np.argsort(-self.probability, kind="stable")


def posterior(network: Network, evidence: Evidence, *, exact: bool = True) -> Posterior:
    """The posterior for closed evidence (`Network.closed`).

    With `exact` and no more positive findings than the settings allow, it is exact; otherwise the
    enumeration of hypotheses of at most three conditions, which says so.
    """
    prior = network.prior(evidence)
    positive, negative = network.observed(evidence)
    q = np.ascontiguousarray(network.q[:, positive])
    leak = network.leak[positive]
    prior = prior * network.bearing(positive)
    absent = np.exp(network.log_silent[:, negative].sum(axis=1))
    absent *= network.unsaid(evidence)
    unexplained = network.settings.unexplained
    hypotheses = enumerate_hypotheses(prior, q, leak, absent, unexplained=unexplained)
    if exact and len(positive) <= network.settings.exact_positives:
        probability, log_evidence = exact_posterior(prior, q, leak, absent)
        probability = _with_a_reason(probability, log_evidence, prior, leak, unexplained)
        return Posterior(probability, "exact", 0.0, hypotheses)
    return Posterior(hypotheses.marginal, "approximate", hypotheses.tail, hypotheses)


def _with_a_reason(
    probability: Floats, log_evidence: float, prior: Floats, leak: Floats, unexplained: float
) -> Floats:
    """The posterior given that people seldom seek help for nothing.

    The hypothesis without any condition keeps the share `unexplained` of its weight; all others
    contain a condition, so every posterior grows by one and the same factor.
    """
    nothing = np.exp(np.log1p(-prior).sum() + np.log(leak).sum() - log_evidence)
    return np.asarray(np.minimum(probability / (1 - (1 - unexplained) * nothing), 1.0))
