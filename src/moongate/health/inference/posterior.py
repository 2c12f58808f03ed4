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
    absent = np.exp(network.log_silent[:, negative].sum(axis=1))
    absent *= network.unsaid(evidence)
    hypotheses = enumerate_hypotheses(prior, q, leak, absent)
    if exact and len(positive) <= network.settings.exact_positives:
        probability, _ = exact_posterior(prior, q, leak, absent)
        return Posterior(probability, "exact", 0.0, hypotheses)
    return Posterior(hypotheses.marginal, "approximate", hypotheses.tail, hypotheses)
