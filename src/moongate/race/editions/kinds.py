"""The kinds of file a pack may hold: where each stands, how large it may be, and its type."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from moongate.race.editions.cast.schema import CharacterFile, KartFile
from moongate.race.editions.music.schema import ScoreFile, Voice
from moongate.race.editions.schema import About, Character, Hex, Kart, Model, fit
from moongate.race.editions.toml_file import read_toml
from moongate.race.editions.track_schema import TrackFile
from moongate.race.editions.wardrobe.schema import PieceFile

KIB = 1024
MAX_FILES = 3_000
MAX_FOLDERS_DEEP = 4
MAX_PACK_BYTES = 64 * KIB * KIB
# Text for people that stands beside edition.toml and is never built.
PAPERS = ("README.md", "LICENSE", "LICENSE.txt", "LICENCE", "LICENCE.txt", "CREDITS.md")


@dataclass(frozen=True)
class Kind:
    """One kind of file: its `place` in the pack is a path or a pattern with *.

    A file without the key `sign` may be of the simpler type `sketch`.
    """

    name: str
    place: str
    type: Any
    max_bytes: int = 128 * KIB
    sketch: Any = None
    sign: str = ""

    def holds(self, path: PurePosixPath) -> bool:
        """Whether a file at `path`, relative to the pack, is of this kind."""
        folder, _, pattern = self.place.partition("/")
        if not pattern:
            return str(path) == self.place
        if path.parts[0] != folder or path.suffix != ".toml" or len(path.parts) < 2:
            return False
        return pattern in ("**/*.toml", path.name) or (pattern == "*.toml" and len(path.parts) == 2)

    def read(self, file: Path) -> Any:
        """The file as this kind. Raises EditionError with all that is wrong with it."""
        data = read_toml(file, self.max_bytes)
        sketched = self.sketch is not None and self.sign not in data
        return fit(file, data, self.sketch if sketched else self.type)


# The first that fits counts.
KINDS = {
    kind.name: kind
    for kind in (
        Kind("edition", "edition.toml", About, 64 * KIB),
        Kind("palette", "palette.toml", dict[str, Hex], 64 * KIB),
        Kind("palettes", "palette/*.toml", dict[str, Hex], 64 * KIB),
        Kind("model", "models/**/*.toml", Model),
        Kind("track", "tracks/*.toml", TrackFile, 512 * KIB),
        Kind("kart", "karts/*.toml", KartFile, 32 * KIB, Kart, "livery"),
        Kind("character", "characters/*.toml", CharacterFile, 64 * KIB, Character, "proportions"),
        Kind("costume", "costumes/*.toml", PieceFile, 64 * KIB),
        Kind("voices", "music/voices.toml", dict[str, Voice], 64 * KIB),
        Kind("score", "music/*.toml", ScoreFile, 256 * KIB),
    )
}


def most_bytes(path: PurePosixPath) -> int | None:
    """How large the file at `path`, relative to the pack, may be; None if it may not be at all."""
    if str(path) in PAPERS:
        return 64 * KIB
    return next((kind.max_bytes for kind in KINDS.values() if kind.holds(path)), None)


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a kind of file."""
    kind = KINDS[name]
    types = [kind.type] if kind.sketch is None else [kind.type, kind.sketch]
    schemas, parts = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Moongate edition: {kind.place}",
        **(schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}),
        "$defs": parts,
    }
