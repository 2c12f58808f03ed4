"""Read a built edition: what the server needs of it, without the tools that build it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from moongate.race.editions.faults import EditionError
from moongate.race.track import Track, TrackError, checked_table

FORMAT = 1


@dataclass(frozen=True, eq=False)
class Edition:
    """A built edition: its folder, its index (edition.json) and its tracks."""

    folder: Path
    index: dict[str, Any]
    tracks: dict[str, Track]

    @property
    def slug(self) -> str:
        """The edition's short name."""
        return str(self.index["slug"])

    @cached_property
    def tracks_by_id(self) -> dict[str, Track]:
        """The tracks by the id that replays carry."""
        return {track.id: track for track in self.tracks.values()}


def load_edition(built_dir: Path) -> Edition:
    """The edition built into `built_dir`."""
    file = built_dir / "edition.json"
    try:
        index = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise EditionError(file, "file", "it does not exist", "Build the edition first.") from None
    except ValueError as error:
        raise EditionError(file, "JSON", str(error), "Build the edition again.") from None
    if index.get("format") != FORMAT:
        raise EditionError(
            file,
            "format",
            f"it is {index.get('format')!r}, not {FORMAT}",
            "Build the edition again.",
        )
    tracks = {entry["slug"]: _track(built_dir, entry) for entry in index["tracks"]}
    return Edition(built_dir, index, tracks)


def _track(built_dir: Path, entry: dict[str, Any]) -> Track:
    file = built_dir / entry["table"]
    if built_dir.resolve() not in file.resolve().parents:
        raise EditionError(file, "table", "it lies outside the edition", "Build the edition again.")
    try:
        table = np.frombuffer(file.read_bytes(), "<f8").astype(np.float64)
    except (OSError, ValueError) as error:
        raise EditionError(file, "table", str(error), "Build the edition again.") from None
    track = Track(str(entry["slug"]), table)
    if track.id != entry["id"]:
        raise EditionError(
            file, "table", f"its id is {track.id}, not {entry['id']}", "Build the edition again."
        )
    try:
        checked_table(table)
    except TrackError as error:
        raise EditionError(file, "table", str(error), "Build the edition again.") from None
    return track
