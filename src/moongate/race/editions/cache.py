"""What was built before, taken again while nothing it was made of has changed."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from moongate.race.editions.artefact import Artefact
from moongate.race.editions.source import Source

RACE = Path(__file__).parents[1]
# Where a kind of thing stands in the source.
PLACES = {
    "track": "tracks", "kart": "karts", "character": "characters", "costume": "costumes",
    "score": "scores",
}  # fmt: skip
# The code that makes each kind, and the packages that do its arithmetic.
COMMON = ("editions/artefact.py", "editions/budget.py", "editions/schema.py", "editions/geometry")
FIGURES = (*COMMON, "editions/figures.py", "editions/cast", "editions/wardrobe")
GENERATOR = {
    "track": (
        *COMMON, "editions/track_schema.py", "editions/terrain_schema.py", "editions/landmarks.py",
        "track.py", "sim", "drivers",
    ),
    "kart": FIGURES,
    "character": FIGURES,
    "costume": FIGURES,
    "score": ("editions/figures.py", "editions/music"),
}  # fmt: skip
PACKAGES = ("numpy", "scipy", "shapely", "mapbox_earcut")


class Entry(msgspec.Struct, frozen=True):
    """An artefact with the digests of its own file, of what it used, and of the generator."""

    generator: str
    own: str
    models: dict[str, str]
    colours: dict[str, str]
    costumes: dict[str, str]
    artefact: Artefact


class Cache:
    """Artefacts of one edition in a folder; one file for each thing."""

    def __init__(self, folder: Path, source: Source) -> None:
        self.folder = folder / source.about.slug
        self.source = source

    def find(self, kind: str, slug: str) -> Artefact | None:
        """The artefact made last time, if it would come out the same today."""
        try:
            entry = msgspec.msgpack.decode(self._file(kind, slug).read_bytes(), type=Entry)
        except (OSError, msgspec.DecodeError):
            return None
        same = (
            entry.generator == generator_digest(kind)
            and entry.own == self._own(kind, slug)
            and all(self._model(name) == digest for name, digest in entry.models.items())
            and all(self.source.colours.get(name) == hex for name, hex in entry.colours.items())
            and all(self._costume(name) == digest for name, digest in entry.costumes.items())
        )
        return entry.artefact if same else None

    def keep(self, kind: str, slug: str, artefact: Artefact) -> None:
        """Remember an artefact just made."""
        entry = Entry(
            generator_digest(kind),
            self._own(kind, slug),
            {name: self._model(name) for name in artefact.models},
            {name: self.source.colours[name] for name in artefact.colours},
            {name: self._costume(name) for name in artefact.costumes},
            artefact,
        )
        file = self._file(kind, slug)
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(msgspec.msgpack.encode(entry))
        fresh.replace(file)

    def _file(self, kind: str, slug: str) -> Path:
        return self.folder / f"{kind}-{slug}.msgpack"

    def _own(self, kind: str, slug: str) -> str:
        return _digest(getattr(self.source, PLACES[kind])[slug])

    def _model(self, name: str) -> str:
        return _digest(self.source.models.get(name))

    def _costume(self, name: str) -> str:
        return _digest(self.source.costumes.get(name))


def _digest(table: msgspec.Struct | None) -> str:
    return hashlib.sha256(msgspec.json.encode(table)).hexdigest()


@cache
def generator_digest(kind: str) -> str:
    """One hash of the code that makes a kind of thing and of its packages' versions."""
    total = hashlib.sha256()
    for name in GENERATOR[kind]:
        top = RACE / name
        for file in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            total.update(file.relative_to(RACE).as_posix().encode())
            total.update(file.read_bytes())
    for package in PACKAGES:
        total.update(f"{package} {version(package)}".encode())
    return total.hexdigest()
