"""The network's tables, made once from a knowledge base, and the evidence of one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from moongate.health.inference.settings import DEFAULT, Settings
from moongate.health.knowledge.loader import Base
from moongate.health.knowledge.schema import AGE_BANDS, COURSES, LEVELS, Course, Sex

Floats = NDArray[np.float64]
Resembles = Callable[[frozenset[str]], Floats]
COUNTRIES = ("uk", "cn")
ESSENTIAL = 100.0  # relative risk from which the condition cannot be without the risk factor


@dataclass(frozen=True)
class Evidence:
    """What is known of one person.

    `unknown` are findings that were asked in vain; `named` conditions that the person says they
    have, `denied` conditions that they say they have not; `words` what they wrote, in ideas.
    """

    age: float | None = None
    sex: Sex | None = None
    country: str = "uk"
    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    course: Course | None = None
    named: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def with_(self, finding: str, answer: str) -> Evidence:
        """The evidence after one more answer: "present", "absent" or "unknown"."""
        sets = {name: getattr(self, name) - {finding} for name in ("present", "absent", "unknown")}
        sets[answer] = sets[answer] | {finding}
        return replace(self, **sets)


@dataclass(frozen=True)
class Network:
    """Tables over n conditions, f findings (courses last) and r risk factors.

    `q` (n, f) is the probability that a condition causes a finding (an attribute: given its
    parent),
    `leak` (f,), `relative` (n, r) the relative risks, `common` (r,) how common each risk factor is,
    `rates` (2, n) new episodes a year in each country, `ages` (n, 8), `female` (n,),
    `levels` (n, 5) the triage distribution. `resemblance` scores (n,) how much a person's words
    resemble each condition's description; without it words do not count.
    """

    base: Base
    settings: Settings
    conditions: tuple[str, ...]
    findings: tuple[str, ...]
    risks: tuple[str, ...]
    q: Floats
    leak: Floats
    relative: Floats
    common: Floats
    rates: Floats
    ages: Floats
    female: Floats
    levels: Floats
    parent: dict[str, str]
    children: dict[str, tuple[str, ...]]
    resemblance: Resembles | None = field(default=None, compare=False)

    @cached_property
    def finding_at(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.findings)}

    @cached_property
    def risk_at(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.risks)}

    @cached_property
    def condition_at(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.conditions)}

    @cached_property
    def log_silent(self) -> Floats:
        """(n, f) log(1 - q)."""
        return np.log1p(-self.q)

    def bearing(self, positive: list[int]) -> Floats:
        """(n,) factor for conditions that explain nothing of what is felt: not why one comes."""
        felt = [column for column in positive if column < len(self.findings) - len(COURSES)]
        if not felt:
            return np.ones(len(self.conditions))
        explains = np.atleast_1d(self.links[:, felt].any(axis=1))
        return np.where(explains, 1.0, self.settings.unexplained)

    def _essential_unsaid(self, evidence: Evidence) -> Floats:
        """(n,) factor for conditions that need a background which nobody has spoken of."""
        factor = np.ones(len(self.conditions))
        for at, needy in self._needy:
            name = self.risks[at]
            if name not in evidence.present and name not in evidence.absent:
                factor[needy] = self.settings.essential_unsaid
        return factor

    @cached_property
    def _needy(self) -> tuple[tuple[int, NDArray[np.bool_]], ...]:
        """Risk factors that some condition cannot be without, and which conditions."""
        needy = self.relative >= ESSENTIAL
        return tuple((int(at), needy[:, at]) for at in np.flatnonzero(needy.any(axis=0)))

    def unsaid(self, evidence: Evidence) -> Floats:
        """(n,) likelihood that a person with each condition leaves unsaid what they did not say.

        Whoever tells their trouble names what they feel with probability `mention` (settings);
        attributes and results do not count.
        """
        mention = self.settings.mention
        if not mention or not evidence.present:
            return np.ones(len(self.conditions))
        known = evidence.present | evidence.absent
        said = [self.complaints[name] for name in known if name in self.complaints]
        total, each = self._log_unsaid
        return np.asarray(np.exp(total - each[:, said].sum(axis=1)))

    @cached_property
    def complaints(self) -> dict[str, int]:
        """What a person feels and would say unasked (no attributes), with their columns."""
        return {
            name: column
            for name, column in self.finding_at.items()
            if name in self.base.findings
            and self.base.findings[name].kind == "symptom"
            and name not in self.parent
        }

    @cached_property
    def _log_unsaid(self) -> tuple[Floats, Floats]:
        """Over all complaints (n,), and of each finding (n, f)."""
        each = np.log1p(-self.settings.mention * self.q)
        return each[:, list(self.complaints.values())].sum(axis=1), each

    @cached_property
    def silent(self) -> Floats:
        """(n, f) 1 - q."""
        return np.asarray(1 - self.q)

    @cached_property
    def links(self) -> NDArray[np.bool_]:
        """(n, f) whether the condition causes the finding."""
        return np.asarray(self.q > 0)

    @cached_property
    def risk_ratio(self) -> Floats:
        """(n, r) how much likelier the risk factor is in people with the condition."""
        factor = np.power(self.relative, self.settings.risk_exponent)
        return np.asarray(factor / (1 + self.common * (factor - 1)))

    @cached_property
    def weighs(self) -> NDArray[np.bool_]:
        """(n, r) whether the risk factor bears on the condition."""
        return np.asarray(self.relative != 1)

    @cached_property
    def askable(self) -> tuple[tuple[str, str | None, Sex | None, tuple[float, float] | None], ...]:
        """What can be asked: its parent, whose it can be and at what age."""
        table = self.base.findings
        return tuple(
            (name, table[name].parent, table[name].sex, table[name].age)
            for name in table
            if name in self.finding_at or name in self.risk_at
        )

    def closed(self, evidence: Evidence) -> Evidence:
        """The evidence with what follows: parents of what is there, what it excludes."""
        present = set(evidence.present)
        for name in evidence.present:
            above = self.parent.get(name)
            while above is not None:
                present.add(above)
                above = self.parent.get(above)
        absent = set(evidence.absent) - present
        for name in present:
            absent |= set(self.base.findings[name].excludes) - present
        return replace(
            evidence, present=frozenset(present), absent=frozenset(absent),
            unknown=evidence.unknown - present - absent,
        )  # fmt: skip

    def prior(self, evidence: Evidence) -> Floats:
        """(n,) probability that each condition is behind this consultation, before any symptom."""
        rates = self.rates[COUNTRIES.index(evidence.country)].copy()
        if evidence.age is not None:
            band = sum(evidence.age >= first for first in AGE_BANDS) - 1
            rates *= self.ages[:, band]
        if evidence.sex is not None:
            rates *= 2 * (self.female if evidence.sex == "female" else 1 - self.female)
        flat = np.power(rates, self.settings.prior_exponent)
        prior = self.settings.prior_sum * flat / max(flat.sum(), 1e-300)
        for name, sign in [(n, True) for n in evidence.present] + [
            (n, False) for n in evidence.absent
        ]:
            at = self.risk_at.get(name)
            if at is None:
                continue
            ratio = self.risk_ratio[:, at]
            common = self.common[at]
            without = np.maximum((1 - common * ratio) / (1 - common), 1e-3)
            essential = self.relative[:, at] >= ESSENTIAL
            without[essential] = np.minimum(without[essential], self.settings.essential_absent)
            prior *= ratio if sign else without
        prior *= self._essential_unsaid(evidence)
        for names, factor in (
            (evidence.named, self.settings.named_factor),
            (evidence.denied, self.settings.denied_factor),
        ):
            for name in names:
                prior[self.condition_at[name]] *= factor
        if self.resemblance is not None and evidence.words:
            score = self.settings.resemblance * self.resemblance(evidence.words)
            total = prior.sum()
            prior *= np.exp(score - score.max())
            prior *= total / max(prior.sum(), 1e-300)
        return np.asarray(np.clip(prior, 0.0, self.settings.prior_limit))

    def observed(self, evidence: Evidence) -> tuple[list[int], list[int]]:
        """Columns of the positive and of the negative findings that count."""
        positive, negative = [], []
        for name in sorted(evidence.present):
            if name in self.finding_at:
                positive.append(self.finding_at[name])
        for name in sorted(evidence.absent):
            at = self.finding_at.get(name)
            above = self.parent.get(name)
            # "No" to a test result means "not told so" far oftener than "tested and negative".
            told = name in self.finding_at and self.base.findings[name].kind != "test"
            if at is not None and told and (above is None or above in evidence.present):
                negative.append(at)
        if evidence.course is not None:
            for course in COURSES:
                (positive if course == evidence.course else negative).append(
                    self.finding_at[f"course_{course}"]
                )
        return positive, negative


def build_network(base: Base, settings: Settings = DEFAULT) -> Network:
    """The tables of a checked base."""
    conditions = tuple(base.conditions)
    named = {str(row[0]) for c in base.conditions.values() for row in c.risks}
    risks = tuple(name for name, f in base.findings.items() if f.kind == "risk" or name in named)
    findings = tuple(name for name, f in base.findings.items() if f.kind != "risk")
    findings += tuple(f"course_{course}" for course in COURSES)
    finding_at = {name: i for i, name in enumerate(findings)}
    risk_at = {name: i for i, name in enumerate(risks)}
    n, f, r = len(conditions), len(findings), len(risks)
    q = np.zeros((n, f))
    relative = np.ones((n, r))
    leak = np.full(f, settings.course_leak)
    for name, entry in base.findings.items():
        if name in finding_at:
            leak[finding_at[name]] = max(entry.leak, settings.leak_floor)
    common = np.array([base.findings[name].leak for name in risks])
    for i, name in enumerate(conditions):
        condition = base.conditions[name]
        for row in condition.findings:
            q[i, finding_at[str(row[0])]] = min(float(row[1]), settings.q_limit)
        for row in condition.risks:
            relative[i, risk_at[str(row[0])]] = float(row[1])
        for course in COURSES:
            share = condition.course.get(course, 0.0)
            q[i, finding_at[f"course_{course}"]] = min(max(share, 0.01), settings.q_limit)
    children: dict[str, list[str]] = {}
    parent = {name: e.parent for name, e in base.findings.items() if e.parent is not None}
    for name, above in parent.items():
        children.setdefault(above, []).append(name)
    table = base.conditions
    return Network(
        base=base,
        settings=settings,
        conditions=conditions,
        findings=findings,
        risks=risks,
        q=q,
        leak=leak,
        relative=relative,
        common=common,
        rates=np.array([[max(table[c].rate[k], 0.02) for c in conditions] for k in ("uk", "cn")]),
        ages=np.array([[max(a, 0.004) for a in table[c].age] for c in conditions]),
        female=np.array([min(max(table[c].female, 0.0005), 0.9995) for c in conditions]),
        levels=np.array(
            [[table[c].triage.get(level, 0.0) for level in LEVELS] for c in conditions]
        ),
        parent=parent,
        children={name: tuple(sorted(names)) for name, names in children.items()},
    )
