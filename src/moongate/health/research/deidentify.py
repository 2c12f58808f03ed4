"""De-identification: no words, no names, no day; and k people alike before anybody's row leaves.

Quasi-identifiers are the age band, the sex, the country and the month. A cell is one combination of
them; cells with fewer than k different people are left out whole, and counted.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from moongate.health.knowledge.schema import AGE_BANDS, Level
from moongate.health.records.snapshot import Named, Possible, Snapshot

LAST_AGE = 95  # years, as the end of the last band when its middle is taken
K_LEAST = 2


class Cell(NamedTuple):
    """What could tell one person from another, made coarse; "unknown" where it was not said."""

    age_band: str
    sex: str
    country: str
    month: str


@dataclass(frozen=True)
class Source:
    """One consented assessment before de-identification; `person` only tells people apart."""

    person: int
    month: str
    snapshot: Snapshot


@dataclass(frozen=True)
class Case:
    """One row that leaves: coded answers and what the program made of them."""

    id: str
    cell: Cell
    present: tuple[Named, ...]
    absent: tuple[Named, ...]
    conditions: tuple[Possible, ...]
    level: Level
    knowledge: str


@dataclass(frozen=True)
class Outcome:
    """The cases that may leave, in random order, and how much may not.

    `without_condition` are assessments in which nothing was named: there is nothing to learn.
    """

    cases: tuple[Case, ...]
    k: int
    cells: int
    suppressed_cells: int
    suppressed_cases: int
    suppressed_people: int
    without_condition: int


def deidentify(
    sources: Iterable[Source], k: int, new_id: Callable[[], str] = lambda: secrets.token_hex(8)
) -> Outcome:
    """The cases of all cells with at least `k` different people.

    Raises ValueError for k below 2.
    """
    if k < K_LEAST:
        raise ValueError(f"k must be at least {K_LEAST} (received: {k})")
    cells: dict[Cell, list[Source]] = defaultdict(list)
    without = 0
    for source in sources:
        if source.snapshot.conditions and source.snapshot.present:
            cells[cell_of(source)].append(source)
        else:
            without += 1
    kept = {cell: rows for cell, rows in cells.items() if len({r.person for r in rows}) >= k}
    hidden = [row for cell, rows in cells.items() if cell not in kept for row in rows]
    known = {row.person for rows in kept.values() for row in rows}
    cases = [_case(cell, row, new_id()) for cell, rows in kept.items() for row in rows]
    # By their random ids: the order says nothing about who came when.
    cases.sort(key=lambda case: case.id)
    return Outcome(
        tuple(cases),
        k,
        len(kept),
        len(cells) - len(kept),
        len(hidden),
        len({row.person for row in hidden} - known),
        without,
    )


def cell_of(source: Source) -> Cell:
    """The cell an assessment falls into."""
    snapshot = source.snapshot
    return Cell(
        band_of(snapshot.age_years),
        snapshot.sex or "unknown",
        snapshot.country,
        source.month,
    )


def band_of(age_years: float | None) -> str:
    """The age band, as `15-24`; the last one as `80+`."""
    if age_years is None:
        return "unknown"
    at = max(n for n, start in enumerate(AGE_BANDS) if age_years >= start)
    if at + 1 == len(AGE_BANDS):
        return f"{AGE_BANDS[at]}+"
    return f"{AGE_BANDS[at]}-{AGE_BANDS[at + 1] - 1}"


def middle_of(band: str) -> float | None:
    """The middle of a band, in years: what stands for the age of everybody in it."""
    if band == "unknown":
        return None
    if band.endswith("+"):
        return (int(band[:-1]) + LAST_AGE) / 2
    first, last = band.split("-")
    return (int(first) + int(last) + 1) / 2


def _case(cell: Cell, source: Source, name: str) -> Case:
    snapshot = source.snapshot
    return Case(
        name,
        cell,
        snapshot.present,
        snapshot.absent,
        snapshot.conditions,
        snapshot.level,
        snapshot.knowledge,
    )
