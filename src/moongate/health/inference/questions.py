"""Which question next: signs of danger first, then expected information and value for urgency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numba import vectorize
from numpy.typing import NDArray

from moongate.health.inference.network import Evidence, Network
from moongate.health.inference.posterior import Posterior
from moongate.health.inference.red_flags import open_rules
from moongate.health.inference.triage import LOSS, level_table
from moongate.health.knowledge.schema import COURSES

Floats = NDArray[np.float64]
Kind = Literal["finding", "danger", "attributes", "symptoms", "background", "results", "course"]
# How many options one question shows: a list of illnesses and medicines is read faster than felt.
MAX_OPTIONS: dict[Kind, int] = {
    "finding": 1, "danger": 6, "attributes": 8, "symptoms": 8, "background": 12, "results": 8,
    "course": 4,
}  # fmt: skip
# P(somebody who would have this result has been tested and told).
TOLD = 0.3
URGENCY_WEIGHT = 0.05  # nats that one unit of expected loss is worth
# A danger is asked about while P(sign) x P(feared conditions) reaches this; the first time, always.
DANGER_FIRST, DANGER_LATER = 1e-6, 1e-3
MAX_RED_FLAGS = 4
GROUP_SHARE = 0.7  # attributes asked together overlap


@dataclass(frozen=True)
class Question:
    """What to ask next.

    `kind`: "finding" (yes, no or don't know), "danger" (signs of danger: the first question where
    a red flag is open), "attributes" (which of these, of one parent), "symptoms", "background" or
    "results" (which of these complaints, risk factors, or results they were told), "course" (how
    long).
    `why`: "red flag" with the rules' ids, "urgency", or "tells apart" with the two conditions that
    it separates most. `gain` is in nats.
    """

    kind: Kind
    findings: tuple[str, ...]
    why: Literal["red flag", "urgency", "tells apart"]
    about: tuple[str, ...]
    gain: float


def next_question(
    network: Network, evidence: Evidence, found: Posterior, asked_flags: int = 0
) -> Question | None:
    """The most useful question for closed evidence, or None when more would change nothing."""
    names, yes = _answers(network, evidence, found)
    if not names:
        return None
    weight = found.hypotheses.weight
    gain, chance = _information(weight, yes)
    value = _urgency_value(weight, yes, level_table(network, found))
    tests = [i for i, name in enumerate(names) if _kind_of(network, name) == "results"]
    gain[tests] = TOLD * _information_of_yes(weight, yes[:, tests], chance[tests])
    value[tests] = 0.0
    score = gain + URGENCY_WEIGHT * value
    at = {name: i for i, name in enumerate(names)}
    if asked_flags < MAX_RED_FLAGS:
        rules, dangers = _dangers(network, evidence, found, chance, at, asked_flags)
        if dangers:
            total = float(sum(score[at[f]] for f in dangers))
            return Question(
                "danger" if len(dangers) > 1 else "finding", dangers, "red flag", rules, total
            )
    best = _group(network, names, score, at)
    if best is None or best[2] < network.settings.stop_gain:
        return None
    kind, chosen, total = best
    i = at[chosen[0]]
    urgent = URGENCY_WEIGHT * value[i] > gain[i]
    about = () if urgent else _separated(network, found, weight, yes[:, i])
    return Question(kind, chosen, "urgency" if urgent else "tells apart", about, total)


def _answers(network: Network, evidence: Evidence, found: Posterior) -> tuple[list[str], Floats]:
    """Names of what can be asked, and (h, k) the probability of yes under each hypothesis."""
    settled = evidence.present | evidence.absent | evidence.unknown
    members = found.hypotheses.members
    # Only what some condition in play causes or weighs can be informative.
    live = np.unique(members[members >= 0])
    caused = np.atleast_1d(network.links[live].any(axis=0))
    weighed = np.atleast_1d(network.weighs[live].any(axis=0))
    findings, risks = [], []
    for name, above, sex, age in network.askable:
        if name in settled or not (above is None or above in evidence.present):
            continue
        if (sex or age) and not _fits(sex, age, evidence):
            continue
        column = network.finding_at.get(name)
        if column is not None:
            if caused[column]:
                findings.append(name)
        elif weighed[network.risk_at[name]]:
            risks.append(name)
    if evidence.course is None and "course_days" not in settled:
        findings += [f"course_{course}" for course in COURSES]
    columns = [network.finding_at[name] for name in findings]
    yes = 1 - (1 - network.leak[columns])[None, :] * _product(network.silent, members, columns)
    if risks:
        at = [network.risk_at[name] for name in risks]
        factor = _product(network.risk_ratio, members, at)
        more = np.clip(network.common[at] * factor, 1e-6, 0.97)
        yes = np.concatenate([yes, more], axis=1)
    return findings + risks, yes


def _product(table: Floats, members: NDArray[np.int32], columns: list[int]) -> Floats:
    """(h, k) the product of the table's rows over each hypothesis' members."""
    product = np.ones((members.shape[0], len(columns)))
    for column in range(members.shape[1]):
        used = np.flatnonzero(members[:, column] >= 0)
        product[used] *= table[np.ix_(members[used, column], columns)]
    return product


def _fits(sex: str | None, age: tuple[float, float] | None, evidence: Evidence) -> bool:
    if sex is not None and evidence.sex is not None and sex != evidence.sex:
        return False
    return age is None or evidence.age is None or age[0] <= evidence.age <= age[1]


@vectorize(["float64(float64)"], cache=True)  # type: ignore[untyped-decorator]
def _entropy(p: float) -> float:
    if p <= 1e-12 or p >= 1 - 1e-12:
        return 0.0
    return -(p * math.log(p) + (1 - p) * math.log(1 - p))


def _information(weight: Floats, yes: Floats) -> tuple[Floats, Floats]:
    """Mutual information in nats between hypothesis and answer, and the probability of yes."""
    chance = weight @ yes
    return np.maximum(_entropy(chance) - weight @ _entropy(yes), 0.0), chance


def _information_of_yes(weight: Floats, yes: Floats, chance: Floats) -> Floats:
    """Nats that a "yes" tells, times its chance; a "no" to a result means only "not told"."""
    lift = np.log(np.maximum(yes, 1e-12) / np.maximum(chance, 1e-12))
    return np.asarray(np.maximum((weight[:, None] * yes * lift).sum(axis=0), 0.0))


def _urgency_value(weight: Floats, yes: Floats, levels: Floats) -> Floats:
    """Expected loss that knowing each answer saves the triage decision."""
    each = weight[:, None] * (levels @ LOSS)  # (h, 5)
    total = each.sum(axis=0)
    now = total.min()
    joint_yes = yes.T @ each
    joint_no = total[None, :] - joint_yes
    saved = now - joint_yes.min(axis=1) - joint_no.min(axis=1)
    return np.asarray(np.maximum(saved, 0.0))


def _dangers(
    network: Network,
    evidence: Evidence,
    found: Posterior,
    chance: Floats,
    at: dict[str, int],
    asked: int,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules most worth settling, and the findings that settle them, likeliest danger first."""
    worth: dict[str, tuple[float, str]] = {}
    for rule, missing in open_rules(network, evidence):
        think = [network.condition_at[c] for c in network.base.red_flags[rule].think]
        feared = float(found.probability[think].sum()) if think else 1e-3
        for finding in missing:
            if finding in at:
                value = float(chance[at[finding]]) * feared
                if value > worth.get(finding, (0.0, ""))[0]:
                    worth[finding] = (value, rule)
    ranked = sorted(worth, key=lambda f: (-worth[f][0], f))[: MAX_OPTIONS["danger"]]
    least = DANGER_LATER if asked else DANGER_FIRST
    if not ranked or worth[ranked[0]][0] < least:
        return (), ()
    chosen = tuple(f for f in ranked if worth[f][0] >= 0.02 * worth[ranked[0]][0])
    return tuple(dict.fromkeys(worth[f][1] for f in chosen)), chosen


