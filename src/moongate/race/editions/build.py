"""Build an edition: its sources to the files the browser and the server load.

The same sources give the same bytes. File names carry a hash of their content, so a browser may
keep them for ever.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.glb import Piece, glb
from moongate.race.editions.geometry.kart import kart_pieces
from moongate.race.editions.geometry.scene import scenery
from moongate.race.editions.geometry.town import where
from moongate.race.editions.schema import EditionError
from moongate.race.editions.source import Source, read_source
from moongate.race.track import TrackError, build_track

FORMAT = 1
MINIMAP_STEP_M = 12.0
# What a phone draws sixty times a second.
TRACK_TRIANGLES = 110_000
KART_TRIANGLES = 6_000


def build_edition(source_dir: Path, out_dir: Path) -> dict[str, Any]:
    """Build the edition in `source_dir` into `out_dir`, which is replaced; return its index."""
    source = read_source(source_dir)
    if out_dir.exists():
        shutil.rmtree(out_dir)
    for folder in ("tracks", "karts"):
        (out_dir / folder).mkdir(parents=True)
    about = source.about
    index = {
        "format": FORMAT,
        "slug": about.slug,
        "version": about.version,
        "name": _text(about.name),
        "licence": about.licence,
        "credits": about.credits,
        "tracks": [_track(source, slug, out_dir) for slug in about.tracks],
        "karts": [_kart(source, slug, out_dir) for slug in about.karts],
        "characters": [
            {
                "slug": slug,
                "name": _text(character.name),
                "home": _text(character.home),
                "story": _text(character.story),
                "kart": character.kart,
            }
            for slug, character in source.characters.items()
        ],
    }
    data = msgspec.json.format(msgspec.json.encode(index), indent=1)
    (out_dir / "edition.json").write_bytes(data + b"\n")
    return index


def _text(text: Any) -> dict[str, str]:
    return {"en": text.en, "zh-hans": text.zh_hans}


def _write(out_dir: Path, folder: str, stem: str, suffix: str, data: bytes) -> str:
    name = f"{folder}/{stem}.{hashlib.sha256(data).hexdigest()[:8]}.{suffix}"
    (out_dir / name).write_bytes(data)
    return name


def _within(pieces: list[Piece], limit: int, file: Path, field: str) -> None:
    count = sum(piece.mesh.count for piece in pieces)
    if count > limit:
        mend = "Use fewer sides, copies or houses."
        raise EditionError(file, field, f"{count} triangles, more than {limit}", mend)


def _track(source: Source, slug: str, out_dir: Path) -> dict[str, Any]:
    file = source.tracks[slug]
    path = source.folder / "tracks" / f"{slug}.toml"
    try:
        track = build_track(slug, np.asarray(file.course.points))
    except TrackError as error:
        raise EditionError(path, "course.points", str(error), "Mend the points.") from None
    course = Course(track)
    table = track.table.astype("<f8").tobytes()
    pieces = scenery(course, file, source.palette, source.models, path)
    _within(pieces, TRACK_TRIANGLES, path, "scenery")
    every = max(1, round(MINIMAP_STEP_M / track.ds))
    return {
        "slug": slug,
        "name": _text(file.name),
        "laps": file.laps,
        "id": track.id,
        "length_m": round(track.length_m, 1),
        "table": _write(out_dir, "tracks", slug, "bin", table),
        "scenery": _write(out_dir, "tracks", slug, "glb", glb(pieces)),
        "triangles": sum(piece.mesh.count for piece in pieces),
        "minimap": np.round(course.xy[::every], 1).tolist(),
        "sky": {k.replace("_", "-"): v for k, v in msgspec.structs.asdict(file.sky).items()},
        "light": {
            "direction": list(file.light.sun_direction),
            "sun": list(file.light.sun),
            "sky": list(file.light.sky),
            "bounce": list(file.light.bounce),
        },
        "landmarks": [_landmark(course, mark) for mark in file.landmarks],
    }


def _landmark(course: Course, mark: Any) -> dict[str, Any]:
    point, _ = where(course, mark.stand)
    return {
        "name": _text(mark.name),
        "what": _text(mark.card.what),
        "why": _text(mark.card.why),
        "x": round(float(point[0]), 1),
        "y": round(float(point[1]), 1),
    }


def _kart(source: Source, slug: str, out_dir: Path) -> dict[str, Any]:
    kart = source.karts[slug]
    pieces = kart_pieces(source.models[kart.model], source.palette, source.models)
    _within(pieces, KART_TRIANGLES, source.folder / "models" / f"{kart.model}.toml", "nodes")
    return {
        "slug": slug,
        "name": _text(kart.name),
        "model": _write(out_dir, "karts", slug, "glb", glb(pieces)),
        "triangles": sum(piece.mesh.count for piece in pieces),
        "nodes": [piece.name for piece in pieces],
    }
