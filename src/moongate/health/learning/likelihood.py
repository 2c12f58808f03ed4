"""From counts to likelihoods: how probable each answer is under each condition.

Smoothing is a Dirichlet prior whose mean is borrowed: for a binary evidence from the other
conditions that list it, for an ordinal one also from the neighbouring values. An evidence that a
condition does not list is nearly impossible under it, whatever the counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.counts import BANDS, Counts, age_band
from moongate.health.learning.dataset import Schema
from moongate.health.learning.patients import Batch

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """The numbers that are chosen, not learnt. Probabilities unless said otherwise."""

    strength: float = 6.0  # patients that a borrowed mean is worth
    unlisted: float = 5e-4  # chance of an evidence that the condition does not list
    floor: float = 1e-4  # least chance of any answer
    temper: float = 0.5  # exponent of a set of options: its options are not independent
    wrong: float = 0.02  # chance that an answer is wrong
    age_strength: float = 10.0  # patients that the population's age and sex are worth
    samples: int = 6  # sets of options kept per condition, to foresee answers


@dataclass(frozen=True)
class Likelihoods:
    """Log-likelihoods per condition.

    prior C, ages C × BANDS, sexes C × 2 (female, male), initial C × E. yes and no C × I: an item
    that is there or is not; for an item of a categorical evidence only `yes` is used.
    """

    schema: Schema
    settings: Settings
    prior: Floats
    ages: Floats
    sexes: Floats
    initial: Floats
    yes: Floats
    no: Floats

    def start(self, batch: Batch) -> Floats:
        """Log prior with age, sex and the initial evidence, N × C, not normalised."""
        found: Floats = (
            self.prior
            + self.ages[:, age_band(batch.age_years)].T
            + self.sexes[:, batch.male.astype(int)].T
            + self.initial[:, batch.initial].T
        )
        return found

    def of_answers(self, evidence: int, items: NDArray[np.bool_]) -> Floats:
        """Log-likelihood of answers (N × options of the evidence) to one evidence, N × C.

        A wrong answer is taken for "no" where "yes" was right (or the reverse) with a binary
        evidence, and for the answer of anybody with the others.
        """
        part = slice(self.schema.first[evidence], self.schema.first[evidence + 1])
        kind = self.schema.evidences[evidence].kind
        yes, no, wrong = self.yes[:, part], self.no[:, part], self.settings.wrong
        if kind == "B":
            there, absent = mix(yes[:, 0], no[:, 0], wrong), mix(no[:, 0], yes[:, 0], wrong)
            return np.where(items, there, absent)
        if kind == "C":
            found = items @ yes.T
        else:
            found = self.settings.temper * (items @ (yes - no).T + no.sum(axis=1))
        weight = np.exp(self.prior)
        top = found.max(axis=1, keepdims=True)
        anybody = np.log(np.exp(found - top) @ weight)[:, None] + top
        return mix(found, anybody, wrong)


def mix(right: Floats, other: Floats, wrong: float) -> Floats:
    """log((1 - wrong) exp(right) + wrong exp(other))."""
    found: Floats = np.logaddexp(np.log1p(-wrong) + right, np.log(wrong) + other)
    return found


def fit(counts: Counts, schema: Schema, settings: Settings) -> Likelihoods:
    """Likelihoods from counts."""
    n = counts.patients
    share = (n + 0.5) / (n + 0.5).sum()
    chances = np.zeros_like(counts.items)
    for e, evidence in enumerate(schema.evidences):
        part = slice(schema.first[e], schema.first[e + 1])
        parent = schema.parent[e]
        asked = n if parent < 0 else counts.items[:, schema.first[parent]]
        listed = schema.listed[:, e]
        if evidence.kind == "B":
            rule = _binary(counts.items[:, part], asked, listed, settings)
        else:
            ordinal = all(option.isdigit() for option in evidence.options)
            borrowed = _borrowed(counts.items[:, part], asked, ordinal and evidence.kind == "C")
            rule = (counts.items[:, part] + settings.strength * borrowed) / (
                asked + settings.strength
            )[:, None]
            at = schema.default_item[e] - schema.first[e]
            known = listed if parent < 0 else listed | ~schema.listed[:, parent]
            rule[~known] = settings.unlisted
            rule[~known, at] = 1 - settings.unlisted
        if evidence.kind == "C":
            rule = rule + settings.floor
            rule /= rule.sum(axis=1, keepdims=True)
        chances[:, part] = rule
    chances = np.clip(chances, settings.floor, 1 - settings.floor)
    return Likelihoods(
        schema,
        settings,
        np.log(share),
        _ages(counts, settings),
        _sexes(counts, settings),
        _initial(counts, schema, chances, settings),
        np.log(chances),
        np.log1p(-chances),
    )


def _binary(count: Floats, asked: Floats, listed: NDArray[np.bool_], settings: Settings) -> Floats:
    """(k + s m) / (n + s), m the mean over the conditions that list the evidence."""
    k, s = count[:, 0], settings.strength
    mean = (k[listed].sum() + 0.5) / (asked[listed].sum() + 1.0)
    found: Floats = (k + s * np.where(listed, mean, settings.unlisted)) / (asked + s)
    return found[:, None]


def _borrowed(count: Floats, asked: Floats, ordinal: bool) -> Floats:
    """The prior mean of each option, C × options."""
    options = count.shape[1]
    pooled = (count.sum(axis=0) + 0.1) / (asked.sum() + 0.1 * options)
    if not ordinal:
        return np.tile(pooled, (len(count), 1))
    width = np.exp(-0.5 * (np.arange(options)[:, None] - np.arange(options)) ** 2)
    width /= width.sum(axis=1, keepdims=True)
    found: Floats = (count @ width + pooled) / (asked + 1.0)[:, None]
    return found


def _ages(counts: Counts, settings: Settings) -> Floats:
    everybody = (counts.ages.sum(axis=0) + 1) / (counts.ages.sum() + BANDS)
    s = settings.age_strength
    found: Floats = np.log((counts.ages + s * everybody) / (counts.patients + s)[:, None])
    return found


def _sexes(counts: Counts, settings: Settings) -> Floats:
    s = settings.age_strength
    male = (counts.males + 0.5 * s) / (counts.patients + s)
    found: Floats = np.log(np.stack([1 - male, male], axis=1))
    return found


def _initial(counts: Counts, schema: Schema, chances: Floats, settings: Settings) -> Floats:
    """The complaint is one of the binary evidences that are there: chance p / Σp to be it.

    Counts correct that guess; the guess is worth `strength` patients times its evidences.
    """
    binary = np.array([evidence.kind == "B" for evidence in schema.evidences])
    guess = np.where(binary, chances[:, schema.first[:-1]], settings.floor)
    ever = counts.initial.sum(axis=0) > 0
    guess = np.where(ever, guess, guess * 0.05)
    guess = guess / guess.sum(axis=1, keepdims=True)
    s = 10 * settings.strength
    found = (counts.initial + s * guess) / (counts.patients + s)[:, None]
    logs: Floats = np.log(found + settings.floor * 1e-2)
    return logs
