"""Faults of a track's land: forms without a shape, and lines too long to be laid or followed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path

from moongate.race.editions.faults import EditionError
from moongate.race.editions.track_schema import TrackFile

# All drapes of a track, and all edges its mesh must keep, m.
DRAPES_M = 40_000.0
EDGES_M = 120_000.0
FORMS = 400
OUTLINE_POINTS = 3


def terrain_faults(file: Path, track: TrackFile) -> Iterator[EditionError]:
    """What is wrong with a track's `terrain`, or too much in it and its `drapes`."""
    for k, entry in enumerate(track.terrain):
        if bool(entry.line) == bool(entry.outline):
            fault = "it sets both line and outline" if entry.line else "it sets no line or outline"
            mend = "Set line to rows x, y, height or outline to rows x, y."
            yield EditionError(file, f"terrain[{k}]", fault, mend)
        elif entry.outline and len(entry.outline) < OUTLINE_POINTS:
            fault = f"{len(entry.outline)} points hold no area"
            yield EditionError(file, f"terrain[{k}].outline", fault, "Give three or more.")
    if len(track.terrain) > FORMS:
        fault = f"{len(track.terrain):,} forms of land, more than {FORMS}"
        yield EditionError(file, "terrain", fault, "Leave the small ones to rough.")
    drapes = [_length(drape.line) for drape in track.drapes]
    yield from _long(file, "drapes", drapes, DRAPES_M)
    if not (track.terrain or track.relief):
        return
    edges = [_length(entry.line or entry.outline) for entry in track.terrain]
    yield from _long(file, "terrain", edges, EDGES_M)
    yield from _long(file, "ground", [_length(g.outline) for g in track.ground], EDGES_M)
    yield from _long(file, "water", [_length(w.outline) for w in track.water], EDGES_M)


def _length(points: list[tuple[float, float]] | list[tuple[float, float, float]]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))


def _long(file: Path, key: str, lengths: list[float], limit: float) -> Iterator[EditionError]:
    if sum(lengths) > limit:
        longest = max(range(len(lengths)), key=lengths.__getitem__)
        fault = f"with it {key} is {sum(lengths):,.0f} m long, more than {limit:,.0f}"
        yield EditionError(file, f"{key}[{longest}]", fault, "Shorten it.")
