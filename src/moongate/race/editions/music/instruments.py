"""What the synthesiser can play: each instrument's compass, and the voices of the drum kit."""

from __future__ import annotations

from moongate.race.editions.music.theory import pitch

KIT = "kit"
# Name: (lowest, highest) sounding note that still sounds like the instrument.
COMPASS = {
    name: (pitch(low), pitch(high))
    for name, (low, high) in {
        "cornet": ("E3", "D6"),
        "horn": ("A2", "C5"),
        "trombone": ("E2", "C5"),
        "tuba": ("C1", "F3"),
        "sax": ("Bb2", "A5"),
        "pipes": ("G4", "A5"),
        "drone": ("A2", "A4"),
        "whistle": ("D5", "E7"),
        "fiddle": ("G3", "E7"),
        "strings": ("C2", "C7"),
        "accordion": ("E3", "C7"),
        "organ": ("C2", "C7"),
        "piano": ("A1", "C7"),
        "celesta": ("C4", "C8"),
        "guitar": ("E2", "D6"),
        "clean-guitar": ("E2", "D6"),
        "power-guitar": ("D2", "D5"),
        "lead-guitar": ("E3", "E6"),
        "harp": ("C2", "G7"),
        "mandolin": ("G3", "E6"),
        "upright-bass": ("D1", "C4"),
        "bass-guitar": ("D1", "G4"),
        "reese": ("C1", "C4"),
        "sub": ("C1", "C4"),
        "square-lead": ("C3", "C7"),
        "pluck": ("C3", "C7"),
        "stab": ("C3", "C6"),
        "pad": ("C2", "C6"),
        "choir": ("C2", "C6"),
        "steelpan": ("C3", "G6"),
        "timpani": ("C2", "C4"),
    }.items()
}
DRUMS = (
    "kick", "kick-tight", "kick-808", "bass-drum", "snare", "snare-tight", "side-drum", "clap",
    "rim", "hat", "hat-open", "ride", "crash", "clash", "tambourine", "shaker", "bodhran",
    "bodhran-high", "tom", "tom-low", "timbale", "conga", "conga-low", "cowbell", "woodblock",
    "triangle", "riser",
)  # fmt: skip
