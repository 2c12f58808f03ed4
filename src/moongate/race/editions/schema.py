"""What an edition's folder holds, as types; every fault is told with file, field and mend."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from moongate.race.editions.faults import EditionError
from moongate.race.editions.toml_file import MAX_BYTES, read_toml
from moongate.race.editions.validate import every_fault

__all__ = ["EditionError"]

FORMAT = 1

# `$` alone would let a line's end slip through at the end of a word.
END = r"$(?!\n)"
# No markup, no control characters, none that turn the direction of the text around them.
PLAIN = r"^[^<>\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]*" + END

Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}" + END)]
Hex = Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}" + END)]
Line = Annotated[str, Meta(min_length=1, max_length=120, pattern=PLAIN)]
Prose = Annotated[str, Meta(min_length=10, max_length=600, pattern=PLAIN)]
Version = Annotated[str, Meta(pattern=r"^\d{1,6}\.\d{1,6}\.\d{1,6}(-[0-9a-z.-]{1,20})?" + END)]
Vec2 = tuple[float, float]
Vec3 = tuple[float, float, float]
Vec4 = tuple[float, float, float, float]
Side = Literal["left", "right"]
Few = Annotated[int, Meta(ge=1, le=200)]


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


class Front(Strict, frozen=True):
    """What the house's front page says of an edition, in its words.

    `line` invites in one sentence; `scene` is what one sees through the gate, to stand in a list;
    `start` is on the button.
    """

    line: Text
    scene: Text
    start: Text


class About(Strict, frozen=True):
    """edition.toml: what the edition is, whose it is, and what it holds, in order of showing.

    All of costumes/ and music/ belongs to the edition; those listed here come first.
    """

    format: Literal[1]
    slug: Slug
    version: Version
    name: Text
    licence: Line
    credits: Annotated[list[Line], Meta(min_length=1, max_length=100)]
    tracks: Annotated[list[Slug], Meta(min_length=1, max_length=64)]
    karts: Annotated[list[Slug], Meta(min_length=1, max_length=64)]
    characters: Annotated[list[Slug], Meta(min_length=1, max_length=64)]
    costumes: Annotated[list[Slug], Meta(max_length=256)] = []
    music: Annotated[list[Slug], Meta(max_length=64)] = []
    front: Front | None = None


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
    windows: tuple[Few, Few] | None = None
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

    parts: Annotated[list[Part], Meta(max_length=2000)] = []
    nodes: Annotated[list[Node], Meta(max_length=64)] = []


class Kart(Strict, frozen=True):
    """karts/*.toml without a livery: a model that is as it is."""

    name: Text
    model: Slug


class Character(Strict, frozen=True):
    """characters/*.toml without a figure: words alone; the kart's model brings a driver."""

    name: Text
    home: Text
    story: Story
    kart: Slug


Loaded = TypeVar("Loaded")


# What a message of msgspec holds, the fault in words (None keeps the message) and the mend.
_WORDS: tuple[tuple[str, str | None, str], ...] = (
    ("missing required field", None, "Add it"),
    ("unknown field", None, "Remove it or correct its spelling"),
    ("[^<>", "it holds markup or control characters", "Write plain text, without < and >"),
    ("#[0-9a-f]", "it is no colour", "Write it as #rrggbb, in small letters"),
    ("[a-z][a-z0-9-]", "it is no slug", "Use a-z, 0-9 and hyphens, 40 at most, a letter first"),
    ("d{1,6}", "it is no version", "Write three numbers, as 1.0.0"),
    ("Expected", None, "Write a value of the expected kind"),
    ("", None, "Correct it"),
)


def _told(file: Path, field: str, message: str) -> EditionError:
    words, mend = next((words, mend) for sign, words, mend in _WORDS if sign in message)
    if words and message.startswith("its name"):
        words = words.replace("it ", "its name ", 1)
    return EditionError(file, field, words or message, f"{mend}.")


def decode(file: Path, kind: type[Loaded], limit: int = MAX_BYTES) -> Loaded:
    """Read a TOML file of at most `limit` bytes as `kind`, or say all that is wrong with it."""
    return fit(file, read_toml(file, limit), kind)


def fit(file: Path, data: dict[str, Any], kind: type[Loaded]) -> Loaded:
    """What was read from `file` as `kind`, or all that is wrong with it."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError:
        EditionError.raise_all(
            _told(file, field, message) for field, message in every_fault(data, kind)
        )
        raise


def part_faults(
    file: Path, field: str, part: Part, colours: Container[str], models: Container[str]
) -> Iterator[EditionError]:
    """A part must have exactly one shape, and colours and a model that somebody defined."""
    shapes = [shape for shape in SHAPES if getattr(part, shape) is not None]
    if len(shapes) != 1:
        fault = f"it sets {' and '.join(shapes) or 'no shape'}"
        yield EditionError(file, field, fault, f"Set exactly one of {', '.join(SHAPES)}.")
    if part.use is None and part.colour is None:
        yield EditionError(file, field, "it has no colour", "Set colour to a name of palette.toml.")
    for key in ("colour", "second"):
        colour = getattr(part, key)
        if colour is not None and colour not in colours:
            fault = f"no colour is named {colour!r}"
            yield EditionError(file, f"{field}.{key}", fault, "Add it to palette.toml.")
    if part.use is not None and part.use not in models:
        fault = f"no model is named {part.use!r}"
        yield EditionError(file, f"{field}.use", fault, f"Add models/{part.use}.toml.")
