"""Read the knowledge files into one frozen base, or say what is wrong with them."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from moongate.health.knowledge.faults import Fault, KnowledgeError, line_of, relative
from moongate.health.knowledge.schema import (
    LEVELS,
    Condition,
    Finding,
    Level,
    LevelText,
    RedFlag,
    Source,
    Strict,
    Version,
)

BASE = Path(__file__).parent / "base"
MAX_FILE_BYTES = 2_000_000
_KINDS: dict[str, type[Strict]] = {
    "sources": Source,
    "findings": Finding,
    "conditions": Condition,
    "red_flags": RedFlag,
}


@dataclass(frozen=True)
class Place:
    """The file that declares an id, and the file's text to find lines in."""

    file: str
    text: str

    def line(self, table: str, key: str = "") -> int:
        return line_of(self.text, table, key)


@dataclass(frozen=True)
class Base:
    """All knowledge, read and each entry valid by itself; tables are in id order."""

    version: str
    digest: str
    sources: dict[str, Source]
    findings: dict[str, Finding]
    conditions: dict[str, Condition]
    red_flags: dict[str, RedFlag]
    levels: dict[Level, LevelText]
    places: dict[tuple[str, str], Place]

    @property
    def edition(self) -> str:
        """What an assessment records: the version and the first digits of the content's hash."""
        return f"{self.version}+{self.digest[:12]}"


def read_base(folder: Path = BASE) -> tuple[Base, list[Fault]]:
    """The base with every entry that could be read, and the faults of those that could not.

    Raises:
        KnowledgeError: version.toml or levels.toml cannot be used.
    """
    faults: list[Fault] = []
    tables: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
    places: dict[tuple[str, str], Place] = {}
    digest = hashlib.sha256()
    for kind, shape in _KINDS.items():
        for path in sorted((folder / kind).rglob("*.toml")):
            name = relative(path, folder)
            read = _read(path, name, faults)
            if read is None:
                continue
            text, content = read
            digest.update(name.encode() + b"\0" + text.encode() + b"\0")
            place = Place(name, text)
            for key, value in content.items():
                known = places.get((kind, key))
                if known is not None:
                    faults.append(
                        Fault(name, place.line(key), f"{key} stands in {known.file} too",
                              "Keep one of the two.")
                    )  # fmt: skip
                    continue
                places[kind, key] = place
                entry = _convert(value, shape, key, place, faults)
                if entry is not None:
                    tables[kind][key] = entry
    version = _single(folder / "version.toml", Version, folder)
    levels = _single(folder / "levels.toml", dict[Level, LevelText], folder)
    for level in LEVELS:
        if level not in levels:
            faults.append(Fault("levels.toml", 0, f"no [{level}]", "Write its name and advice."))
    ordered = {kind: dict(sorted(table.items())) for kind, table in tables.items()}
    base = Base(
        version=version.version,
        digest=digest.hexdigest(),
        levels=levels,
        places=places,
        **ordered,
    )
    return base, faults


def _read(path: Path, name: str, faults: list[Fault]) -> tuple[str, dict[str, Any]] | None:
    try:
        data = path.read_bytes()
        if len(data) > MAX_FILE_BYTES:
            faults.append(
                Fault(name, 0, f"{len(data)} bytes", f"At most {MAX_FILE_BYTES}: split it.")
            )
            return None
        text = data.decode()
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        faults.append(Fault(name, line, "not UTF-8", "Save the file as UTF-8."))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else 0
        faults.append(
            Fault(name, line, f"not TOML: {error}", "Mend the line; see the format page.")
        )
    except OSError as error:
        faults.append(Fault(name, 0, f"cannot be read: {error.strerror}", "Check its permissions."))
    return None


def _convert(value: Any, shape: Any, key: str, place: Place, faults: list[Fault]) -> Any:
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,47}", key):
        faults.append(
            Fault(place.file, place.line(key), f"{key!r} is no id", "Use snake_case, 48 at most.")
        )
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        field = where.rstrip("`").lstrip(".")
        if not field:
            missing = re.search(r"unknown field `(\w+)`", what)
            field = missing.group(1) if missing else ""
        first = re.split(r"[.\[]", field)[0] if field else ""
        faults.append(
            Fault(place.file, place.line(key, first), f"{key}: {field or 'table'}: {what}",
                  "See docs/health-knowledge.md for what stands there.")
        )  # fmt: skip
        return None


def _single(path: Path, shape: Any, root: Path) -> Any:
    faults: list[Fault] = []
    name = relative(path, root)
    if not path.is_file():
        raise KnowledgeError([Fault(name, 0, "the file is missing", "Put it back.")])
    read = _read(path, name, faults)
    if read is None:
        raise KnowledgeError(faults)
    try:
        return msgspec.convert(read[1], shape)
    except msgspec.ValidationError as error:
        raise KnowledgeError(
            [Fault(name, 0, str(error), "See docs/health-knowledge.md.")]
        ) from None
