"""Try a costume pack on: a person of the edition, dressed in each of its designs, as glTF."""

from __future__ import annotations

from moongate.race.editions.cast.clips import make_clips
from moongate.race.editions.cast.figure import bare_figure
from moongate.race.editions.cast.rigglb import Drawn, rig_glb
from moongate.race.editions.cast.schema import CharacterFile
from moongate.race.editions.cast.skeleton import make_rig
from moongate.race.editions.faults import EditionError
from moongate.race.editions.source import Source
from moongate.race.editions.wardrobe.pack import CostumePack
from moongate.race.editions.wardrobe.piece import cut_piece, dye
from moongate.race.editions.wardrobe.png import png
from moongate.race.editions.wardrobe.wear import Outfit, dressed


def try_on(pack: CostumePack, source: Source, person: str | None = None) -> dict[str, bytes]:
    """A GLB for each design, by the design's slug: `person` wears it over what they came in.

    Without a name the edition's first figure wears it. Raises EditionError for a person who is not
    there, or has no figure to dress.
    """
    character = _figure(source, person)
    pieces, palette, models = source.costumes, source.palette, source.models
    base = pieces[pack.recipe.base]
    bare = bare_figure(character, palette, models)
    worn = {slot: pieces[each.piece] for slot, each in character.wears.items()}
    cuts = {s: cut_piece(p, palette, models) for s, p in (worn | {base.slot: base}).items()}
    own = {}
    for slot, each in character.wears.items():
        way = next(way for way in worn[slot].colourways if way.slug == each.colourway)
        own[slot] = dye(worn[slot], way, palette)
    rig = make_rig(character.proportions)
    clips = make_clips(rig, character.proportions, character.seated)
    made = {}
    for design, texture in pack.textures.items():
        shells, atlas = dressed(bare, Outfit(cuts, own | {base.slot: texture}))
        made[design] = rig_glb([Drawn("figure", shells, png(atlas))], rig, clips)
    return made


def _figure(source: Source, person: str | None) -> CharacterFile:
    figures = {s: c for s, c in source.characters.items() if isinstance(c, CharacterFile)}
    if person is None and figures:
        return next(iter(figures.values()))
    if person not in figures:
        mend = f"Name one of {', '.join(figures)}." if figures else "Name an edition with figures."
        fault = "nobody can be dressed" if person is None else f"nobody is named {person!r}"
        raise EditionError(source.folder, "characters", fault, mend)
    return figures[person]
