"""Why a condition stands where it stands: what spoke for it, what against, what was not asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moongate.health.inference.network import Evidence, Network


@dataclass(frozen=True)
class Explained:
    """Log-likelihood contributions in nats (positive: for), largest first, and open findings.

    A finding's contribution compares its probability with this condition alone to its probability
    without any condition: log P(answer | condition) - log P(answer | leak). A risk factor's is the
    logarithm of its relative risk against the average person. `open` are findings that this
    condition usually causes and nobody asked about.
    """

    condition: str
    for_: tuple[tuple[str, float], ...]
    against: tuple[tuple[str, float], ...]
    open: tuple[str, ...]


def explain(network: Network, evidence: Evidence, condition: str) -> Explained:
    """The explanation of one condition for closed evidence."""
    i = network.condition_at[condition]
    parts: list[tuple[str, float]] = []
    positive, negative = network.observed(evidence)
    for sign, columns in ((True, positive), (False, negative)):
        for column in columns:
            q, leak = network.q[i, column], network.leak[column]
            if sign:
                value = float(np.log(1 - (1 - leak) * (1 - q)) - np.log(leak))
            else:
                value = float(np.log1p(-q))
            name = network.findings[column]
            if sign or not name.startswith("course_"):
                parts.append((name, value))
    for name, known in [(n, True) for n in evidence.present] + [
        (n, False) for n in evidence.absent
    ]:
        at = network.risk_at.get(name)
        if at is not None and network.relative[i, at] != 1:
            factor = network.relative[i, at]
            mean = 1 + network.common[at] * (factor - 1)
            parts.append((name, float(np.log((factor if known else 1.0) / mean))))
    settled = evidence.present | evidence.absent | evidence.unknown
    open_ = [
        name for name, column in network.finding_at.items()
        if network.q[i, column] >= 0.4 and name not in settled and not name.startswith("course_")
        and network.parent.get(name, name) in evidence.present | {name}
    ]  # fmt: skip
    open_.sort(key=lambda name: (-network.q[i, network.finding_at[name]], name))
    return Explained(
        condition,
        tuple(sorted((p for p in parts if p[1] > 0.05), key=lambda p: (-p[1], p[0]))),
        tuple(sorted((p for p in parts if p[1] < -0.05), key=lambda p: (p[1], p[0]))),
        tuple(open_[:8]),
    )
