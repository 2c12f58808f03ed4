"""Red-flag rules: which fire, and which one more answer would settle."""

from __future__ import annotations

from dataclasses import dataclass

from moongate.health.inference.network import Evidence, Network
from moongate.health.knowledge.schema import RedFlag


@dataclass(frozen=True)
class Fired:
    """A rule that holds, and the findings that made it hold."""

    id: str
    rule: RedFlag
    because: tuple[str, ...]


def _applies(rule: RedFlag, evidence: Evidence) -> bool:
    if rule.sex is not None and evidence.sex is not None and rule.sex != evidence.sex:
        return False
    if rule.age is not None and evidence.age is not None:
        return rule.age[0] <= evidence.age <= rule.age[1]
    # An unknown age does not switch a danger off, but rules for the very young need to know it.
    return rule.age is None or evidence.age is not None or rule.age[1] > 18


def fired(network: Network, evidence: Evidence) -> list[Fired]:
    """The rules that hold for closed evidence, most urgent first, then by id."""
    found = []
    for name, rule in network.base.red_flags.items():
        if not _applies(rule, evidence):
            continue
        if not all(f in evidence.present for f in rule.all):
            continue
        some = [f for f in rule.any if f in evidence.present]
        if rule.any and not some:
            continue
        if any(f in evidence.present for f in rule.none):
            continue
        found.append(Fired(name, rule, (*rule.all, *some)))
    return sorted(found, key=lambda fire: (fire.rule.level != "emergency", fire.id))


def open_rules(network: Network, evidence: Evidence) -> list[tuple[str, tuple[str, ...]]]:
    """Rules that part of the evidence already meets, with the findings that would settle them."""
    settled = evidence.present | evidence.absent | evidence.unknown
    found = []
    for name, rule in network.base.red_flags.items():
        if not _applies(rule, evidence) or any(f in evidence.present for f in rule.none):
            continue
        met = [f for f in (*rule.all, *rule.any) if f in evidence.present]
        wanted = [f for f in rule.all if f not in evidence.present]
        if not met or any(f in settled for f in wanted):
            continue
        missing = list(wanted)
        if rule.any and not any(f in evidence.present for f in rule.any):
            missing += [f for f in rule.any if f not in settled]
            if not any(f not in settled for f in rule.any):
                continue
        if missing and len(wanted) <= 1:
            found.append((name, tuple(missing)))
    return found
