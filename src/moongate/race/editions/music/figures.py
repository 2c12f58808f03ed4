"""Accompaniment: figures over chords, and drum grooves on a grid."""

from __future__ import annotations

import re
from fractions import Fraction

from moongate.race.editions.music.notation import DYNAMICS, PPQ, Note
from moongate.race.editions.music.theory import Chord, MusicError, chord, lead

TOKEN = re.compile(
    r"(?P<accent>!?)(?P<dot>\.?)"
    r"(?P<what>x|z|[a-e]|[\^_]?[0-9][',]*|\[[0-9]+\])(?::(?P<length>\d+(?:/\d+)?))?"
)
HITS = {"X": 118, "x": 96, "o": 70, "-": 42, ".": 0}


def read_chords(text: str, bars: int) -> list[list[Chord]]:
    """The chords of each bar, which share it evenly; `%` repeats the bar before."""
    rows: list[list[Chord]] = []
    for bar, inside in enumerate(text.strip().strip("|").split("|"), 1):
        words = inside.split()
        if words == ["%"] and rows:
            rows.append(rows[-1])
        elif words and "%" not in words:
            rows.append([chord(word) for word in words])
        else:
            raise MusicError(f"bar {bar} of the chords is empty", "Write a chord in it.")
    if bars % len(rows):
        raise MusicError(f"{len(rows)} bars of chords for {bars} bars", "Write one for each bar.")
    return rows * (bars // len(rows))


def chord_at(rows: list[list[Chord]], tick: int, bar_ticks: int) -> Chord:
    """The chord that sounds at a tick."""
    row = rows[min(len(rows) - 1, tick // bar_ticks)]
    return row[tick % bar_ticks * len(row) // bar_ticks]


def play_figure(
    text: str,
    rows: list[list[Chord]],
    *,
    unit: int,
    bar_ticks: int,
    window: tuple[int, int],
    voices: int,
) -> list[Note]:
    """A figure repeated over the chords of a section.

    `x` is the whole chord, a to e its voices from the bottom, 1 to 9 degrees above its root, 0 its
    bass; :n is the length in units.
    """
    steps, length = _steps(text, unit, bar_ticks)
    low, high = window
    notes: list[Note] = []
    voicing: tuple[int, ...] = ()
    sounding: Chord | None = None
    for start in range(0, len(rows) * bar_ticks, length):
        for at, held, loud, what in steps:
            now = start + at
            if now >= len(rows) * bar_ticks:
                break
            here = chord_at(rows, now, bar_ticks)
            if here != sounding:
                voicing, sounding = lead(voicing, here, low, high, voices), here
            notes += [
                Note(now, held, number, loud) for number in _pitches(what, here, voicing, low)
            ]
    return notes


def _pitches(what: str, here: Chord, voicing: tuple[int, ...], low: int) -> list[int]:
    if what == "x":
        return list(voicing)
    if what in "abcde":
        place = "abcde".index(what)
        return [voicing[place % len(voicing)] + 12 * (place // len(voicing))]
    degrees = what[1:-1] if what.startswith("[") else what
    if what.startswith("["):
        return [_degree(here, int(d), 0, low) for d in degrees]
    bend = {"^": 1, "_": -1}.get(what[0], 0)
    number = int(what.strip("^_',"))
    return [_degree(here, number, bend + 12 * (what.count("'") - what.count(",")), low)]


def _degree(here: Chord, number: int, shift: int, low: int) -> int:
    root = here.bass if number == 0 else here.root
    base = low + (root - low) % 12
    return base + (here.degree(number) if number else 0) + shift


Step = tuple[int, int, int, str]


def _steps(text: str, unit: int, bar_ticks: int) -> tuple[list[Step], int]:
    """(start, sounding length, loudness, token) of each step, and the figure's length."""
    out: list[Step] = []
    at = Fraction(0)
    for bar, inside in enumerate(text.strip().strip("|").split("|"), 1):
        for word in inside.split():
            found = TOKEN.fullmatch(word)
            if not found:
                raise MusicError(
                    f"{word!r} is no step of a figure", "Write x, z, a to e or 0 to 9."
                )
            ticks = Fraction(found["length"] or 1) * Fraction(4 * PPQ, unit)
            if ticks.denominator != 1 or not ticks:
                raise MusicError(f"{word!r} has no whole length", "Use a simpler length.")
            if found["what"] != "z":
                held = max(1, int(ticks) // 2 if found["dot"] else int(ticks))
                loud = DYNAMICS["f"] if found["accent"] else DYNAMICS["mf"]
                out.append((int(at), held, loud, found["what"]))
            at += ticks
        if at != bar * bar_ticks:
            got = (at - (bar - 1) * bar_ticks) / Fraction(4 * PPQ, unit)
            raise MusicError(f"bar {bar} of the figure has {got} units", "Make the bar add up.")
    return out, int(at)


def play_groove(lines: dict[str, str], bar_ticks: int) -> tuple[list[tuple[int, str, int]], int]:
    """(tick, voice, loudness) of each hit of a groove, and its length in bars.

    The grid is the line's: a bar has as many steps as its finest line; longer lines are more bars.
    """
    split = {voice: line.split() for voice, line in lines.items()}
    longest = max(map(len, split.values()))
    hits = []
    for voice, bars in split.items():
        if longest % len(bars):
            raise MusicError(f"{voice}: {len(bars)} bars of {longest}", "Write all bars, or one.")
        for bar in range(longest):
            steps = bars[bar % len(bars)]
            if bar_ticks % len(steps):
                fault = f"{voice}: {len(steps)} steps do not divide a bar"
                raise MusicError(fault, "Use 8, 12, 16, 24 or 32; a space separates bars.")
            each = bar_ticks // len(steps)
            hits += [
                (bar * bar_ticks + k * each, voice, HITS[sign])
                for k, sign in enumerate(steps)
                if HITS[sign]
            ]
    return sorted(hits), longest
