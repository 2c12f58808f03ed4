"""What a turn consists of: plain values in the conversation's language, ready to be rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from moongate.health.inference.questions import Question
from moongate.health.knowledge.schema import Level
from moongate.health.talk.help import Number
from moongate.health.talk.steps import Country

PromptKind = Literal[
    "complaint", "age", "sex", "proposal", "severity", "finding", "several", "course", "done"
]


@dataclass(frozen=True)
class Message:
    """A sentence that the house says. "alarm" ones are about danger and come first."""

    kind: Literal["alarm", "news", "reply", "understood", "unclear"]
    text: str


@dataclass(frozen=True)
class Piece:
    """A piece of the person's last message; `name` is the finding it was understood as."""

    text: str
    kind: Literal["plain", "present", "absent", "other", "unclear"]
    name: str = ""


@dataclass(frozen=True)
class Option:
    """A possible answer: an id that is the same in both languages, and its label."""

    id: str
    label: str


@dataclass(frozen=True)
class Prompt:
    """What is asked now. `id` names it: an answer to another prompt is not meant for this one.

    With `many` several options may be chosen, or "none" or "unknown" alone.
    `question` is the engine's, for "finding", "several" and "course"; `finding` is what a
    "proposal" proposes.
    """

    kind: PromptKind
    id: str
    text: str
    options: tuple[Option, ...] = ()
    many: bool = False
    why: str = ""
    question: Question | None = None
    finding: str = ""


@dataclass(frozen=True)
class Alarm:
    """Danger: what to do at once, why, and whom to call. `seen` once the person has gone on."""

    level: Literal["emergency", "crisis"]
    title: str
    do: str
    because: tuple[str, ...]
    numbers: tuple[Number, ...]
    seen: bool


@dataclass(frozen=True)
class Progress:
    """How far it is: the part, questions asked, and at most how many more (0 when done)."""

    part: Literal["complaint", "about", "questions", "result"]
    asked: int
    at_most: int


@dataclass(frozen=True)
class Entry:
    """A step as it stands in the log of answers: what was asked and given, and whether it counts.

    `at` is its number; `changeable` where it can be answered anew.
    """

    at: int
    asked: str
    given: str
    counts: bool
    changeable: bool


@dataclass(frozen=True)
class Possible:
    """A condition that it may be: probability with its range (90 %), and what speaks for it."""

    id: str
    name: str
    about: str
    advice: str
    probability: float
    low: float
    high: float
    words: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    would_change: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The result for a person: how urgent, what to do, what it may be, what to watch for."""

    level: Level
    name: str
    do: str
    reasons: tuple[str, ...]
    conditions: tuple[Possible, ...]
    watch_for: tuple[str, ...]
    notes: tuple[str, ...]
    numbers: tuple[Number, ...]
    crisis: str
    edition: str


@dataclass(frozen=True)
class Turn:
    """Everything to be shown now."""

    lang: str
    country: Country
    messages: tuple[Message, ...]
    heard: tuple[Piece, ...]
    emergency: Alarm | None
    crisis: Alarm | None
    prompt: Prompt
    progress: Progress
    log: tuple[Entry, ...]
    disclaimer: str
    result: Outcome | None

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms of now, the crisis first."""
        return tuple(alarm for alarm in (self.crisis, self.emergency) if alarm is not None)

    @property
    def unseen(self) -> Alarm | None:
        """The alarm that must be seen before the conversation goes on."""
        return next((alarm for alarm in self.alarms if not alarm.seen), None)
