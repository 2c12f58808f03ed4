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
        [0.0, 14.0, 50.0, 85.0, 100.0],
        [4.0, 0.0, 3.5, 10.0, 13.0],
        [6.0, 1.6, 0.0, 5.0, 7.5],
        [11.0, 6.0, 3.6, 0.0, 0.9],
        [12.5, 7.2, 4.8, 0.9, 0.0],
    ]
)
# The right level where nothing in the base is behind it.
NOTHING = (0.0, 0.05, 0.35, 0.3, 0.3)
SHARPNESS = 1.5  # how much the likelier conditions count above the others
LEAST = 0.003  # no level is ever quite ruled out
# Three numbers fitted on written cases (docs/evaluation.md), for a diagnosis that is quite sure.
STRETCH = 1.77  # of log P(level)
EMERGENCY_NATS = 1.41
HOME_NATS = 0.97  # what a pharmacist or the person alone can see to
UNEXPLAINED_LIMIT = 0.5
ALARM_NEEDS = 0.13  # P(emergency) below which alarming words alone raise nothing


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
    table[empty] = NOTHING
    return np.clip(table, 0.0, 1.0)


def level_shares(network: Network, found: Posterior) -> Floats:
    """(5,) each level's share: of the conditions' levels, weighed by P(condition)^SHARPNESS.

    A second condition that rides along with the first does not make it more urgent, as it would
    if hypotheses took their most urgent one; the signs of danger themselves are the rules' part.
    """
    weight = np.power(found.probability, SHARPNESS)
    total = weight.sum()
    nothing = found.hypotheses.nothing if total > 0 else 1.0
    shares = (weight / max(total, 1e-300)) @ network.levels
    return np.asarray((1 - nothing) * shares + nothing * np.array(NOTHING))


def calibrated(shares: Floats, sure: float) -> Floats:
    """(5,) P(level) from shares (5,); `sure` is the likeliest condition's share of the posterior.

    log P = k log share + sqrt(sure) (nats of the level), k = 1 + sqrt(sure) (STRETCH - 1): what
    is hardly known stays as it is.
    """
    much = np.sqrt(sure)
    nats = np.array((EMERGENCY_NATS, 0.0, 0.0, HOME_NATS, HOME_NATS))
    score = (1 + much * (STRETCH - 1)) * np.log(shares + LEAST) + much * nats
    chance = np.exp(score - score.max())
    return np.asarray(chance / chance.sum())


def decide(network: Network, evidence: Evidence, found: Posterior) -> Triage:
    """The level for closed evidence; of whom nothing was understood: see a doctor."""
    total = float(found.probability.sum())
    sure = float(found.probability.max()) / total if total > 0 else 0.0
    probability = calibrated(level_shares(network, found), sure)
    loss = probability @ LOSS
    chosen = int(np.argmin(loss))
    reason: Literal["expected loss", "red flag", "little known"] = "expected loss"
    nothing_heard = not evidence.present and not evidence.named
    unexplained = found.hypotheses.nothing > UNEXPLAINED_LIMIT and chosen > LEVELS.index("gp")
    if nothing_heard or unexplained:
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
