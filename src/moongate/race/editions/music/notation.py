"""Melodies as text, in a subset of ABC notation 2.1 (abcnotation.com/wiki/abc:standard:v2.1).

Time is counted in ticks, 96 to a crotchet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from moongate.race.editions.music.theory import LETTERS, Key, MusicError

PPQ = 96
DYNAMICS = {"pp": 40, "p": 54, "mp": 68, "mf": 82, "f": 98, "ff": 112}
ACCENT = 16
STACCATO = Fraction(1, 2)
# ABC 2.1, 4.13: (p puts p notes into the time of q.
TUPLETS = {2: 3, 3: 2, 4: 3, 6: 2}
TOKEN = re.compile(
    r"""\s+
    |!(?P<dynamic>pp|p|mp|mf|f|ff)!
    |!(?P<accent>>)!
    |(?P<dot>\.)
    |\((?P<tuplet>[2346])
    |\{(?P<grace>[A-Ga-g,'^_=]+)\}
    |(?P<rest>[zZ])(?P<restlen>\d*/*\d*)
    |\[(?P<chord>[^\]]+)\](?P<chordlen>\d*/*\d*)(?P<chordtie>-?)
    |(?P<note>(?:\^\^?|__?|=)?[A-Ga-g][,']*)(?P<length>\d*/*\d*)(?P<tie>-?)
    |(?P<broken>[<>])
    """,
    re.VERBOSE,
)
NOTE = re.compile(r"(\^\^?|__?|=)?([A-Ga-g])([,']*)")
SIGNS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}


@dataclass(frozen=True)
class Note:
    """A sounding note: start and length in ticks, MIDI pitch, loudness 1 to 127."""

    start: int
    length: int
    pitch: int
    loud: int
    accidental: bool = False


@dataclass
class _Bars:
    """The reader's place in the text."""

    key: Key
    unit: Fraction
    octave: int
    loud: int = DYNAMICS["mf"]
    notes: list[Note] = field(default_factory=list)
    at: Fraction = Fraction(0)
    signs: dict[str, int] = field(default_factory=dict)

    def pitch(self, text: str) -> tuple[int, bool]:
        sign, letter, marks = NOTE.fullmatch(text).groups()  # type: ignore[union-attr]
        name = letter.upper()
        if sign is not None:
            self.signs[name] = SIGNS[sign]
        shift = self.signs.get(name, self.key.signature()[name])
        octave = (1 if letter.islower() else 0) + marks.count("'") - marks.count(",")
        number = 60 + LETTERS[name] + shift + 12 * (octave + self.octave)
        return number, shift != self.key.signature()[name]


def _length(text: str) -> Fraction:
    """ABC's lengths: 3, 3/2, /2, /, //."""
    top, slash, bottom = text.partition("/")
    if not slash:
        return Fraction(int(top or 1))
    halves = bottom.count("/") + 1
    below = int(bottom.strip("/")) if bottom.strip("/") else 2**halves
    return Fraction(int(top or 1), below)


def _ticks(time: Fraction, bar: int) -> int:
    if time.denominator != 1:
        raise MusicError(
            f"bar {bar}: a note falls between the ticks", f"A crotchet has {PPQ}; use longer notes."
        )
    return int(time)


def read_tune(
    text: str, key: Key, *, unit: int, bar_ticks: int, octave: int = 0
) -> tuple[list[Note], int]:
    """The notes of a tune and the number of its bars; MusicError where bars do not add up."""
    reader = _Bars(key, Fraction(4 * PPQ, unit), octave)
    ties: dict[int, int] = {}
    pending = _Pending()
    bars = text.strip().strip("|").split("|")
    for bar, inside in enumerate(bars, 1):
        at = 0
        while at < len(inside):
            found = TOKEN.match(inside, at)
            if not found:
                fault = f"bar {bar}: {inside[at : at + 8]!r} cannot be read"
                raise MusicError(fault, "Write notes as docs/music-format.md shows.")
            at = found.end()
            _take(reader, found, pending, ties, bar, bar_ticks)
        _close(reader, bar, bar_ticks)
    return reader.notes, len(bars)


@dataclass
class _Pending:
    """Marks that wait for the next note."""

    accent: bool = False
    dot: bool = False
    grace: str = ""
    tuplet: int = 0
    ratio: Fraction = Fraction(1)
    broken: Fraction | None = None


def _close(reader: _Bars, bar: int, bar_ticks: int) -> None:
    reader.signs.clear()
    got = reader.at - (bar - 1) * bar_ticks
    if got != bar_ticks:
        fault = f"bar {bar} does not add up: {got / reader.unit} of {bar_ticks / reader.unit} units"
        raise MusicError(fault, "Lengthen or shorten a note of it.")


def _take(
    reader: _Bars,
    found: re.Match[str],
    pending: _Pending,
    ties: dict[int, int],
    bar: int,
    bar_ticks: int,
) -> None:
    if found["dynamic"]:
        reader.loud = DYNAMICS[found["dynamic"]]
    elif found["accent"]:
        pending.accent = True
    elif found["dot"]:
        pending.dot = True
    elif found["grace"]:
        pending.grace = found["grace"]
    elif found["tuplet"]:
        pending.tuplet = int(found["tuplet"])
        pending.ratio = Fraction(TUPLETS[pending.tuplet], pending.tuplet)
    elif found["broken"]:
        _break(reader, pending, found["broken"], bar)
    elif found["rest"]:
        length = _length(found["restlen"])
        reader.at += length * bar_ticks if found["rest"] == "Z" else _spend(reader, pending, length)
    elif found["note"] or found["chord"]:
        heads = [found["note"]] if found["note"] else [m[0] for m in NOTE.finditer(found["chord"])]
        length = _length(found["length"] if found["note"] else found["chordlen"])
        tied = bool(found["tie"] or found["chordtie"])
        _sound(reader, pending, heads, length, tied, ties, bar)


def _spend(reader: _Bars, pending: _Pending, length: Fraction) -> Fraction:
    """The ticks of a length, with a tuplet or a broken rhythm it stands in."""
    ticks = length * reader.unit
    if pending.tuplet:
        ticks *= pending.ratio
        pending.tuplet -= 1
    if pending.broken is not None:
        ticks *= pending.broken
        pending.broken = None
    return ticks


def _break(reader: _Bars, pending: _Pending, sign: str, bar: int) -> None:
    """a>b: the first note takes half of the second's time; a<b the other way."""
    if not reader.notes:
        raise MusicError(f"bar {bar}: {sign} has no note before it", "Put it between two notes.")
    long, short = Fraction(3, 2), Fraction(1, 2)
    first, pending.broken = (long, short) if sign == ">" else (short, long)
    last = reader.notes[-1].start
    span = reader.at - last
    for k, note in enumerate(reader.notes):
        if note.start == last:
            reader.notes[k] = replace(note, length=_ticks(note.length * first, bar))
    reader.at = last + span * first


def _sound(
    reader: _Bars,
    pending: _Pending,
    heads: list[str],
    length: Fraction,
    tied: bool,
    ties: dict[int, int],
    bar: int,
) -> None:
    start = _ticks(reader.at, bar)
    ticks = _spend(reader, pending, length)
    loud = min(127, reader.loud + (ACCENT if pending.accent else 0))
    sounding = _ticks(ticks * STACCATO if pending.dot else ticks, bar)
    lead_in = _grace(reader, pending.grace, start, sounding, loud)
    held: dict[int, int] = {}
    for head in heads:
        number, accidental = reader.pitch(head)
        before = ties.get(number)
        if before is not None:
            old = reader.notes[before]
            reader.notes[before] = replace(old, length=start + sounding - old.start)
        else:
            before = len(reader.notes)
            reader.notes.append(Note(start + lead_in, sounding - lead_in, number, loud, accidental))
        if tied:
            held[number] = before
    ties.clear()
    ties.update(held)
    reader.at += ticks
    pending.accent = pending.dot = False
    pending.grace = ""


def _grace(reader: _Bars, text: str, start: int, sounding: int, loud: int) -> int:
    """Adds grace notes on the beat; returns the ticks they take from their note."""
    heads = [match[0] for match in NOTE.finditer(text)]
    each = min(6, sounding // (2 * (len(heads) + 1)))
    for k, head in enumerate(heads):
        number, accidental = reader.pitch(head)
        reader.notes.append(Note(start + k * each, each, number, loud - 8, accidental))
    return each * len(heads)
