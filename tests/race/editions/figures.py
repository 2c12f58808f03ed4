"""The cast and the wardrobe of the UK edition, read straight from its folder for tests."""

from functools import cache
from pathlib import Path

import moongate.race.editions as editions
from moongate.race.editions.cast.schema import CharacterFile, KartFile
from moongate.race.editions.geometry.mesh import linear
from moongate.race.editions.schema import EditionError, Hex, Model, decode
from moongate.race.editions.wardrobe.schema import PieceFile

UK = Path(editions.__file__).parent / "uk"


def _read(folder: str, kind: type) -> dict:
    """The files of a folder that are of the full kind; an older form is left to its own tests."""
    found = {}
    for path in sorted((UK / folder).glob("*.toml")):
        try:
            found[path.stem] = decode(path, kind)
        except EditionError as error:
            if all("missing required" in one.fault for one in error.each()):
                continue
            raise
    return found


@cache
def palette() -> dict:
    """Every colour of the edition, linear."""
    files = [UK / "palette.toml", *sorted((UK / "palette").glob("*.toml"))]
    names: dict[str, str] = {}
    for path in files:
        names |= decode(path, dict[str, Hex])
    return {name: linear(value) for name, value in names.items()}


@cache
def models() -> dict[str, Model]:
    """Every recipe by slug."""
    return {path.stem: decode(path, Model) for path in sorted((UK / "models").rglob("*.toml"))}


@cache
def pieces() -> dict[str, PieceFile]:
    """Every costume."""
    return _read("costumes", PieceFile)


@cache
def characters() -> dict[str, CharacterFile]:
    """Every character that has a figure."""
    return _read("characters", CharacterFile)


@cache
def karts() -> dict[str, KartFile]:
    """Every kart that takes any driver."""
    return _read("karts", KartFile)
