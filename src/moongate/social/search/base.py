"""What the two full-text engines share: what they answer, and how a place in the order is named."""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from moongate.social.search.tokens import Clause

Kind = Literal["posts", "people"]
COLUMNS: dict[str, str] = {"posts": "post_id", "people": "person_id"}

# A post of now weighs three times as much as one of long ago, one of a fortnight twice as much.
FRESH_WEIGHT = 2.0
FRESH_S = 14 * 24 * 3600.0
# Of a word that everybody uses, only the newest of what has it is weighed.
WEIGHED_MOST = 10_000


class CursorError(ValueError):
    """What was given as the place to go on from names no place."""


@dataclass(frozen=True)
class Place:
    """Where a page ends: the score and entry of its last hit, at the time that was now then."""

    now: int
    score: float
    entry: int

    def __str__(self) -> str:
        plain = f"{self.now}:{self.score.hex()}:{self.entry}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def start(cls, now: int) -> Place:
        """Before everything."""
        return cls(now, 1e300, 0)

    @classmethod
    def parse(cls, text: str) -> Place:
        """The place a page named as its `next`. Raises CursorError."""
        try:
            plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            now, score, entry = plain.decode("ascii").split(":")
            place = cls(int(now), float.fromhex(score), int(entry))
        except (ValueError, OverflowError, binascii.Error) as error:
            raise CursorError(text[:80]) from error
        fits = 0 <= place.now < 2**62 and 0 <= place.entry < 2**62
        if not fits or not math.isfinite(place.score):
            raise CursorError(text[:80])
        return place


@dataclass(frozen=True)
class Found:
    """One hit as the engine knows it: its entry, and the id of the post or person."""

    score: float
    entry: int
    thing: int


class Engine(Protocol):
    """A database's way to look for clauses in `SearchEntry.terms`."""

    def prepare(self, connection: Any) -> None:
        """Make the full-text index if it is not there; again, it does nothing."""

    def refill(self, connection: Any) -> None:
        """Make the index agree with the entries, where it could ever not."""

    def find(
        self, connection: Any, clauses: list[Clause], *, kind: Kind, after: Place, limit: int
    ) -> list[Found]:
        """The hits after a place, best first."""
