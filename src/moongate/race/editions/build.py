"""Build an edition: its sources to the files the browser and the server load.

The same sources give the same bytes. File names carry a hash of their content, so a browser may
keep them for ever.
"""

from __future__ import annotations

import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from moongate.race.editions.artefact import Artefact, make_track, said
from moongate.race.editions.cache import PLACES, Cache
from moongate.race.editions.faults import EditionError
from moongate.race.editions.figures import (
    make_character,
    make_costume,
    make_kart,
    make_score,
)
from moongate.race.editions.pack import open_pack
from moongate.race.editions.schema import FORMAT, About
from moongate.race.editions.source import Source, read_source

INDEX = "edition.json"
# Told of each thing as it is ready: its kind, its slug, and seconds (None from the cache).
Progress = Callable[[str, str, float | None], None]
MAKERS = {
    "track": make_track,
    "kart": make_kart,
    "character": make_character,
    "costume": make_costume,
    "score": make_score,
}
# Where the index lists a kind of thing.
LISTS = {
    "track": "tracks",
    "kart": "karts",
    "character": "characters",
    "costume": "costumes",
    "score": "music",
}
Key = tuple[str, str]


def build_edition(
    source_dir: Path,
    out_dir: Path,
    *,
    cache_dir: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Build the edition in `source_dir` into `out_dir`, which is replaced; return its index.

    Things are made in up to `jobs` processes; what is unchanged since the last build is
    taken from `cache_dir`. Raises EditionError with every fault found; `out_dir` then stays.
    """
    EditionError.raise_all(open_pack(source_dir).faults)
    _replaceable(out_dir)
    source = read_source(source_dir)
    keys = all_keys(source)
    made, faults = make_all(source, keys, cache_dir=cache_dir, jobs=jobs, progress=progress)
    EditionError.raise_all(faults)
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out_dir.parent, prefix=".building-") as fresh:
        index = _write(source, made, keys, Path(fresh))
        shutil.rmtree(out_dir, ignore_errors=True)
        out_dir.mkdir()
        shutil.copytree(fresh, out_dir, copy_function=shutil.copyfile, dirs_exist_ok=True)
        out_dir.chmod(0o755)
    return index


def _front(about: About) -> dict[str, Any] | None:
    """The front page's words, in every language."""
    front = about.front
    if front is None:
        return None
    return {key: said(getattr(front, key)) for key in front.__struct_fields__}


def all_keys(source: Source) -> list[Key]:
    """(kind, slug) of everything an edition has, in the order of showing, the slowest first."""
    return [(kind, slug) for kind in MAKERS for slug in getattr(source, PLACES[kind])]


def make_all(
    source: Source,
    keys: list[Key],
    *,
    cache_dir: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> tuple[dict[Key, Artefact], list[EditionError]]:
    """The artefacts of (kind, slug) pairs, in any order, and the faults of those that failed."""
    cache = Cache(cache_dir, source) if cache_dir else None
    told = progress or (lambda kind, slug, seconds: None)
    made: dict[Key, Artefact] = {}
    for key in keys:
        found = cache.find(*key) if cache else None
        if found is not None:
            made[key] = found
            told(*key, None)
    faults: dict[Key, EditionError] = {}
    missing = [key for key in keys if key not in made]
    for key, result, seconds in _make(source, missing, jobs):
        if isinstance(result, EditionError):
            faults[key] = result
            continue
        made[key] = result
        if cache:
            cache.keep(*key, result)
        told(*key, seconds)
    return made, [faults[key] for key in keys if key in faults]


def _make(
    source: Source, keys: list[Key], jobs: int
) -> Iterator[tuple[Key, Artefact | EditionError, float]]:
    if jobs < 2 or len(keys) < 2:
        for key in keys:
            yield key, *_timed(source, key)
        return
    # A fork shares what is loaded; elsewhere than on Linux it is not safe beside threads.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(min(jobs, len(keys)), mp_context=context) as pool:
        waiting: list[tuple[Key, Future[tuple[Artefact | EditionError, float]]]] = [
            (key, pool.submit(_timed, source, key)) for key in keys
        ]
        for key, future in waiting:
            yield key, *future.result()


def _timed(source: Source, key: Key) -> tuple[Artefact | EditionError, float]:
    began = time.monotonic()
    try:
        made: Artefact | EditionError = MAKERS[key[0]](source, key[1])
    except EditionError as error:
        made = error
    return made, time.monotonic() - began


def _replaceable(out_dir: Path) -> None:
    """Refuse to replace a folder that holds anything but a built edition."""
    if out_dir.exists() and not (out_dir / INDEX).exists():
        if not out_dir.is_dir() or any(out_dir.iterdir()):
            fault = "it holds something else than a built edition"
            raise EditionError(out_dir, "--out", fault, "Name a new folder or an empty one.")


def _write(
    source: Source, made: dict[Key, Artefact], keys: list[Key], out_dir: Path
) -> dict[str, Any]:
    for artefact in made.values():
        for name, data in artefact.files.items():
            (out_dir / name).parent.mkdir(exist_ok=True)
            (out_dir / name).write_bytes(data)
    about = source.about
    index: dict[str, Any] = {
        "format": FORMAT,
        "slug": about.slug,
        "version": about.version,
        "name": said(about.name),
        "licence": about.licence,
        "credits": about.credits,
        "front": _front(about),
        **{name: [] for name in LISTS.values()},
        "voices": msgspec.to_builtins(source.voices),
    }
    for kind, slug in keys:
        index[LISTS[kind]].append(made[kind, slug].entry)
    data = msgspec.json.format(msgspec.json.encode(index), indent=1)
    (out_dir / INDEX).write_bytes(data + b"\n")
    return index
