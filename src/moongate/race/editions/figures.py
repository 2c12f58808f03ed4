"""Karts, characters, costumes and scores of an edition, built."""

from __future__ import annotations

from pathlib import Path

import msgspec
from shapely.errors import ShapelyError

from moongate.race.editions import budget
from moongate.race.editions.artefact import Artefact, Noted, file_name, said, weighs, within
from moongate.race.editions.cast import build as cast
from moongate.race.editions.cast.schema import CharacterFile, KartFile
from moongate.race.editions.faults import EditionError
from moongate.race.editions.geometry.glb import glb
from moongate.race.editions.geometry.kart import kart_pieces
from moongate.race.editions.music.compile import compile_score
from moongate.race.editions.source import Source

GEOMETRY_ERRORS = (ShapelyError, ValueError, ArithmeticError, IndexError)


def make_kart(source: Source, slug: str) -> Artefact:
    """A kart's model and facts. Raises EditionError."""
    kart = source.karts[slug]
    path = source.model_files[kart.model]
    palette, models = Noted(source.palette), Noted(source.models)
    if isinstance(kart, KartFile):
        try:
            entry, files = cast.make_kart(slug, kart, palette, models)
        except GEOMETRY_ERRORS as error:
            raise _failed(path, "nodes", error) from error
        _light(path, "nodes", entry["triangles"], cast.KART_TRIANGLES)
    else:
        pieces = kart_pieces(models[kart.model], palette, models)
        within(path, "nodes", pieces, budget.KART_TRIANGLES, budget.KART_MESHES)
        model = glb(pieces)
        name = file_name("karts", slug, "glb", model)
        files = {name: model}
        entry = {
            "slug": slug,
            "name": said(kart.name),
            "model": name,
            "triangles": sum(piece.mesh.count for piece in pieces),
            "nodes": [piece.name for piece in pieces],
        }
    weighs(path, "nodes", files[entry["model"]], budget.KART_GZIP_BYTES)
    return Artefact(entry, files, sorted(models.used), sorted(palette.used), [])


def make_character(source: Source, slug: str) -> Artefact:
    """A character's words, and its rigged figure if it has one. Raises EditionError."""
    person = source.characters[slug]
    path = source.folder / "characters" / f"{slug}.toml"
    if not isinstance(person, CharacterFile):
        sketch = {
            "slug": slug,
            "name": said(person.name),
            "home": said(person.home),
            "story": said(person.story),
            "kart": person.kart,
        }
        return Artefact(sketch, {}, [], [], [])
    palette, models = Noted(source.palette), Noted(source.models)
    costumes = Noted(source.costumes)
    try:
        entry, files = cast.make_character(slug, person, costumes, palette, models)
    except GEOMETRY_ERRORS as error:
        raise _failed(path, "(whole file)", error) from error
    _light(path, "(whole file)", entry["triangles"], cast.CHARACTER_TRIANGLES)
    for name in (entry["model"], entry["body"]):
        weighs(path, "(whole file)", files[name], budget.FIGURE_GZIP_BYTES)
    return Artefact(entry, files, sorted(models.used), sorted(palette.used), sorted(costumes.used))


def make_costume(source: Source, slug: str) -> Artefact:
    """A piece of the wardrobe in all its colourways. Raises EditionError."""
    path = source.folder / "costumes" / f"{slug}.toml"
    palette, models = Noted(source.palette), Noted(source.models)
    try:
        entry, files = cast.make_costume(slug, source.costumes[slug], palette, models)
    except GEOMETRY_ERRORS as error:
        raise _failed(path, "(whole file)", error) from error
    _light(path, "(whole file)", entry["triangles"], cast.PIECE_TRIANGLES)
    for data in files.values():
        weighs(path, "(whole file)", data, budget.FIGURE_GZIP_BYTES)
    return Artefact(entry, files, sorted(models.used), sorted(palette.used), [])


def make_score(source: Source, slug: str) -> Artefact:
    """A piece of music for the browser's player. Raises EditionError."""
    path = source.folder / "music" / f"{slug}.toml"
    score = source.scores[slug]
    data = msgspec.json.encode(compile_score(path, score))
    name = file_name("music", slug, "json", data)
    entry = {
        "slug": slug,
        "name": said(score.name),
        "kind": said(score.kind),
        "role": score.role,
        "character": score.character,
        "tempo": score.tempo,
        "file": name,
    }
    return Artefact(entry, {name: data}, [], [], [])


def _failed(path: Path, field: str, error: Exception) -> EditionError:
    mend = "Look for sizes of zero and for parts that are too large."
    return EditionError(path, field, f"it cannot be built: {error}", mend)


def _light(path: Path, field: str, count: int, limit: int) -> None:
    if count > limit:
        fault = f"{count:,} triangles, more than {limit:,}"
        raise EditionError(path, field, fault, "Use fewer sides or parts.")
