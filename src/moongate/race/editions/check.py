"""Check an edition as a build would, and name every fault of it, not only the first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from moongate.race.editions.artefact import Artefact
from moongate.race.editions.build import Key, all_keys, make_all
from moongate.race.editions.cache import PLACES
from moongate.race.editions.faults import EditionError, Fault
from moongate.race.editions.pack import open_pack
from moongate.race.editions.schema import Story, Text
from moongate.race.editions.source import Source, collect

CHINESE = re.compile(r"[\u3400-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{3}")
LANDMARKS = (3, 12)


class Report(msgspec.Struct, frozen=True):
    """All that is wrong with an edition (`errors`), what is doubtful (`warnings`), what it has."""

    edition: str
    version: str
    errors: list[Fault]
    warnings: list[Fault]
    counts: dict[str, int]

    @property
    def sound(self) -> bool:
        """Whether the edition can be built."""
        return not self.errors


def check_edition(folder: Path, *, cache_dir: Path | None = None, jobs: int = 1) -> Report:
    """Read and build everything in `folder`, write nothing but the cache, and report."""
    pack = open_pack(folder)
    errors, warnings = list(pack.faults), list(pack.warnings)
    source: Source | None = None
    if folder.is_dir():
        source, faults = collect(folder)
        known = {error.file for error in errors}
        errors += [one for error in faults for one in error.each() if one.file not in known]
    made: dict[Key, Artefact] = {}
    if source is not None:
        made, faults = make_all(source, all_keys(source), cache_dir=cache_dir, jobs=jobs)
        errors += [one for error in faults for one in error.each()]
        warnings += _untranslated(source)
        warnings += _landmark_counts(source)
        if not errors:
            warnings += _unused(source, pack.files, made.values())
    return Report(
        edition=source.about.slug if source else folder.name,
        version=source.about.version if source else "",
        errors=[Fault.of(error, folder) for error in errors],
        warnings=[Fault.of(error, folder, "warning") for error in warnings],
        counts=_counts(source, made.values()),
    )


def _counts(source: Source | None, made: Iterable[Artefact]) -> dict[str, int]:
    if source is None:
        return {}
    return {
        "tracks": len(source.tracks),
        "karts": len(source.karts),
        "characters": len(source.characters),
        "costumes": len(source.costumes),
        "pieces of music": len(source.scores),
        "models": len(source.models),
        "colours": len(source.colours),
        "triangles": sum(artefact.entry.get("triangles", 0) for artefact in made),
        "bytes": sum(len(data) for artefact in made for data in artefact.files.values()),
    }


def _untranslated(source: Source) -> Iterator[EditionError]:
    places: list[tuple[Path, Any]] = [(source.folder / "edition.toml", source.about)]
    for kind, place in PLACES.items():
        folder = source.folder / ("music" if kind == "score" else place)
        for slug, thing in getattr(source, place).items():
            places.append((folder / f"{slug}.toml", thing))
    for file, table in places:
        for path, text in _texts(table, ""):
            if LETTERS.search(text.en) and not CHINESE.search(text.zh_hans):
                fault = f"{text.zh_hans!r} has no Chinese in it"
                mend = "Translate it, or leave it if it is the name there too."
                yield EditionError(file, f"{path}.zh-hans", fault, mend)


def _texts(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Text | Story):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            name = f"{path}.{field.encode_name}" if path else field.encode_name
            yield from _texts(getattr(value, field.name), name)
    elif isinstance(value, list):
        for k, each in enumerate(value):
            yield from _texts(each, f"{path}[{k}]")


def _landmark_counts(source: Source) -> Iterator[EditionError]:
    low, high = LANDMARKS
    for slug, track in source.tracks.items():
        count = len(track.landmarks)
        if not low <= count <= high:
            fault = f"{count} landmarks, where {low} to {high} are usual"
            mend = "Give a place its landmarks, each with a visitor's card."
            yield EditionError(source.folder / "tracks" / f"{slug}.toml", "landmarks", fault, mend)


def _unused(
    source: Source, files: Iterable[Path], made: Iterable[Artefact]
) -> Iterator[EditionError]:
    artefacts = list(made)
    models = {name for artefact in artefacts for name in artefact.models}
    colours = {name for artefact in artefacts for name in artefact.colours}
    listed = {kind: set(getattr(source, kind)) for kind in ("tracks", "karts", "characters")}
    for file in files:
        kind = file.relative_to(source.folder).parts[0]
        if kind in listed and file.stem not in listed[kind]:
            mend = f"List it in {kind} of edition.toml, or remove it."
            yield EditionError(file, "file", "edition.toml does not list it", mend)
        elif kind == "models" and file.stem not in models:
            yield EditionError(file, "file", "no model, track or kart uses it", "Remove it.")
    for file in files:
        if file.relative_to(source.folder).parts[0] in ("palette", "palette.toml"):
            for name in tomllib.loads(file.read_text("utf-8")):
                if name not in colours:
                    yield EditionError(file, name, "nothing uses it", "Remove it.")
