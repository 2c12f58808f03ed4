"""What changed between two assessments: urgency, findings, and how likely each condition is."""

from __future__ import annotations

from dataclasses import dataclass

from moongate.health.knowledge.schema import LEVELS
from moongate.health.records.snapshot import Named, Possible, Snapshot

# Probabilities that differ by less are called the same.
SAME = 0.02


@dataclass(frozen=True)
class Moved:
    """A condition in either: its probability before and after, None where it was not named."""

    condition: Possible
    before: float | None
    after: float | None

    @property
    def way(self) -> str:
        """ "new", "gone", "up", "down" or "same"."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        if abs(self.after - self.before) < SAME:
            return "same"
        return "up" if self.after > self.before else "down"


@dataclass(frozen=True)
class Difference:
    """From the earlier to the later one.

    `urgency`: how many levels more urgent (positive) or less. `begun`: present now and not before;
    `ended`: present before and denied now; `unclear`: present before, and not spoken of now.
    """

    urgency: int
    begun: tuple[Named, ...]
    ended: tuple[Named, ...]
    unclear: tuple[Named, ...]
    still: tuple[Named, ...]
    conditions: tuple[Moved, ...]
    same_knowledge: bool


def compare(before: Snapshot, after: Snapshot, *, most: int = 8) -> Difference:
    """The difference between two snapshots; of the conditions the `most` likeliest in either."""
    was = {finding.id for finding in before.present}
    now = {finding.id for finding in after.present}
    denied = {finding.id for finding in after.absent}
    then = {c.id: c for c in before.conditions}
    later = {c.id: c for c in after.conditions}
    everything = {**then, **later}
    moved = [
        Moved(
            condition,
            then[name].probability if name in then else None,
            later[name].probability if name in later else None,
        )
        for name, condition in everything.items()
    ]
    moved.sort(key=lambda m: (-max(m.before or 0, m.after or 0), m.condition.id))
    return Difference(
        urgency=LEVELS.index(before.level) - LEVELS.index(after.level),
        begun=tuple(f for f in after.present if f.id not in was),
        ended=tuple(f for f in before.present if f.id in denied),
        unclear=tuple(f for f in before.present if f.id not in now | denied),
        still=tuple(f for f in after.present if f.id in was),
        conditions=tuple(moved[:most]),
        same_knowledge=before.knowledge == after.knowledge,
    )
