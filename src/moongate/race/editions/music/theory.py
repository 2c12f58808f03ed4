"""Notes, keys and chords as numbers: pitches are MIDI numbers, 60 is middle C."""

from __future__ import annotations

import re
from dataclasses import dataclass

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ORDER = "CDEFGAB"
# Semitones above the tonic.
MODES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
}
# Semitones above the root, from the bottom.
CHORDS = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus4": (0, 5, 7),
    "sus2": (0, 2, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "9": (0, 4, 7, 10, 14),
    "m9": (0, 3, 7, 10, 14),
    "7sus4": (0, 5, 7, 10),
}
# Which of a chord's notes are missed most: third, seventh, root, ninth, fifth.
NEEDED = (1, 3, 0, 4, 2)
CHORD = re.compile(r"([A-G][b#]?)([a-z0-9]*)(?:/([A-G][b#]?))?")
NOTE = re.compile(r"([A-G])([b#]?)(-?\d)")


class MusicError(Exception):
    """A fault in music written as text: what is wrong, and how to mend it."""

    def __init__(self, fault: str, mend: str) -> None:
        self.fault, self.mend = fault, mend
        super().__init__(f"{fault}. {mend}")


def pitch_class(name: str) -> int:
    """0 to 11 of a name like C, Bb or F#."""
    return (LETTERS[name[0]] + name.count("#") - name[1:].count("b")) % 12


def pitch(name: str) -> int:
    """The MIDI number of a name with its octave, like Bb3; C4 is 60."""
    found = NOTE.fullmatch(name)
    if not found:
        raise MusicError(f"{name!r} is no note", "Write a letter, # or b, and an octave: Bb3.")
    letter, sign, octave = found.groups()
    return LETTERS[letter] + {"": 0, "b": -1, "#": 1}[sign] + 12 * (int(octave) + 1)


@dataclass(frozen=True)
class Key:
    """A tonic and a mode."""

    tonic: str
    mode: str

    @property
    def classes(self) -> frozenset[int]:
        """The pitch classes that belong to the key."""
        return frozenset((pitch_class(self.tonic) + step) % 12 for step in MODES[self.mode])

    def signature(self) -> dict[str, int]:
        """For each letter the semitones its notes are raised (+) or lowered (−)."""
        first = ORDER.index(self.tonic[0])
        signs = {}
        for k, step in enumerate(MODES[self.mode]):
            letter = ORDER[(first + k) % 7]
            raised = (pitch_class(self.tonic) + step - LETTERS[letter]) % 12
            signs[letter] = raised - 12 if raised > 6 else raised
        return signs


@dataclass(frozen=True)
class Chord:
    """A root's pitch class, the steps above it, and the pitch class of the bass."""

    root: int
    steps: tuple[int, ...]
    bass: int

    @property
    def classes(self) -> tuple[int, ...]:
        """Its pitch classes from the root up."""
        return tuple((self.root + step) % 12 for step in self.steps)

    def degree(self, number: int) -> int:
        """Semitones above the root of degree 1 to 9 as this chord has it."""
        plain = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 8: 12, 9: 14}[number]
        near = {3: (3, 4, 5, 2), 5: (6, 7, 8), 7: (10, 11)}.get(number, ())
        return next((step for step in self.steps if step in near), plain)


def chord(symbol: str) -> Chord:
    """A chord symbol like Bb, F#m7 or G/B."""
    found = CHORD.fullmatch(symbol)
    if not found or found[2] not in CHORDS:
        kinds = ", ".join(kind for kind in CHORDS if kind)
        raise MusicError(f"{symbol!r} is no chord", f"Write a root and nothing or one of {kinds}.")
    root = pitch_class(found[1])
    return Chord(root, CHORDS[found[2]], pitch_class(found[3]) if found[3] else root)


def lead(before: tuple[int, ...], to: Chord, low: int, high: int, voices: int) -> tuple[int, ...]:
    """The chord's voicing within low … high whose voices move least from the one before.

    A voicing is close: each voice is the next chord tone above the one below it.
    """
    needed = [to.classes[k] for k in NEEDED if k < len(to.classes)]
    classes = set(needed[:voices])
    options: list[tuple[int, ...]] = []
    for bottom in range(low, max(high, low + 11) + 1):
        if bottom % 12 not in classes:
            continue
        stack = [bottom]
        while len(stack) < voices:
            stack.append(next(p for p in range(stack[-1] + 1, stack[-1] + 13) if p % 12 in classes))
        if stack[-1] <= high or not options:
            options.append(tuple(stack))
    middle = (low + high) / 2
    target = before or (middle,) * voices

    def effort(option: tuple[int, ...]) -> tuple[float, float]:
        moved = sum(abs(a - b) for a, b in zip(option, target, strict=True))
        return moved + 0.25 * abs(sum(option) / voices - middle), option[0]

    return min(options, key=effort)
