"""What the knowledge files hold, as types. The format page is docs/health-knowledge.md."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{1,47}$")]
Line = Annotated[str, Meta(min_length=1, max_length=160)]
Prose = Annotated[str, Meta(min_length=4, max_length=700)]
Letter = Literal["A", "B", "C", "D"]
Probability = Annotated[float, Meta(gt=0, lt=1)]
Share = Annotated[float, Meta(ge=0, le=1)]
Sex = Literal["female", "male"]
Kind = Literal["symptom", "sign", "test", "risk"]
Level = Literal["emergency", "today", "gp", "pharmacist", "self_care"]
Course = Literal["hours", "days", "weeks", "months"]
Lang = Literal["en", "zh"]

# Most urgent first; every list of levels in the engine stands in this order.
LEVELS: tuple[Level, ...] = ("emergency", "today", "gp", "pharmacist", "self_care")
COURSES: tuple[Course, ...] = ("hours", "days", "weeks", "months")
LANGS: tuple[Lang, ...] = ("en", "zh")
AGE_BANDS: tuple[int, ...] = (0, 1, 5, 15, 25, 45, 65, 80)  # first year of each band
SAMPLE_WEIGHT: dict[Letter, int] = {"A": 400, "B": 80, "C": 20, "D": 8}


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table that refuses keys it does not know."""


class Text(Strict, frozen=True):
    """A line in both languages."""

    en: Line
    zh: Line

    def in_(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


class Story(Strict, frozen=True):
    """A paragraph in both languages."""

    en: Prose
    zh: Prose

    def in_(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


class Words(Strict, frozen=True):
    """Ways of saying it in both languages."""

    en: tuple[Line, ...] = ()
    zh: tuple[Line, ...] = ()

    def in_(self, lang: Lang) -> tuple[str, ...]:
        return self.zh if lang == "zh" else self.en


class Source(Strict, frozen=True):
    """A work that figures rest on."""

    title: Line
    publisher: Line
    year: Annotated[int, Meta(ge=1900, le=2026)]
    url: str = ""


class Finding(Strict, frozen=True):
    """A symptom, sign, test result or risk factor; present, absent or unknown in a person.

    `leak` is the probability that somebody who consults for something unrelated has it; given the
    parent for an attribute; the prevalence among adults for a risk factor.
    """

    name: Text
    kind: Kind
    leak: Probability
    ask: Text
    says: Words
    parent: Id | None = None
    excludes: tuple[Id, ...] = ()
    sex: Sex | None = None
    age: tuple[float, float] | None = None


# [finding, probability or relative risk, confidence?, source?]
Row = Annotated[list[str | float], Meta(min_length=2, max_length=4)]


class Condition(Strict, frozen=True):
    """A disease, injury or state, as docs/health-knowledge.md describes it."""

    name: Text
    icd10: tuple[Annotated[str, Meta(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]+)?$")], ...]
    rate: dict[Literal["uk", "cn"], Annotated[float, Meta(ge=0)]]
    age: Annotated[tuple[float, float, float, float, float, float, float, float], Meta()]
    female: Share
    course: dict[Course, Share]
    triage: dict[Level, Share]
    about: Story
    advice: Story
    source: Id
    confidence: Letter
    findings: Annotated[list[Row], Meta(min_length=3)]
    also: Words = Words()
    narrower: Words = Words()
    broader: Words = Words()
    icpc2: tuple[Annotated[str, Meta(pattern=r"^[A-Z][0-9]{2}$")], ...] = ()
    rate_source: Id | None = None
    rate_confidence: Letter | None = None
    risks: list[Row] = []


class RedFlag(Strict, frozen=True):
    """A rule that can only raise urgency."""

    level: Literal["emergency", "today"]
    why: Story
    source: Id
    all: tuple[Id, ...] = ()
    any: tuple[Id, ...] = ()
    none: tuple[Id, ...] = ()
    think: tuple[Id, ...] = ()
    age: tuple[float, float] | None = None
    sex: Sex | None = None
    crisis: bool = False


class LevelText(Strict, frozen=True):
    """What a triage level is called and what to do at it."""

    name: Text
    do: Story


class Version(Strict, frozen=True):
    """version.toml."""

    version: Annotated[str, Meta(pattern=r"^\d{4}\.\d{1,2}\.\d+$")]
    summary: Line
