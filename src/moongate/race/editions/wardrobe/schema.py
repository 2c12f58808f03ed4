"""What a costume piece's file holds, as types."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from moongate.race.editions.cast.schema import Share, Slot
from moongate.race.editions.schema import Line, Part, Slug, Story, Strict, Text

# Colours of a recipe that a colourway replaces, in the order of a texture's swatches.
CLOTHS = ("main", "second", "third", "trim", "sole", "extra")
LIVERY = ("livery", "livery-second", "livery-trim")
ClothName = Literal["main", "second", "third", "trim", "sole", "extra"]
Metres = Annotated[float, Meta(ge=-1, le=2)]
Ease = Annotated[float, Meta(ge=0.004, le=0.12)]
PatternRow = Annotated[str, Meta(pattern=r"^[a-f]{1,64}$")]


class Pattern(Strict, frozen=True):
    """How a cloth is made of its colours, which its colourway lists and the letters a to f name.

    `threads` counts threads of each colour (`a12 b4`) for stripes, hoops, check and tartan; `rows`
    are knitted or printed stitches from the hem up for `bands`; `mm` is the size of a thread,
    stitch or motif on the body.
    """

    kind: Literal[
        "plain", "stripes", "hoops", "check", "tartan", "bands", "cable", "rib", "tweed",
        "herringbone", "dots", "argyle", "harlequin", "patches",
    ] = "plain"  # fmt: skip
    threads: Annotated[str, Meta(pattern=r"^[a-f]\d{1,3}( [a-f]\d{1,3}){0,23}$")] | None = None
    rows: Annotated[list[PatternRow], Meta(max_length=96)] = []
    mm: Annotated[float, Meta(ge=1, le=200)] = 6.0


class Top(Strict, frozen=True):
    """What covers the trunk: `hem` is its height on the body, `sleeve` a share of the arm."""

    cloth: ClothName = "main"
    hem: Annotated[float, Meta(ge=0.12, le=0.8)] = 0.56
    ease: Ease = 0.016
    flare: Annotated[float, Meta(ge=0, le=0.6)] = 0.0
    waist: Annotated[float, Meta(ge=-0.05, le=0.05)] = 0.0
    shoulders: Annotated[float, Meta(ge=0, le=0.05)] = 0.0
    sleeve: Share = 1.0
    sleeve_ease: Ease = 0.013
    sleeve_flare: Annotated[float, Meta(ge=-0.02, le=0.1)] = 0.0
    sleeve_cloth: ClothName | None = None
    cuff: ClothName | None = None
    hem_band: ClothName | None = None


class Collar(Strict, frozen=True):
    """What stands about the neck."""

    kind: Literal["crew", "roll", "stand", "shirt", "hood", "fur", "scarf"]
    cloth: ClothName = "main"
    ends: ClothName | None = None


class Trousers(Strict, frozen=True):
    """Legs: `length` 1 reaches the ankle; `flare` widens the hem, metres."""

    cloth: ClothName = "second"
    length: Annotated[float, Meta(ge=0.2, le=1)] = 1.0
    ease: Ease = 0.01
    flare: Annotated[float, Meta(ge=-0.01, le=0.08)] = 0.0
    turn_up: ClothName | None = None


class Skirt(Strict, frozen=True):
    """Cloth about both legs from `waist` down to `hem`."""

    cloth: ClothName = "second"
    waist: Annotated[float, Meta(ge=0.5, le=0.8)] = 0.68
    hem: Annotated[float, Meta(ge=0.1, le=0.5)] = 0.34
    flare: Annotated[float, Meta(ge=0, le=0.8)] = 0.25
    pleats: bool = False


class Boot(Strict, frozen=True):
    """A shoe for each foot: `shaft` is the height of its top, `toe` how round it is."""

    cloth: ClothName = "main"
    sole: ClothName = "sole"
    shaft: Annotated[float, Meta(ge=0.07, le=0.36)] = 0.13
    wide: Annotated[float, Meta(ge=0.9, le=1.3)] = 1.0
    toe: ClothName | None = None
    cuff: ClothName | None = None
    sock: ClothName | None = None


class Glove(Strict, frozen=True):
    """A glove for each hand, its cuff `cuff` metres up the arm."""

    cloth: ClothName = "main"
    cuff_cloth: ClothName | None = None
    cuff: Annotated[float, Meta(ge=0.01, le=0.16)] = 0.04
    cuff_ease: Ease = 0.02
    tips: bool = True


class Cowl(Strict, frozen=True):
    """A close hood or a helmet: heights of its edge before, at the sides and behind, metres."""

    cloth: ClothName = "main"
    front: Annotated[float, Meta(ge=0.2, le=0.45)] = 0.37
    side: Annotated[float, Meta(ge=-0.08, le=0.3)] = 0.0
    back: Annotated[float, Meta(ge=-0.1, le=0.3)] = -0.05
    temple: Annotated[float, Meta(ge=0, le=0.8)] = 0.17
    thick: Annotated[float, Meta(ge=0.01, le=0.08)] = 0.02


class Mark(Strict, frozen=True):
    """Something drawn on a panel: across −0.5 to 0.5 about its middle, up 0 to 1 from its low edge.

    `box` is left, low, right, high. A `vee` is wide at its top, a `sash` runs from low left to high
    right; `pixels` draws `rows` (top first,
    `.` leaves the cloth) over the box; `mirror` draws it again on the other side.
    """

    box: tuple[float, float, float, float]
    cloth: ClothName
    panel: Literal["trunk", "sleeves", "legs", "skirt"] = "trunk"
    shape: Literal["box", "vee", "oval", "dots", "sash", "pixels"] = "box"
    mm: Annotated[float, Meta(ge=2, le=200)] = 30.0
    rows: Annotated[list[Annotated[str, Meta(pattern=r"^[.#]{1,48}$")]], Meta(max_length=48)] = []
    mirror: bool = False


class Rigid(Strict, frozen=True):
    """Recipe parts that follow one joint, about its place on the common body.

    `pair` makes the same on the other side; `wrap` winds a cloth's pattern about them.
    """

    joint: Annotated[str, Meta(pattern=r"^[a-z_]{3,12}$")]
    parts: list[Part]
    pair: bool = False
    wrap: ClothName | None = None


class Colourway(Strict, frozen=True):
    """One set of colours: names in the palette for each cloth, that of plain parts first."""

    slug: Slug
    name: Text
    colours: dict[str, Annotated[list[str], Meta(min_length=1, max_length=6)]]


class Earned(Strict, frozen=True):
    """How a piece is come by: always, by a licence test, a season's end or a visitor's card."""

    by: Literal["open", "licence", "season", "card"]
    how: Text | None = None


class PieceFile(Strict, frozen=True):
    """costumes/*.toml; a head piece hides the crown of the hair unless it is `open-top`."""

    slot: Slot
    name: Text
    what: Story
    origin: Text
    history: Story
    earned: Earned
    colourways: Annotated[list[Colourway], Meta(min_length=2, max_length=12)]
    source: Line | None = None
    patterns: dict[str, Pattern] = {}
    top: Top | None = None
    collar: Collar | None = None
    trousers: Trousers | None = None
    skirt: Skirt | None = None
    boot: Boot | None = None
    glove: Glove | None = None
    cowl: Cowl | None = None
    rigid: list[Rigid] = []
    marks: Annotated[list[Mark], Meta(max_length=60)] = []
    hides: list[Literal["crown", "fall", "ears", "shins"]] = []
    open_top: bool = False


def colour_names(piece: PieceFile) -> list[str]:
    """Every colour name a piece's colourways use."""
    return [name for way in piece.colourways for names in way.colours.values() for name in names]
