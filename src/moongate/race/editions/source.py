"""Read and check an edition's sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moongate.race.editions.budget import (
    RECIPE_TRIANGLES,
    model_triangles,
    part_triangles,
    parts_within,
)
from moongate.race.editions.cast.schema import CharacterFile, KartFile
from moongate.race.editions.cast.source import character_faults, kart_faults
from moongate.race.editions.geometry.mesh import Array, linear
from moongate.race.editions.kinds import KINDS
from moongate.race.editions.music.schema import ScoreFile, Voice
from moongate.race.editions.references import Reference, references
from moongate.race.editions.schema import (
    About,
    Character,
    EditionError,
    Kart,
    Model,
    part_faults,
)
from moongate.race.editions.toml_file import read_toml
from moongate.race.editions.track_schema import TrackFile
from moongate.race.editions.wardrobe.schema import PieceFile
from moongate.race.editions.wardrobe.source import piece_faults

BLACK = "#000000"


@dataclass(frozen=True)
class Source:
    """Everything an edition's folder says; `triangles` counts the models that can be built."""

    folder: Path
    about: About
    palette: dict[str, Array]
    colours: dict[str, str]
    models: dict[str, Model]
    model_files: dict[str, Path]
    triangles: dict[str, int]
    tracks: dict[str, TrackFile]
    karts: dict[str, KartFile | Kart]
    characters: dict[str, CharacterFile | Character]
    costumes: dict[str, PieceFile]
    scores: dict[str, ScoreFile]
    voices: dict[str, Voice]


def read_source(folder: Path) -> Source:
    """All files of an edition, each checked by itself and against the others.

    Raises EditionError for the first fault, which brings the others with it.
    """
    source, faults = collect(folder)
    EditionError.raise_all(faults)
    assert source is not None
    return source


def collect(folder: Path) -> tuple[Source | None, list[EditionError]]:
    """What can be read of an edition, and every fault of its files.

    What is faulty is left out, and so is what needs it; there is no source without edition.toml.
    """
    found = _Reader(folder)
    about: About | None = found.read("edition", folder / "edition.toml")
    found.colours = found.palette()
    found.models = found.all_models()
    found.triangles, heavy = model_triangles(found.model_files, found.models)
    found.faults += heavy
    if about is None:
        return None, found.faults
    costumes = found.costumes(about)
    scores = found.listed("score", "music", _in_order(folder / "music", about.music))
    source = Source(
        folder=folder,
        about=about,
        palette={name: linear(value) for name, value in found.colours.items()},
        colours=found.colours,
        models=found.models,
        model_files=found.model_files,
        triangles=found.triangles,
        tracks=found.tracks(about, scores),
        karts=found.karts(about),
        characters=found.characters(about, costumes),
        costumes=costumes,
        scores=scores,
        voices=found.voices(),
    )
    return source, found.faults


