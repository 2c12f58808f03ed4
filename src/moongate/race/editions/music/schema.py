"""A score file (music/*.toml) as types; docs/music-format.md says it for people."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from moongate.race.editions.schema import Slug, Strict, Text

Loud = Annotated[float, Meta(ge=-30, le=6)]
Words = Annotated[str, Meta(min_length=1, max_length=6000)]
Names = Annotated[list[Slug], Meta(min_length=1, max_length=40)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Line = Annotated[str, Meta(pattern=r"^[Xxo.\- ]{1,400}$")]
Layer = Literal["base", "race", "last-lap", "boost"]


class KeyTable(Strict, frozen=True):
    """The key: its tonic (F#, Bb …) and its mode."""

    tonic: Annotated[str, Meta(pattern=r"^[A-G][b#]?$")]
    mode: Literal["major", "minor", "dorian", "mixolydian", "phrygian", "lydian"] = "major"


class PartTable(Strict, frozen=True):
    """Who plays: an instrument, how loud (dB), where (−1 left … 1 right), how far away (0 … 1)."""

    instrument: Name
    gain: Loud = -6.0
    pan: Annotated[float, Meta(ge=-1, le=1)] = 0.0
    room: Annotated[float, Meta(ge=0, le=1)] = 0.2
    layer: Layer = "base"
    octave: Annotated[int, Meta(ge=-3, le=3)] = 0
    # Where figures stand: note names like G3.
    low: str = "G3"
    high: str = "E5"
    voices: Annotated[int, Meta(ge=1, le=5)] = 3


class SectionTable(Strict, frozen=True):
    """A stretch of music: its bars, its chords, and what each part plays in it."""

    bars: Annotated[int, Meta(ge=1, le=64)]
    play: dict[Slug, Words]
    chords: Words | None = None


class FormTable(Strict, frozen=True):
    """Which sections follow each other; only `loop` must be there."""

    loop: Names
    intro: list[Slug] = []
    countdown: list[Slug] = []
    last_lap: list[Slug] = []
    finish: list[Slug] = []
    results: list[Slug] = []


class RushTable(Strict, frozen=True):
    """How the last lap differs: times the tempo, semitones up."""

    tempo: Annotated[float, Meta(ge=1, le=1.2)] = 1.07
    lift: Annotated[int, Meta(ge=0, le=5)] = 2


class ScoreFile(Strict, frozen=True):
    """music/*.toml: one piece."""

    name: Text
    kind: Text
    role: Literal["race", "menu", "theme"]
    metre: Annotated[str, Meta(pattern=r"^([2-9]|12)/(2|4|8)$")]
    tempo: Annotated[float, Meta(ge=40, le=220)]
    key: KeyTable
    parts: Annotated[dict[Slug, PartTable], Meta(min_length=1, max_length=16)]
    sections: Annotated[dict[Slug, SectionTable], Meta(min_length=1, max_length=40)]
    form: FormTable
    # Loudness of the whole piece in dB, so that pieces stand beside each other.
    gain: Loud = 0.0
    unit: Literal[4, 8, 16] = 8
    swing: Annotated[float, Meta(ge=0, le=0.7)] = 0.0
    swing_unit: Literal[8, 16] = 8
    figures: dict[Slug, Words] = {}
    grooves: dict[Slug, dict[Name, Line]] = {}
    rush: RushTable = RushTable()
    # A theme's character.
    character: Slug | None = None

    @property
    def compound(self) -> bool:
        """Whether a beat divides in three, as in 6/8; it is a dotted crotchet then."""
        beats, beat = (int(n) for n in self.metre.split("/"))
        return beat == 8 and beats % 3 == 0


class Voice(Strict, frozen=True):
    """music/voices.toml, a table a character: how the short cries sound."""

    pitch: Annotated[float, Meta(ge=70, le=500)]
    # Length of the throat: above 1 smaller and brighter, below 1 bigger and darker.
    size: Annotated[float, Meta(ge=0.7, le=1.5)] = 1.0
    rough: Annotated[float, Meta(ge=0, le=1)] = 0.1
    breath: Annotated[float, Meta(ge=0, le=1)] = 0.1
    lilt: Annotated[float, Meta(ge=0, le=2)] = 1.0
    pace: Annotated[float, Meta(ge=0.6, le=1.6)] = 1.0
