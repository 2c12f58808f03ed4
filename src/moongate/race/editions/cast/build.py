"""Characters, karts and costumes as files for the browser, with what the index says of them.

Each `make_*` returns the index entry and the files by name; the same sources give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from moongate.race.editions.cast.clips import make_clips
from moongate.race.editions.cast.figure import bare_figure
from moongate.race.editions.cast.livery import kart_drawn, livery_texture
from moongate.race.editions.cast.rigglb import Drawn, rig_glb
from moongate.race.editions.cast.schema import CharacterFile, KartFile, Proportions
from moongate.race.editions.cast.skeleton import make_rig
from moongate.race.editions.geometry.recipe import Palette
from moongate.race.editions.schema import Model, Story, Text
from moongate.race.editions.wardrobe.piece import cut_piece, dye
from moongate.race.editions.wardrobe.png import png
from moongate.race.editions.wardrobe.schema import Pattern, PieceFile
from moongate.race.editions.wardrobe.wear import Outfit, dressed

CHARACTER_TRIANGLES = 3_500
KART_TRIANGLES = 2_500
PIECE_TRIANGLES = 1_500
Built = tuple[dict[str, Any], dict[str, bytes]]
Models = Mapping[str, Model]


def make_character(
    slug: str,
    character: CharacterFile,
    pieces: Mapping[str, PieceFile],
    palette: Palette,
    models: Models,
) -> Built:
    """`model` is the person dressed, one mesh and one texture; `body` is the person to dress.

    Both have the rig and the clips idle, drive, lean_left, lean_right, win and lose.
    """
    rig = make_rig(character.proportions)
    clips = make_clips(rig, character.proportions, character.seated)
    bare = bare_figure(character, palette, models)
    cuts = {s: cut_piece(pieces[w.piece], palette, models) for s, w in character.wears.items()}
    textures = {
        slot: dye(pieces[worn.piece], _way(pieces[worn.piece], worn.colourway), palette)
        for slot, worn in character.wears.items()
    }
    shells, atlas = dressed(bare, Outfit(cuts, textures))
    triangles = sum(part.mesh.count for part in shells)
    files: dict[str, bytes] = {}
    model = rig_glb([Drawn("figure", shells, png(atlas))], rig, clips)
    body = rig_glb([Drawn("body", bare)], rig, clips)
    entry = {
        "slug": slug,
        "name": _text(character.name),
        "home": _text(character.home),
        "age": character.age,
        "personality": _text(character.personality),
        "story": _text(character.story),
        "favourite": _text(character.favourite),
        "kart": character.kart,
        "why": _text(character.why),
        "model": _put(files, "characters", slug, "glb", model),
        "body": _put(files, "characters", f"{slug}-body", "glb", body),
        "triangles": triangles,
        "wears": {s: [w.piece, w.colourway] for s, w in character.wears.items()},
        "keeps": list(character.keeps),
        "clips": [clip.name for clip in clips],
    }
    return entry, files


def make_kart(slug: str, kart: KartFile, palette: Palette, models: Models) -> Built:
    """A kart whose texture any livery may replace; every rig sits on its node `seat`."""
    drawn = kart_drawn(kart, models[kart.model], palette, models)
    files: dict[str, bytes] = {}
    entry = {
        "slug": slug,
        "name": _text(kart.name),
        "what": _text(kart.what),
        "model": _put(files, "karts", slug, "glb", rig_glb(drawn)),
        "triangles": sum(part.mesh.count for piece in drawn for part in piece.shells),
        "nodes": [piece.name for piece in drawn],
        "seat": list(kart.seat),
    }
    return entry, files


def make_costume(slug: str, piece: PieceFile, palette: Palette, models: Models) -> Built:
    """A piece on the common rig with its first colourway, and a texture for each colourway."""
    files: dict[str, bytes] = {}
    ways = []
    first = ""
    for way in piece.colourways:
        if piece.slot == "kart":
            pattern = piece.patterns.get("livery", Pattern())
            picture = png(livery_texture(way.colours, pattern, palette))
        else:
            picture = png(dye(piece, way, palette))
        texture = _put(files, "costumes", f"{slug}-{way.slug}", "png", picture)
        ways.append({"slug": way.slug, "name": _text(way.name), "texture": texture})
        first = first or texture
    entry: dict[str, Any] = {
        "slug": slug,
        "slot": piece.slot,
        "name": _text(piece.name),
        "what": _text(piece.what),
        "origin": _text(piece.origin),
        "history": _text(piece.history),
        "source": piece.source,
        "earned": {
            "by": piece.earned.by,
            "how": None if piece.earned.how is None else _text(piece.earned.how),
        },
        "colourways": ways,
        "model": None,
        "hides": [],
        "triangles": 0,
    }
    if piece.slot != "kart":
        cut = cut_piece(piece, palette, models)
        drawn = [Drawn("piece", cut.shells, files[first], extras={"hides": cut.hides})]
        model = rig_glb(drawn, make_rig(Proportions()))
        entry["model"] = _put(files, "costumes", slug, "glb", model)
        entry["hides"], entry["triangles"] = cut.hides, cut.triangles
    return entry, files


def _way(piece: PieceFile, slug: str) -> Any:
    return next(way for way in piece.colourways if way.slug == slug)


def _text(text: Text | Story) -> dict[str, str]:
    return {"en": text.en, "zh-hans": text.zh_hans}


def _put(files: dict[str, bytes], folder: str, stem: str, suffix: str, data: bytes) -> str:
    name = f"{folder}/{stem}.{hashlib.sha256(data).hexdigest()[:8]}.{suffix}"
    files[name] = data
    return name
