"""What a character's and a kart's file hold, as types."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from moongate.race.editions.schema import Part, Slug, Story, Strict, Text, Vec3

Slot = Literal["head", "face", "body", "hands", "feet", "kart"]
SLOTS: tuple[Slot, ...] = ("head", "face", "body", "hands", "feet", "kart")
Share = Annotated[float, Meta(ge=0, le=1)]


class Proportions(Strict, frozen=True):
    """A body against the common one, which is 1.58 m tall and 1 everywhere else.

    `height` in metres without a hat; `legs`, `build` (girth), `shoulders`, `head` and `hands` are
    factors; `belly` 0 to 1; `stoop` in degrees, how far the back leans forward at rest.
    """

    height: Annotated[float, Meta(ge=1.1, le=1.9)] = 1.58
    legs: Annotated[float, Meta(ge=0.7, le=1.3)] = 1.0
    build: Annotated[float, Meta(ge=0.75, le=1.4)] = 1.0
    shoulders: Annotated[float, Meta(ge=0.8, le=1.25)] = 1.0
    belly: Share = 0.0
    head: Annotated[float, Meta(ge=0.85, le=1.15)] = 1.0
    hands: Annotated[float, Meta(ge=0.85, le=1.3)] = 1.0
    stoop: Annotated[float, Meta(ge=0, le=20)] = 0.0


class Nose(Strict, frozen=True):
    """A nose: half sizes of its tip in metres (x forward, y across, z up) and its bridge's share.

    `drop` moves the tip down, metres.
    """

    size: Vec3 = (0.036, 0.034, 0.036)
    bridge: Share = 0.0
    drop: Annotated[float, Meta(ge=-0.04, le=0.05)] = 0.0


class Eyes(Strict, frozen=True):
    """Eyes: colour of the iris, `size` factor, `apart` metres from the middle, `lid` how far shut.

    `tilt` lifts the outer corner, degrees; `lashes` draws them longer.
    """

    colour: str
    size: Annotated[float, Meta(ge=0.6, le=1.4)] = 1.0
    apart: Annotated[float, Meta(ge=0.06, le=0.12)] = 0.088
    lid: Share = 0.12
    tilt: Annotated[float, Meta(ge=-20, le=20)] = 0.0
    lashes: bool = False


class Brows(Strict, frozen=True):
    """Eyebrows: `thick` metres, `arch` metres, `tilt` lifts the outer end, degrees."""

    colour: str
    thick: Annotated[float, Meta(ge=0.008, le=0.05)] = 0.022
    arch: Annotated[float, Meta(ge=-0.02, le=0.04)] = 0.012
    tilt: Annotated[float, Meta(ge=-30, le=30)] = 4.0
    rise: Annotated[float, Meta(ge=-0.02, le=0.05)] = 0.0


class Mouth(Strict, frozen=True):
    """A mouth: `grin` shows teeth, `smile` is a line, `smirk` a line to one side."""

    kind: Literal["grin", "smile", "smirk"] = "smile"
    width: Annotated[float, Meta(ge=0.06, le=0.2)] = 0.12
    lips: str | None = None


class Scalp(Strict, frozen=True):
    """Hair that lies on the head: hairline heights in metres above the neck, `thick` metres.

    `temple` is how far round to the front the sides reach: the cosine of that angle.
    """

    colour: str
    front: Annotated[float, Meta(ge=0.1, le=0.48)] = 0.35
    side: Annotated[float, Meta(ge=-0.08, le=0.48)] = 0.2
    back: Annotated[float, Meta(ge=-0.1, le=0.48)] = 0.06
    temple: Annotated[float, Meta(ge=0, le=0.8)] = 0.17
    thick: Annotated[float, Meta(ge=0.004, le=0.12)] = 0.022
    curls: Annotated[float, Meta(ge=0, le=0.05)] = 0.0


class Face(Strict, frozen=True):
    """A face: colours are names of the palette, factors are against a plain head.

    `features` are recipe parts that always show (beard, ear-rings); about the head's joint.
    """

    skin: str
    shade: str
    blush: str
    eyes: Eyes
    brows: Brows
    nose: Nose = Nose()
    mouth: Mouth = Mouth()
    jaw: Annotated[float, Meta(ge=0.7, le=1.4)] = 1.0
    cheeks: Annotated[float, Meta(ge=0.85, le=1.15)] = 1.0
    chin: Annotated[float, Meta(ge=-0.03, le=0.06)] = 0.0
    ears: Annotated[float, Meta(ge=0.5, le=1.6)] = 1.0
    freckles: str | None = None
    lines: Share = 0.0
    features: list[Part] = []


class Hair(Strict, frozen=True):
    """Hair: `crown` goes when a hat comes, `fall` stays below it, `swings` follow the head late."""

    scalp: Scalp | None = None
    crown: list[Part] = []
    fall: list[Part] = []
    swings: list[Part] = []


class Worn(Strict, frozen=True):
    """A piece of the wardrobe in one of its colourways."""

    piece: Slug
    colourway: Slug


class CharacterFile(Strict, frozen=True):
    """characters/*.toml.

    `prop` is what stands by the person outside the kart (parts about the ground under the hips);
    `seated` says that idle, win and lose are done sitting at that height in metres. `keeps` are
    slots that the wardrobe may recolour and never empty.
    """

    name: Text
    home: Text
    age: Annotated[int, Meta(ge=8, le=110)]
    personality: Text
    story: Story
    favourite: Text
    kart: Slug
    why: Text
    proportions: Proportions
    face: Face
    hair: Hair
    wears: dict[Slot, Worn]
    prop: list[Part] = []
    seated: Annotated[float, Meta(ge=0, le=0.8)] = 0.0
    keeps: list[Slot] = []


class KartFile(Strict, frozen=True):
    """karts/*.toml.

    `seat` is the top of the cushion in the kart's axes (x forward, y left, z up, metres): a rig
    that plays `drive` has its origin there. `livery` maps a livery colour to the palette.
    """

    name: Text
    model: Slug
    what: Story
    livery: dict[str, str]
    seat: Vec3 = (-0.22, 0.0, 0.46)
