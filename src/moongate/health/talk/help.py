"""Where help is to be had: numbers to call, by country and by what is wrong."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from moongate.health.knowledge.schema import Lang, Strict, Text
from moongate.health.talk.steps import Country

FILE = Path(__file__).parent / "help.toml"
Need = Literal["emergency", "crisis", "urgent"]


class _Entry(Strict, frozen=True, rename={"need": "for"}):
    need: Need
    country: Country
    number: str
    who: Text
    text: str = ""


@dataclass(frozen=True)
class Number:
    """A number to call, or to send `text` to, and who answers there."""

    country: Country
    number: str
    who: str
    text: str = ""

    @property
    def href(self) -> str:
        """The address of a link that calls it, or opens a message to it."""
        return f"sms:{self.number}" if self.text else f"tel:{self.number.replace(' ', '')}"


def numbers(need: Need, country: Country, lang: Lang) -> tuple[Number, ...]:
    """The numbers for a need; those of the person's own country come first."""
    found = [
        Number(entry.country, entry.number, entry.who.in_(lang), entry.text)
        for entry in _entries()
        if entry.need == need
    ]
    return tuple(sorted(found, key=lambda number: number.country != country))


@lru_cache(1)
def _entries() -> tuple[_Entry, ...]:
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return msgspec.convert(table["number"], tuple[_Entry, ...])
