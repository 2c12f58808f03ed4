"""What an assessment came to, in both languages and without the knowledge: it outlives its version.

A snapshot is what is kept, shown, compared, printed and exported. It is taken once, when the
assessment is done (`taking.py`), and is never computed again.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from moongate.health.knowledge.schema import LEVELS, Course, Lang, Level, Sex

VERSION: Literal[1] = 1
Answer = Literal["present", "absent", "unknown"]


class SnapshotError(ValueError):
    """Stored bytes that are no snapshot of a version known here."""


class Both(msgspec.Struct, frozen=True):
    """A text in both languages."""

    en: str
    zh: str

    def in_(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


class Named(msgspec.Struct, frozen=True):
    """A finding: its id in the knowledge, and its name."""

    id: str
    name: Both


class Answered(msgspec.Struct, frozen=True):
    """One finding of a question and what was answered."""

    finding: Named
    answer: Answer


class Asked(msgspec.Struct, frozen=True):
    """A question as it was put. `course` is the answer to the question how long."""

    kind: str
    text: Both
    answers: tuple[Answered, ...]
    course: Both | None = None


class Flag(msgspec.Struct, frozen=True):
    """A rule that raised the urgency, why it exists, and what made it hold."""

    id: str
    level: Literal["emergency", "today"]
    why: Both
    because: tuple[Named, ...]
    crisis: bool


class Possible(msgspec.Struct, frozen=True):
    """A condition as it was named: probability from 0 to 1, codes, reasons for and against."""

    id: str
    name: Both
    probability: float
    about: Both
    icd10: tuple[str, ...] = ()
    icpc2: tuple[str, ...] = ()
    for_: tuple[Named, ...] = ()
    against: tuple[Named, ...] = ()
    open: tuple[Named, ...] = ()


class Snapshot(msgspec.Struct, frozen=True):
    """The whole of it. `words` are the person's own; `levels` the probability that each of the
    five levels, most urgent first, is the right one; `withheld` how many conditions were switched
    off and so not named."""

    version: Literal[1]
    knowledge: str
    lang: Lang
    country: str
    about: str
    age_years: float | None
    sex: Sex | None
    course: Course | None
    words: tuple[str, ...]
    present: tuple[Named, ...]
    absent: tuple[Named, ...]
    unknown: tuple[Named, ...]
    asked: tuple[Asked, ...]
    level: Level
    level_name: Both
    do: Both
    reason: str
    crisis: bool
    flags: tuple[Flag, ...]
    levels: Annotated[tuple[float, ...], Meta(min_length=len(LEVELS), max_length=len(LEVELS))]
    conditions: tuple[Possible, ...]
    withheld: int
    method: str
    tail: float

    def plain(self) -> dict[str, Any]:
        """As plain JSON values."""
        return msgspec.to_builtins(self)  # type: ignore[no-any-return]


def read_snapshot(value: Any) -> Snapshot:
    """The snapshot in JSON values. Raises SnapshotError, which quotes nothing of them."""
    try:
        return msgspec.convert(value, Snapshot)
    except msgspec.ValidationError:
        raise SnapshotError("this is no snapshot of a known version") from None
