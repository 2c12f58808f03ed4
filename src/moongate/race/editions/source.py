"""Read and check an edition's sources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from moongate.race.editions.geometry.mesh import Array, linear
from moongate.race.editions.schema import (
    About,
    Character,
    EditionError,
    Hex,
    Kart,
    Model,
    check_part,
    decode,
)
from moongate.race.editions.track_schema import TrackFile


@dataclass(frozen=True)
class Source:
    """Everything an edition's folder says."""

    folder: Path
    about: About
    palette: dict[str, Array]
    models: dict[str, Model]
    tracks: dict[str, TrackFile]
    karts: dict[str, Kart]
    characters: dict[str, Character]


def read_source(folder: Path) -> Source:
    """All files of an edition, each checked by itself and against the others."""
    about = decode(folder / "edition.toml", About)
    colours = _palette(folder)
    files = _model_files(folder)
    models = {slug: decode(path, Model) for slug, path in files.items()}
    for slug, model in models.items():
        file = files[slug]
        groups = [("parts", model.parts)] + [(f"nodes.{n.name}", n.parts) for n in model.nodes]
        for group, parts in groups:
            for k, part in enumerate(parts):
                check_part(file, f"{group}[{k}]", part, set(colours), set(models))
    _check_circles(files, models)
    tracks = {slug: decode(folder / "tracks" / f"{slug}.toml", TrackFile) for slug in about.tracks}
    for slug, track in tracks.items():
        _check_track(folder / "tracks" / f"{slug}.toml", track, set(colours), set(models))
    karts = {slug: decode(folder / "karts" / f"{slug}.toml", Kart) for slug in about.karts}
    for slug, kart in karts.items():
        _known(folder / "karts" / f"{slug}.toml", "model", kart.model, set(models), "model")
    characters = {
        slug: decode(folder / "characters" / f"{slug}.toml", Character) for slug in about.characters
    }
    for slug, character in characters.items():
        _known(folder / "characters" / f"{slug}.toml", "kart", character.kart, set(karts), "kart")
    palette = {name: linear(value) for name, value in colours.items()}
    return Source(folder, about, palette, models, tracks, karts, characters)


def _palette(folder: Path) -> dict[str, str]:
    """palette.toml and what palette/*.toml add to it; a name stands for one colour."""
    colours: dict[str, str] = dict(decode(folder / "palette.toml", dict[str, Hex]))
    for path in sorted((folder / "palette").glob("*.toml")):
        for name, colour in decode(path, dict[str, Hex]).items():
            if colours.setdefault(name, colour) != colour:
                fault = f"{name} is {colours[name]} elsewhere"
                raise EditionError(path, name, fault, "Rename it or use the colour that is there.")
    return colours


def _model_files(folder: Path) -> dict[str, Path]:
    """Every recipe in models/ and its subfolders by slug, which is unique in the edition."""
    files: dict[str, Path] = {}
    for path in sorted((folder / "models").rglob("*.toml")):
        if path.stem in files:
            fault = f"{files[path.stem]} has this slug"
            raise EditionError(path, "file name", fault, "Rename one of the two.")
        files[path.stem] = path
    return files


def _check_circles(files: dict[str, Path], models: dict[str, Model]) -> None:
    def visit(slug: str, above: tuple[str, ...]) -> None:
        if slug in above:
            chain = " → ".join([*above, slug])
            raise EditionError(files[slug], "use", f"it uses itself: {chain}", "Break the circle.")
        model = models[slug]
        for part in [*model.parts, *(part for node in model.nodes for part in node.parts)]:
            if part.use is not None:
                visit(part.use, (*above, slug))

    for slug in models:
        visit(slug, ())


def _known(file: Path, field: str, value: str, known: set[str], kind: str) -> None:
    if value not in known:
        raise EditionError(
            file, field, f"no {kind} is named {value!r}", f"Use one of {', '.join(sorted(known))}."
        )


def _check_track(file: Path, track: TrackFile, colours: set[str], models: set[str]) -> None:
    used = [(f"road.{name}", colour) for name, colour in msgspec.structs.asdict(track.road).items()]
    used += [(f"ground[{k}].colour", g.colour) for k, g in enumerate(track.ground)]
    used += [(f"crossings[{k}].colour", c.colour) for k, c in enumerate(track.crossings)]
    used += [(f"verges[{k}].colour", v.colour) for k, v in enumerate(track.verges)]
    for k, water in enumerate(track.water):
        used += [(f"water[{k}].colour", water.colour), (f"water[{k}].wall", water.wall)]
    for k, barrier in enumerate(track.barriers):
        used += [
            (f"barriers[{k}].colour", barrier.colour),
            (f"barriers[{k}].second", barrier.second),
        ]
    for name, style in track.styles.items():
        used.append((f"styles.{name}.lit", style.lit))
        for key in ("walls", "roofs", "trims", "windows", "doors"):
            used += [(f"styles.{name}.{key}", colour) for colour in getattr(style, key)]
    for field, colour in used:
        _known(file, field, colour, colours, "colour")
    stands = [(f"landmarks[{k}].stand", m.stand.model) for k, m in enumerate(track.landmarks)]
    stands += [(f"stands[{k}]", s.model) for k, s in enumerate(track.stands)]
    stands += [(f"lines[{k}]", line.model) for k, line in enumerate(track.lines)]
    stands += [(f"groves[{k}]", m) for k, g in enumerate(track.groves) for m in g.models]
    for field, model in stands:
        _known(file, f"{field}.model", model, models, "model")
    for key in ("rows", "quarters"):
        for k, entry in enumerate(getattr(track, key)):
            _known(file, f"{key}[{k}].style", entry.style, set(track.styles), "style")
