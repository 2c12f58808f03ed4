"""Two versions of the knowledge on the same conversations: how often they say the same.

The other version only looks on: nobody is told what it would have said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moongate.health.assessment import Engine, Result
from moongate.health.evaluation.intervals import wilson
from moongate.health.knowledge.schema import LEVELS, Level
from moongate.health.talk.replaying import assessment_of
from moongate.health.talk.steps import Talk

TOPS = (1, 3, 5)


@dataclass(frozen=True)
class Pair:
    """One conversation: urgency and likeliest conditions, by the version in use and the other."""

    level: tuple[Level, Level]
    named: tuple[tuple[str, ...], tuple[str, ...]]


def compare_versions(
    now: Engine,
    other: Engine,
    talks: Iterable[Talk],
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """The summary over conversations, each replayed by both engines."""
    pairs = []
    for done, talk in enumerate(talks, start=1):
        pairs.append(_pair(now, other, talk))
        progress(done)
    return {"now": now.base.edition, "other": other.base.edition, **summarise(pairs)}


def summarise(pairs: list[Pair]) -> dict[str, Any]:
    """Rates with Wilson 95 % intervals; None where there was nothing to count.

    `emergencies_lowered` are conversations that the version in use calls an emergency and the other
    does not: each must be looked at before the other is put in use.
    """
    n = len(pairs)
    steps = [LEVELS.index(pair.level[0]) - LEVELS.index(pair.level[1]) for pair in pairs]
    emergencies = [pair for pair in pairs if pair.level[0] == "emergency"]
    counts = {
        "same_urgency": sum(step == 0 for step in steps),
        "more_urgent": sum(step > 0 for step in steps),
        "less_urgent": sum(step < 0 for step in steps),
        "same_first": sum(_share(pair, 1) == 1 for pair in pairs),
    }
    summary: dict[str, Any] = {"n": n}
    for name, count in counts.items():
        summary[name] = count / n if n else None
        summary[f"{name}_interval"] = list(wilson(count, n)) if n else None
    for top in TOPS:
        shares = [_share(pair, top) for pair in pairs]
        summary[f"shared_of_top_{top}"] = sum(shares) / n if n else None
    lowered = sum(pair.level[1] != "emergency" for pair in emergencies)
    summary["emergencies"] = len(emergencies)
    summary["emergencies_lowered"] = lowered
    return summary


def _pair(now: Engine, other: Engine, talk: Talk) -> Pair:
    results = [_result(engine, talk) for engine in (now, other)]
    return Pair(
        (results[0].triage.level, results[1].triage.level),
        (_named(results[0]), _named(results[1])),
    )


def _result(engine: Engine, talk: Talk) -> Result:
    return engine.result(assessment_of(engine, talk), most=max(TOPS))


def _named(result: Result) -> tuple[str, ...]:
    return tuple(name for name, _probability in result.conditions)


def _share(pair: Pair, top: int) -> float:
    """How much of the first `top` of the version in use is among the other's first `top`."""
    first, second = (set(named[:top]) for named in pair.named)
    return len(first & second) / max(1, len(first))