@dataclass
class _Reader:
    """Reads one folder, gathers faults, and knows the names that other files may use."""

    folder: Path
    faults: list[EditionError] = field(default_factory=list)
    colours: dict[str, str] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    model_files: dict[str, Path] = field(default_factory=dict)
    triangles: dict[str, int] = field(default_factory=dict)

    def read(self, kind: str, path: Path) -> Any:
        """A file as a kind, or None and its faults kept."""
        try:
            return KINDS[kind].read(path)
        except EditionError as error:
            self.faults.append(error)
            return None

    def listed(self, kind: str, place: str, slugs: Iterable[str]) -> dict[str, Any]:
        """The files named by `slugs` in the folder `place`, without those that are faulty."""
        found = {slug: self.read(kind, self.folder / place / f"{slug}.toml") for slug in slugs}
        return {slug: value for slug, value in found.items() if value is not None}

    def palette(self) -> dict[str, str]:
        """palette.toml and what palette/*.toml add to it; a name stands for one colour."""
        colours = self._colours(self.folder / "palette.toml")
        for path in sorted((self.folder / "palette").glob("*.toml")):
            for name, colour in self._colours(path).items():
                if colours.setdefault(name, colour) != colour:
                    fault = f"{name} is {colours[name]} elsewhere"
                    mend = "Rename it or use the colour that is there."
                    self.faults.append(EditionError(path, name, fault, mend))
        return colours

    def _colours(self, path: Path) -> dict[str, str]:
        """A palette's colours; a wrong one is told and is black, so that its name is known."""
        found = self.read("palette", path)
        if found is None:
            try:
                found = dict.fromkeys(read_toml(path, KINDS["palette"].max_bytes), BLACK)
            except EditionError:
                found = {}
        return dict(found)

    def all_models(self) -> dict[str, Model]:
        """Every recipe in models/ and its subfolders by slug, without those that are faulty."""
        for path in sorted((self.folder / "models").rglob("*.toml")):
            if path.stem in self.model_files:
                fault = f"{self.model_files[path.stem].relative_to(self.folder)} has this slug"
                error = EditionError(path, "file name", fault, "Rename one of the two.")
                self.faults.append(error)
            self.model_files.setdefault(path.stem, path)
        models = {}
        for slug, path in self.model_files.items():
            model = self.read("model", path)
            if model is not None and not self._told(self._part_faults(path, model)):
                models[slug] = model
        return models

    def _part_faults(self, file: Path, model: Model) -> Iterable[EditionError]:
        groups = [("parts", model.parts)]
        groups += [(f"nodes[{k}].parts", node.parts) for k, node in enumerate(model.nodes)]
        for group, parts in groups:
            for k, part in enumerate(parts):
                yield from part_faults(file, f"{group}[{k}]", part, self.colours, self.model_files)

    def _told(self, faults: Iterable[EditionError]) -> bool:
        """Keep faults; whether there were any."""
        before = len(self.faults)
        self.faults += faults
        return len(self.faults) > before

    def costumes(self, about: About) -> dict[str, PieceFile]:
        """Every piece of the wardrobe that is sound."""
        slugs = _in_order(self.folder / "costumes", about.costumes)
        pieces: dict[str, PieceFile] = self.listed("costume", "costumes", slugs)
        for slug, piece in list(pieces.items()):
            file = self.folder / "costumes" / f"{slug}.toml"
            wrong = self._told(piece_faults(file, piece, self.colours, self.model_files))
            if self._heavy(file, piece) or wrong:
                del pieces[slug]
        return pieces

    def _heavy(self, file: Path, table: CharacterFile | PieceFile) -> bool:
        """Whether the recipes in a file are too large to build, or use a model that is."""
        parts = list(parts_within(table))
        count = sum(part_triangles(part, self.triangles) for part in parts)
        if count > RECIPE_TRIANGLES:
            fault = f"its recipes have {count:,} triangles, more than {RECIPE_TRIANGLES:,}"
            mend = "Use fewer sides or copies."
            self.faults.append(EditionError(file, "(whole file)", fault, mend))
        uses = {part.use for part in parts if part.use is not None}
        return count > RECIPE_TRIANGLES or not uses <= self.triangles.keys()

    def tracks(self, about: About, scores: Mapping[str, ScoreFile]) -> dict[str, TrackFile]:
        """Every track whose own file and models are sound."""
        tracks: dict[str, TrackFile] = self.listed("track", "tracks", about.tracks)
        for slug, track in list(tracks.items()):
            file = self.folder / "tracks" / f"{slug}.toml"
            named = list(references(track))
            for key, piece in (
                ("music", track.music),
                ("music-in-company", track.music_in_company),
            ):
                if piece is not None:
                    named.append((key, "piece of music", piece))
            known: dict[str, Iterable[str]] = {
                "colour": self.colours,
                "model": self.model_files,
                "style": track.styles,
                "piece of music": scores,
            }
            wrong = self._told(_unknown(file, named, known))
            if wrong or any(k == "model" and n not in self.triangles for _, k, n in named):
                del tracks[slug]
        return tracks

    def karts(self, about: About) -> dict[str, KartFile | Kart]:
        """Every kart whose own file and model are sound."""
        karts: dict[str, KartFile | Kart] = self.listed("kart", "karts", about.karts)
        for slug, kart in list(karts.items()):
            file = self.folder / "karts" / f"{slug}.toml"
            if kart.model in self.model_files and kart.model not in self.triangles:
                # What is wrong with the model has been told.
                del karts[slug]
            elif isinstance(kart, KartFile):
                if self._told(kart_faults(file, kart, self.colours, self.models)):
                    del karts[slug]
            elif self._told(
                _unknown(file, [("model", "model", kart.model)], {"model": self.model_files})
            ):
                del karts[slug]
        return karts

    def characters(
        self, about: About, costumes: Mapping[str, PieceFile]
    ) -> dict[str, CharacterFile | Character]:
        """Every character that is sound."""
        people: dict[str, CharacterFile | Character]
        people = self.listed("character", "characters", about.characters)
        for slug, person in list(people.items()):
            file = self.folder / "characters" / f"{slug}.toml"
            if isinstance(person, CharacterFile):
                wrong = self._told(
                    character_faults(
                        file, person, self.colours, self.model_files, costumes, about.karts
                    )
                )
                wrong = self._heavy(file, person) or wrong
            else:
                wrong = self._told(
                    _unknown(file, [("kart", "kart", person.kart)], {"kart": about.karts})
                )
            if wrong:
                del people[slug]
        return people

    def voices(self) -> dict[str, Voice]:
        """music/voices.toml, which may be absent."""
        file = self.folder / "music" / "voices.toml"
        return (self.read("voices", file) or {}) if file.exists() else {}


def _in_order(folder: Path, first: list[str]) -> list[str]:
    """The slugs of a folder's files, those named in `first` before the others."""
    there = [path.stem for path in sorted(folder.glob("*.toml")) if path.name != "voices.toml"]
    return [*first, *(slug for slug in there if slug not in first)]


def _unknown(
    file: Path, named: Iterable[Reference], known: Mapping[str, Iterable[str]]
) -> list[EditionError]:
    faults = []
    for where, kind, name in named:
        if name not in known[kind]:
            names = sorted(known[kind])
            shown = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
            mend = f"Use one of {shown}." if names else f"Define that {kind} first."
            faults.append(EditionError(file, where, f"no {kind} is named {name!r}", mend))
    return faults
