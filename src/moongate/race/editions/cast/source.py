"""What is wrong with a character or a kart that its type alone does not tell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from moongate.race.editions.cast.schema import CharacterFile, KartFile
from moongate.race.editions.faults import EditionError
from moongate.race.editions.schema import Model, Part, part_faults
from moongate.race.editions.wardrobe.schema import LIVERY, PieceFile

KART_NODES = ("body", "wheel_fl", "wheel_fr", "wheel_rl", "wheel_rr", "steering")


def character_faults(
    file: Path,
    character: CharacterFile,
    colours: Collection[str],
    models: Collection[str],
    pieces: Mapping[str, PieceFile],
    karts: Collection[str],
) -> Iterator[EditionError]:
    """A character names only colours, models, costumes and a kart that there are."""
    face, scalp = character.face, character.hair.scalp
    used: dict[str, str | None] = {
        "face.skin": face.skin, "face.shade": face.shade, "face.blush": face.blush,
        "face.eyes.colour": face.eyes.colour, "face.brows.colour": face.brows.colour,
        "face.mouth.lips": face.mouth.lips, "face.freckles": face.freckles,
        "hair.scalp.colour": None if scalp is None else scalp.colour,
    }  # fmt: skip
    for field, colour in used.items():
        if colour is not None and colour not in colours:
            mend = "Add it to palette.toml."
            yield EditionError(file, field, f"no colour is named {colour!r}", mend)
    for field, parts in recipes_of(character).items():
        for k, part in enumerate(parts):
            yield from part_faults(file, f"{field}[{k}]", part, colours, models)
    if character.kart not in karts:
        mend = f"Use one of {', '.join(sorted(karts))}."
        yield EditionError(file, "kart", f"no kart is named {character.kart!r}", mend)
    yield from _outfit_faults(file, character, pieces)


def recipes_of(character: CharacterFile) -> dict[str, list[Part]]:
    """The recipes of a character by their field."""
    hair = character.hair
    return {
        "face.features": character.face.features, "hair.crown": hair.crown, "hair.fall": hair.fall,
        "hair.swings": hair.swings, "prop": character.prop,
    }  # fmt: skip


def _outfit_faults(
    file: Path, character: CharacterFile, pieces: Mapping[str, PieceFile]
) -> Iterator[EditionError]:
    for slot, worn in character.wears.items():
        field = f"wears.{slot}"
        piece = pieces.get(worn.piece)
        if piece is None:
            mend = f"Add costumes/{worn.piece}.toml."
            yield EditionError(file, field, f"no costume is named {worn.piece!r}", mend)
            continue
        if piece.slot != slot:
            mend = "Wear it there."
            yield EditionError(file, field, f"{worn.piece} is for the {piece.slot}", mend)
        ways = [way.slug for way in piece.colourways]
        if worn.colourway not in ways:
            mend = f"Use one of {', '.join(ways)}."
            yield EditionError(file, field, f"no colourway {worn.colourway!r}", mend)
    for slot in dict.fromkeys(("body", "feet", *character.keeps)):
        if slot not in character.wears:
            mend = "Add a piece for that slot."
            yield EditionError(file, "wears", f"nothing is worn as {slot}", mend)


def kart_faults(
    file: Path, kart: KartFile, colours: Collection[str], models: Mapping[str, Model]
) -> Iterator[EditionError]:
    """A kart has the parts that the game moves, and a livery of known colours."""
    model = models.get(kart.model)
    if model is None:
        mend = f"Add models/karts/{kart.model}.toml."
        yield EditionError(file, "model", f"no model is named {kart.model!r}", mend)
        return
    nodes = {node.name for node in model.nodes}
    for name in KART_NODES:
        if name not in nodes:
            mend = f"Add a node of that name to the model {kart.model}."
            yield EditionError(file, "model", f"it has no node {name!r}", mend)
    for name, colour in kart.livery.items():
        if name not in LIVERY or colour not in colours:
            mend = f"Map {', '.join(LIVERY)} to colours of the palette."
            yield EditionError(file, f"livery.{name}", f"{colour!r} does not fit", mend)
