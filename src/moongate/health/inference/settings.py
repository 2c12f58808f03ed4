"""The engine's own numbers, each in one place. They hold for every condition alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Numbers that belong to the engine and to no condition.

    prior_exponent: rates are raised to it, because those who ask are not a sample of all episodes.
    prior_sum: expected number of conditions behind one consultation.
    prior_limit: the largest prior of any condition.
    risk_exponent: relative risks are raised to it; several risk factors overlap.
    named_factor, denied_factor: what a prior is multiplied by when the person names the condition,
        or says that they have not got it. A name is a hint: it may be a guess.
    essential_absent, essential_unsaid: factors on a condition whose needed background (pregnancy
        for pre-eclampsia) is denied, or was not spoken of.
    unexplained: what is kept of the weight of having nothing in the base, and of the prior of every
        condition that explains nothing of what is felt: people seldom seek help for nothing.
    resemblance: nats for each unit of how much the person's words resemble the description of a
        condition (`language/resemblance.py`).
    mention: probability that somebody names a symptom unasked when they tell what is wrong.
    leak_floor, q_limit: no finding is impossible without a condition, none certain with one.
    course_leak: the leak of how long it has gone on.
    exact_positives: up to so many positive findings the exact posterior is used for a result.
    max_questions: the assessment never asks more.
    stop_gain: nats of information below which a question is not worth asking.
    """

    prior_exponent: float = 0.3
    prior_sum: float = 1.2
    prior_limit: float = 0.3
    risk_exponent: float = 0.9
    named_factor: float = 2.0
    denied_factor: float = 0.3
    essential_absent: float = 0.02
    essential_unsaid: float = 0.3
    unexplained: float = 0.03
    resemblance: float = 0.4
    mention: float = 0.15
    leak_floor: float = 0.01
    q_limit: float = 0.97
    course_leak: float = 0.05
    exact_positives: int = 12
    max_questions: int = 20
    stop_gain: float = 0.03


DEFAULT = Settings()
