"""A whole person: head, hair and body on the common skeleton, in regions that pieces may hide."""

from __future__ import annotations

from collections.abc import Mapping

from moongate.race.editions.cast.anatomy import at
from moongate.race.editions.cast.body import bare_body
from moongate.race.editions.cast.face import build_face
from moongate.race.editions.cast.hair import build_hair
from moongate.race.editions.cast.schema import CharacterFile
from moongate.race.editions.cast.shell import Shell, rigid
from moongate.race.editions.geometry.mesh import linear
from moongate.race.editions.geometry.recipe import Palette, build_parts
from moongate.race.editions.schema import Model

VEST = linear("#ece6da")


def bare_figure(
    character: CharacterFile, palette: Palette, models: Mapping[str, Model]
) -> list[Shell]:
    """Everything that is the person and no costume; regions as in `cast.body` and `cast.hair`."""
    face = character.face
    parts = build_face(face, palette)
    if face.features:
        parts.append(
            rigid(build_parts(face.features, palette, models).moved(at("head")), "head", "head")
        )
    parts += build_hair(character.hair, palette, models)
    parts += bare_body(palette[face.skin], VEST)
    if character.prop:
        parts.append(rigid(build_parts(character.prop, palette, models), "prop", "prop"))
    return parts
