"""What an edition's folder holds, as types; every fault is told with file, field and mend."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Hex = Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$")]
Line = Annotated[str, Meta(min_length=1, max_length=120)]
Prose = Annotated[str, Meta(min_length=10, max_length=600)]
Vec2 = tuple[float, float]
Vec3 = tuple[float, float, float]
Vec4 = tuple[float, float, float, float]
Side = Literal["left", "right"]


class EditionError(Exception):
    """A fault in an edition: the file, the field in it, what is wrong and how to mend it."""

    def __init__(self, file: Path | str, field: str, fault: str, mend: str) -> None:
        self.file, self.field, self.fault, self.mend = str(file), field, fault, mend
        super().__init__(f"{file}: {field}: {fault}. {mend}")


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A table that refuses keys it does not know."""


class Text(Strict, frozen=True):
    """A line in every language of the house."""

    en: Line
    zh_hans: Line


class Story(Strict, frozen=True):
    """A paragraph in every language of the house."""

    en: Prose
    zh_hans: Prose


class About(Strict, frozen=True):
    """edition.toml."""

    slug: Slug
    version: Annotated[str, Meta(pattern=r"^\d+\.\d+\.\d+$")]
    name: Text
    licence: Line
    credits: list[Line]
    tracks: Annotated[list[Slug], Meta(min_length=1)]
    karts: Annotated[list[Slug], Meta(min_length=1)]
    characters: Annotated[list[Slug], Meta(min_length=1)]


class Card(Strict, frozen=True):
    """A visitor's card: what stands there and one good reason to go."""

    what: Story
    why: Story


class Repeat(Strict, frozen=True):
    """Copies of a part, each `step` metres further."""

    count: Annotated[int, Meta(ge=1, le=400)]
    step: Vec3


class Part(Strict, frozen=True):
    """One shape of a model recipe, or another model used in it; metres, z up.

    Exactly one of the shape keys is set. `at` is the middle of the foot, `turn` degrees about
    x, y, z. `arches` are openings in a slab: middle x, foot z, width, height, with round heads.
    Then copies: `repeat` in a row, `ring` about the model's z axis, `mirror` x or y.
    """

    box: Vec3 | None = None
    block: Vec3 | None = None
    taper: Vec3 | None = None
    gable: Vec3 | None = None
    prism: Annotated[int, Meta(ge=3, le=64)] | None = None
    lathe: list[Vec2] | None = None
    ball: Vec3 | None = None
    slab: list[Vec2] | None = None
    beam: tuple[Vec3, Vec3] | None = None
    windows: tuple[int, int] | None = None
    use: Slug | None = None

    colour: str | None = None
    second: str | None = None
    at: Vec3 = (0.0, 0.0, 0.0)
    turn: Vec3 = (0.0, 0.0, 0.0)
    scale: float | Vec3 = 1.0
    repeat: Repeat | None = None
    again: Repeat | None = None
    ring: Annotated[int, Meta(ge=1, le=64)] | None = None
    mirror: Literal["x", "y", "xy"] | None = None

    top: Vec2 = (0.0, 0.0)
    r: float = 1.0
    r2: float | None = None
    h: float = 1.0
    sides: Annotated[int, Meta(ge=3, le=64)] = 8
    detail: Annotated[int, Meta(ge=0, le=2)] = 0
    thick: float = 0.5
    holes: list[list[Vec2]] = []
    arches: list[Vec4] = []
    area: Vec2 = (1.0, 1.0)
    size: Vec2 = (1.0, 1.0)
    glow: Annotated[float, Meta(ge=0, le=1)] = 0.0
    smooth: bool = False


SHAPES = (
    "box", "block", "taper", "gable", "prism", "lathe", "ball", "slab", "beam", "windows", "use",
)  # fmt: skip


class Node(Strict, frozen=True):
    """A part of a model that moves by itself, about `pivot`."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    parts: list[Part]
    pivot: Vec3 = (0.0, 0.0, 0.0)


class Model(Strict, frozen=True):
    """models/*.toml: a recipe of parts; karts have nodes besides."""

    parts: list[Part] = []
    nodes: list[Node] = []


class Kart(Strict, frozen=True):
    """karts/*.toml."""

    name: Text
    model: Slug


class Character(Strict, frozen=True):
    """characters/*.toml."""

    name: Text
    home: Text
    story: Story
    kart: Slug


Loaded = TypeVar("Loaded")


def _mend(message: str) -> str:
    if "missing required field" in message:
        return "Add it"
    if "unknown field" in message:
        return "Remove it or correct its spelling"
    if "Expected" in message:
        return "Write a value of the expected kind"
    return "Correct it"


def decode(file: Path, kind: type[Loaded]) -> Loaded:
    """Read a TOML file as `kind`, or say what is wrong with it."""
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise EditionError(
            file, "file", "it does not exist", "Create it or mend its slug."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EditionError(file, "TOML", str(error), "Correct the line named here.") from None
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at `")
        field = where.rstrip("`").removeprefix("$").lstrip(".") or "(whole file)"
        raise EditionError(file, field, fault, _mend(fault) + ".") from None


def check_part(file: Path, field: str, part: Part, colours: set[str], models: set[str]) -> None:
    """Refuse a part without exactly one shape, or with a colour or model nobody defined."""
    shapes = [shape for shape in SHAPES if getattr(part, shape) is not None]
    if len(shapes) != 1:
        fault = f"it sets {' and '.join(shapes) or 'no shape'}"
        raise EditionError(file, field, fault, f"Set exactly one of {', '.join(SHAPES)}.")
    if part.use is None and part.colour is None:
        raise EditionError(file, field, "it has no colour", "Set colour to a name of palette.toml.")
    for colour in (part.colour, part.second):
        if colour is not None and colour not in colours:
            raise EditionError(
                file, field, f"no colour is named {colour!r}", "Add it to palette.toml."
            )
    if part.use is not None and part.use not in models:
        raise EditionError(
            file, field, f"no model is named {part.use!r}", f"Add models/{part.use}.toml."
        )
