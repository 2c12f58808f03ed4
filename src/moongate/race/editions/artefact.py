"""A thing of an edition, built: its entry in the index and the bytes of its files; tracks first."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from shapely.errors import ShapelyError

from moongate.race.drivers.plan import driver_tables
from moongate.race.editions import budget
from moongate.race.editions.faults import EditionError
from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.glb import Piece, glb
from moongate.race.editions.geometry.overlap import same_level_overlap
from moongate.race.editions.geometry.scene import scenery
from moongate.race.editions.geometry.town import where
from moongate.race.editions.landmarks import landmark_facts
from moongate.race.editions.schema import Story, Text
from moongate.race.editions.source import Source
from moongate.race.editions.track_schema import Landmark, TrackFile
from moongate.race.track import Track, TrackError, build_track

MINIMAP_STEP_M = 12.0
Value = TypeVar("Value")


class Artefact(msgspec.Struct, frozen=True):
    """What the index says of a thing, its files by name, and what of the edition it was made of."""

    entry: dict[str, Any]
    files: dict[str, bytes]
    models: list[str]
    colours: list[str]
    costumes: list[str]


class Noted(Mapping[str, Value]):
    """A mapping that remembers which of its values were looked up."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values_by_name = values
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.used.add(name)
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)


def make_track(source: Source, slug: str) -> Artefact:
    """A track's table, scenery and facts. Raises EditionError with all that is wrong with it."""
    file = source.tracks[slug]
    path = source.folder / "tracks" / f"{slug}.toml"
    track = _course(path, slug, file)
    course = Course(track)
    EditionError.raise_all(budget.track_faults(path, file, source.triangles, track.length_m))
    palette, models = Noted(source.palette), Noted(source.models)
    try:
        with np.errstate(all="ignore"):
            pieces = scenery(course, file, palette, models, path)
            within(path, "scenery", pieces, budget.TRACK_TRIANGLES, budget.TRACK_MESHES)
            model = glb(pieces)
    except (ShapelyError, ValueError, ArithmeticError, IndexError) as error:
        mend = "Look for outlines that cross themselves and for things far away."
        fault = f"it cannot be built: {error}"
        raise EditionError(path, "scenery", fault, mend) from error
    weighs(path, "scenery", model, budget.TRACK_GZIP_BYTES)
    table = track.table.astype("<f8").tobytes()
    drivers = driver_tables(track)
    files = {
        file_name("tracks", slug, "bin", table): table,
        file_name("tracks", f"{slug}-drivers", "bin", drivers): drivers,
        file_name("tracks", slug, "glb", model): model,
    }
    table_name, drivers_name, scenery_name = files
    every = max(1, round(MINIMAP_STEP_M / track.ds))
    entry = {
        "slug": slug,
        "name": said(file.name),
        "laps": file.laps,
        "id": track.id,
        "length_m": round(track.length_m, 1),
        "table": table_name,
        "drivers": drivers_name,
        "scenery": scenery_name,
        "triangles": sum(piece.mesh.count for piece in pieces),
        "minimap": np.round(course.xy[::every], 1).tolist(),
        "sky": _kebab(file.sky),
        "weather": _kebab(file.weather),
        "music": file.music,
        "music-in-company": file.music_in_company,
        "light": {
            "direction": list(file.light.sun_direction),
            "sun": list(file.light.sun),
            "sky": list(file.light.sky),
            "bounce": list(file.light.bounce),
        },
        "landmarks": [_landmark(course, mark) for mark in file.landmarks],
    }
    return Artefact(entry, files, sorted(models.used), sorted(palette.used), [])


def _course(path: Path, slug: str, file: TrackFile) -> Track:
    try:
        pads = [(pad.along, pad.lateral) for pad in file.pads]
        track = build_track(slug, np.asarray(file.course.points), pads)
    except TrackError as error:
        row = re.match(r"row (\d+)", str(error))
        field = f"course.points[{int(row.group(1)) - 1}]" if row else "course.points"
        pad = re.match(r"pad (\d+)", str(error))
        if pad:
            field = f"pads[{int(pad.group(1)) - 1}]"
        raise EditionError(path, field, str(error), "Mend the points.") from None
    found = same_level_overlap(track)
    if found is not None:
        first, second = (along * 100 // track.length_m for along in found)
        fault = f"the course overlaps itself {first:.0f} % and {second:.0f} % round the lap"
        mend = "Move the two apart, or lift one over the other."
        raise EditionError(path, "course.points", fault, mend)
    return track


def said(text: Text | Story) -> dict[str, str]:
    """A text as the index tells it."""
    return {"en": text.en, "zh-hans": text.zh_hans}


def _kebab(table: msgspec.Struct) -> dict[str, Any]:
    return {k.replace("_", "-"): v for k, v in msgspec.structs.asdict(table).items()}


def file_name(folder: str, stem: str, suffix: str, data: bytes) -> str:
    """A name that carries the hash of the content, so that a browser may keep it for ever."""
    return f"{folder}/{stem}.{hashlib.sha256(data).hexdigest()[:8]}.{suffix}"


def within(path: Path, field: str, pieces: list[Piece], triangles: int, meshes: int) -> None:
    """Refuse pieces that are more than a phone draws, or that reach nowhere."""
    count = sum(piece.mesh.count for piece in pieces)
    if count > triangles:
        mend = "Use fewer sides, copies or houses."
        raise EditionError(path, field, f"{count:,} triangles, more than {triangles:,}", mend)
    if len(pieces) > meshes:
        mend = "Make it smaller, so that it has fewer pieces."
        raise EditionError(path, field, f"{len(pieces)} meshes, more than {meshes}", mend)
    for piece in pieces:
        if not np.isfinite(piece.mesh.vertices).all():
            mend = "Look for sizes of zero and scales that are too large."
            raise EditionError(path, field, f"{piece.name} has corners nowhere", mend)


def weighs(path: Path, field: str, data: bytes, limit: int) -> None:
    """Refuse a file that takes more than `limit` bytes over the wire."""
    size = len(gzip.compress(data, 6, mtime=0))
    if size > limit:
        fault = f"{size:,} bytes gzipped, more than {limit:,}"
        raise EditionError(path, field, fault, "Use fewer corners.")


def _landmark(course: Course, mark: Landmark) -> dict[str, Any]:
    point, _ = where(course, mark.stand)
    return landmark_facts(mark, float(point[0]), float(point[1]))
