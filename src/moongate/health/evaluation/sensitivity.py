"""Which figures the rankings hang on: move each within its range and see whether the first changes.

For each condition a typical case is made (its findings above a half present), then every figure
that bears on the case, of the condition and of its nearest rivals, is set to the ends of its range.
A figure is *decisive* when that changes which condition comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from moongate.health.inference.hypotheses import enumerate_hypotheses
from moongate.health.inference.network import Evidence, Network
from moongate.health.knowledge.ranges import letter_of, probability_range

RIVALS = 3
MAX_POSITIVE = 8


@dataclass(frozen=True)
class Decisive:
    """A figure whose range changes a ranking: in which case, from which first to which."""

    case: str
    condition: str
    finding: str
    value: float
    end: float
    confidence: str
    first: str
    becomes: str


def typical_case(network: Network, condition: str) -> Evidence:
    """The condition's commonest findings, most probable first, at most eight, parents included."""
    c = network.base.conditions[condition]
    rows = sorted(c.findings, key=lambda row: (-float(row[1]), str(row[0])))
    chosen: set[str] = set()
    for row in rows:
        above = network.parent.get(str(row[0]))
        if float(row[1]) >= 0.5 and (above is None or above in chosen):
            chosen.add(str(row[0]))
        if len(chosen) >= MAX_POSITIVE:
            break
    if not chosen:
        chosen.add(str(rows[0][0]))
    sex = "female" if c.female > 0.98 else "male" if c.female < 0.02 else None
    bands = (0.5, 3.0, 10.0, 20.0, 35.0, 55.0, 72.0, 85.0)
    age = bands[int(np.argmax(c.age))]
    return network.closed(Evidence(age=age, sex=sex, present=frozenset(chosen)))  # type: ignore[arg-type]


def sensitivity(
    network: Network, progress: Callable[[int], None] = lambda done: None
) -> tuple[dict[str, Any], list[Decisive]]:
    """A summary and every decisive figure, over one typical case a condition."""
    found: list[Decisive] = []
    first_right = figures = 0
    for done, condition in enumerate(network.conditions, start=1):
        evidence = typical_case(network, condition)
        prior = network.prior(evidence)
        positive, negative = network.observed(evidence)
        q = network.q[:, positive].copy()
        leak = network.leak[positive]
        absent = np.exp(network.log_silent[:, negative].sum(axis=1))
        base = enumerate_hypotheses(prior, q, leak, absent).marginal
        order = np.argsort(-base, kind="stable")
        first = int(order[0])
        first_right += network.conditions[first] == condition
        for i in order[:RIVALS]:
            entry = network.base.conditions[network.conditions[i]]
            letters = {str(row[0]): letter_of(entry, row) for row in entry.findings}
            for k, column in enumerate(positive):
                name = network.findings[column]
                if q[i, k] == 0 or name not in letters:
                    continue
                figures += 1
                for end in probability_range(float(q[i, k]), letters[name]):
                    moved = q.copy()
                    moved[i, k] = end
                    now = int(np.argmax(enumerate_hypotheses(prior, moved, leak, absent).marginal))
                    if now != first:
                        names = (condition, network.conditions[i], name)
                        figures_ = (round(float(q[i, k]), 3), round(end, 3), letters[name])
                        places = (network.conditions[first], network.conditions[now])
                        found.append(Decisive(*names, *figures_, *places))
        progress(done)
    cases = len({d.case for d in found})
    summary = {
        "cases": len(network.conditions),
        "first_is_right": first_right,
        "figures_moved": figures,
        "decisive": len(found),
        "cases_that_hang_on_a_figure": cases,
    }
    return summary, sorted(found, key=lambda d: (d.case, d.condition, d.finding, d.end))