def _group(
    network: Network, names: list[str], score: Floats, at: dict[str, int]
) -> tuple[Kind, tuple[str, ...], float] | None:
    """What is best asked together: one parent's attributes, complaints, background, how long."""
    groups: dict[tuple[Kind, str], list[str]] = {}
    for name in names:
        kind = _kind_of(network, name)
        above = network.parent[name] if kind == "attributes" else ""
        groups.setdefault((kind, above), []).append(name)
    best: tuple[Kind, tuple[str, ...], float] | None = None
    for (kind, _), members in sorted(groups.items()):
        ranked = sorted(members, key=lambda n: (-score[at[n]], n))[: MAX_OPTIONS[kind]]
        scores = [float(score[at[n]]) for n in ranked]
        total = scores[0] + GROUP_SHARE * sum(scores[1:])
        if kind != "course":
            ranked = [n for n, s in zip(ranked, scores, strict=True) if s >= 0.1 * scores[0]]
            if len(ranked) == 1 and kind != "results":
                kind = "finding"
        if kind == "course":
            ranked = [f"course_{course}" for course in COURSES]
        if best is None or total > best[2] + 1e-12:
            best = (kind, tuple(ranked), total)
    return best


def _kind_of(network: Network, name: str) -> Kind:
    """With what a finding is asked together."""
    if name.startswith("course_"):
        return "course"
    kind = network.base.findings[name].kind
    if kind == "test":
        return "results"
    if name in network.parent:
        return "attributes"
    return "background" if kind == "risk" else "symptoms"


def _separated(network: Network, found: Posterior, weight: Floats, yes: Floats) -> tuple[str, ...]:
    """The two likeliest conditions that answer differently: the one it supports comes first."""
    members = found.hypotheses.members
    mean = float(weight @ yes)
    pull = weight * (yes - mean)
    single = (members[:, 0] >= 0) & (members[:, 1] < 0)
    if not single.any():
        return ()
    order = np.where(single, pull, 0.0)
    up, down = int(np.argmax(order)), int(np.argmin(order))
    if order[up] <= 0 or order[down] >= 0:
        return ()
    return (network.conditions[members[up, 0]], network.conditions[members[down, 0]])
