"""Urgency: five levels by asymmetric expected loss, raised by red flags and by ignorance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from moongate.health.inference.network import Evidence, Network
from moongate.health.inference.posterior import Posterior
from moongate.health.inference.red_flags import Fired, fired
from moongate.health.knowledge.schema import LEVELS, Level

Floats = NDArray[np.float64]
# LOSS[true, chosen], levels from emergency to self-care. Sending an emergency home is the worst; an
# ambulance for a cold is no small thing either. Units are arbitrary, only ratios matter; chosen on
# vignettes that we wrote for it (docs/evaluation.md).
LOSS: Floats = np.array(
    [
        [0.0, 12.0, 45.0, 80.0, 100.0],
        [3.2, 0.0, 6.0, 12.0, 18.0],
        [6.5, 1.6, 0.0, 1.5, 3.5],
        [30.0, 10.0, 3.6, 0.0, 0.6],
        [36.0, 12.8, 5.6, 0.4, 0.0],
    ]
)
UNEXPLAINED_LIMIT = 0.5
ALARM_NEEDS = 0.1  # P(emergency) below which alarming words alone raise nothing


@dataclass(frozen=True)
class Triage:
    """`level`, the expected loss of each level (5,), the probability that each is right (5,).

    `reason`: "expected loss", "red flag", "little known" (the base explains little of it) or
    "alarm" (the person's words sound like danger).
    """

    level: Level
    loss: Floats
    probability: Floats
    reason: Literal["expected loss", "red flag", "little known", "alarm"]
    flags: tuple[Fired, ...]


def level_table(network: Network, posterior: Posterior) -> Floats:
    """(h, 5) distribution of the right level under each hypothesis: its most urgent condition's."""
    members = posterior.hypotheses.members
    upto = np.cumsum(network.levels, axis=1)  # P(at least as urgent as level)
    less = np.ones((members.shape[0], 5))
    for column in range(members.shape[1]):
        used = members[:, column] >= 0
        less[used] *= 1 - upto[members[used, column]]
    at_least = 1 - less
    empty = members[:, 0] < 0
    table = np.diff(at_least, axis=1, prepend=0.0)
    table[empty] = (0.0, 0.05, 0.35, 0.3, 0.3)
    return np.clip(table, 0.0, 1.0)


def decide(network: Network, evidence: Evidence, found: Posterior) -> Triage:
    """The level for closed evidence."""
    probability = found.hypotheses.weight @ level_table(network, found)
    total = probability.sum()
    probability = probability / total if total > 0 else np.full(5, 0.2)
    loss = probability @ LOSS
    chosen = int(np.argmin(loss))
    reason: Literal["expected loss", "red flag", "little known"] = "expected loss"
    if found.hypotheses.nothing > UNEXPLAINED_LIMIT and chosen > LEVELS.index("gp"):
        chosen, reason = LEVELS.index("gp"), "little known"
    flags = fired(network, evidence)
    for flag in flags:
        raised = LEVELS.index(flag.rule.level)
        if raised < chosen:
            chosen, reason = raised, "red flag"
    return Triage(LEVELS[chosen], loss, probability, reason, tuple(flags))


def raised(triage: Triage, level: Level | None, always: bool = False) -> Triage:
    """The triage raised to a level that the person's words ask for; never lowered.

    Unless `always`, only where what was understood leaves room for danger: a well understood
    harmless complaint may be told in alarming words.
    """
    if level is None or LEVELS.index(level) >= LEVELS.index(triage.level):
        return triage
    if not always and triage.probability[0] < ALARM_NEEDS:
        return triage
    return replace(triage, level=level, reason="alarm")
