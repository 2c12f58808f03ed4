"""What is wrong with a costume piece that its type alone does not tell."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from moongate.race.editions.cast.skeleton import JOINTS
from moongate.race.editions.faults import EditionError
from moongate.race.editions.schema import part_faults
from moongate.race.editions.wardrobe.schema import CLOTHS, LIVERY, Colourway, PieceFile


def piece_faults(
    file: Path, piece: PieceFile, colours: Collection[str], models: Collection[str]
) -> Iterator[EditionError]:
    """A piece must be something, and name only joints, colours and models that there are."""
    for k, entry in enumerate(piece.rigid):
        if entry.joint not in JOINTS:
            mend = f"Use one of {', '.join(JOINTS)}."
            yield EditionError(file, f"rigid[{k}].joint", f"no joint is {entry.joint!r}", mend)
        for n, part in enumerate(entry.parts):
            yield from part_faults(file, f"rigid[{k}].parts[{n}]", part, colours, models)
    yield from _colourway_faults(file, piece, colours)
    made = (
        piece.top, piece.trousers, piece.skirt, piece.collar, piece.boot, piece.glove, piece.cowl,
    )  # fmt: skip
    if piece.slot != "kart" and not piece.rigid and all(part is None for part in made):
        mend = "Add a garment or rigid parts."
        yield EditionError(file, "slot", "the piece is made of nothing", mend)
    if piece.slot == "body" and piece.top is None:
        yield EditionError(file, "slot", "a body piece covers the trunk", "Add [top].")
    if piece.slot != "body" and (piece.top or piece.trousers or piece.skirt):
        mend = "Move it to a piece of the slot body."
        yield EditionError(file, "slot", f"the {piece.slot} wears no coat or trousers", mend)
    if piece.earned.by != "open" and piece.earned.how is None:
        mend = "Say in both languages what earns it."
        yield EditionError(file, "earned.how", "it is missing", mend)


def _colourway_faults(
    file: Path, piece: PieceFile, colours: Collection[str]
) -> Iterator[EditionError]:
    slugs = [way.slug for way in piece.colourways]
    if len(set(slugs)) != len(slugs):
        yield EditionError(file, "colourways", "two have one slug", "Rename one of them.")
    for k, way in enumerate(piece.colourways):
        yield from way_faults(file, f"colourways[{k}]", way, piece, colours)


def way_faults(
    file: Path, field: str, way: Colourway, piece: PieceFile, colours: Collection[str]
) -> Iterator[EditionError]:
    """A colourway maps cloths that there are to colours that there are."""
    cloths = LIVERY if piece.slot == "kart" else CLOTHS
    for cloth, names in way.colours.items():
        where = f"{field}.colours.{cloth}"
        if cloth not in cloths:
            yield EditionError(file, where, f"no cloth {cloth!r}", f"Use {', '.join(cloths)}.")
        for name in names:
            if name not in colours:
                mend = "Add it to palette.toml."
                yield EditionError(file, where, f"no colour is named {name!r}", mend)
