"""What a track's file holds: the course, what stands beside it, its light and its sky."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from moongate.race.editions.schema import Card, Hex, Side, Slug, Strict, Text, Vec2, Vec3

Metres = Annotated[float, Meta(ge=-10_000, le=10_000)]
Range = tuple[float, float]
Choice = Annotated[list[str], Meta(min_length=1)]


class Course(Strict, frozen=True):
    """Closed control points, rows x, y, h, road_left, road_right, wall_left, wall_right in m."""

    points: Annotated[
        list[tuple[Metres, Metres, Metres, Metres, Metres, Metres, Metres]], Meta(min_length=4)
    ]


class Road(Strict, frozen=True):
    """Colours of the road and of the land beside it, by their names in palette.toml."""

    asphalt: str
    line: str
    kerb: str
    kerb_second: str
    verge: str
    checker: str
    skirt: str
    land: str


class Sky(Strict, frozen=True):
    """A painted gradient."""

    top: Hex
    middle: Hex
    horizon: Hex
    glow: Hex
    ground: Hex
    fog: Hex
    fog_near: float
    fog_far: float


class Light(Strict, frozen=True):
    """One sun and the light around it. Colours of light are linear and may exceed 1."""

    sun_direction: Vec3
    sun: Vec3
    sky: Vec3
    bounce: Vec3


class Ground(Strict, frozen=True):
    """A patch of ground; later patches lie over earlier ones."""

    colour: str
    outline: Annotated[list[Vec2], Meta(min_length=3)]


class Water(Strict, frozen=True):
    """A river or a lake: a closed outline, rounded `smooth` times, its surface at `level` m."""

    outline: Annotated[list[Vec2], Meta(min_length=3)]
    level: float
    colour: str
    wall: str
    smooth: Annotated[int, Meta(ge=0, le=4)] = 2


class Verge(Strict, frozen=True):
    """What lies between road and wall, metres along the lap; later entries win."""

    along: Range
    side: Side
    colour: str


class Barrier(Strict, frozen=True):
    """What the wall looks like, metres along the lap; later entries win."""

    along: Range
    side: Side
    kind: Literal["parapet", "railing", "hedge", "fence"]
    colour: str
    second: str
    height: float = 1.1


class Crossing(Strict, frozen=True):
    """A zebra crossing painted over the road, its middle at metres along the lap."""

    along: float
    colour: str


class Bridge(Strict, frozen=True):
    """A deck over water, metres along the lap, on arches or beams."""

    along: Range
    colour: str
    second: str
    arches: Annotated[int, Meta(ge=0, le=20)] = 0


class Row(Strict, frozen=True):
    """Houses shoulder to shoulder beside the course, metres along the lap."""

    along: Range
    side: Side
    style: Slug
    setback: float = 4.0


class Quarter(Strict, frozen=True):
    """A polygon filled with houses wherever nothing else stands."""

    outline: Annotated[list[Vec2], Meta(min_length=3)]
    style: Slug
    spacing: float
    taller: float = 0.0


class Line(Strict, frozen=True):
    """A model again and again beside the course, metres along the lap."""

    along: Range
    side: Side
    model: Slug
    every: float
    out: float = 2.0
    turn: float = 0.0
    vary: float = 0.0


class Grove(Strict, frozen=True):
    """Models strewn over a polygon."""

    outline: Annotated[list[Vec2], Meta(min_length=3)]
    models: list[Slug]
    spacing: float
    margin: float = 3.0


class Stand(Strict, frozen=True):
    """One model put in its place: at x, y, z or at metres along the lap and out from its wall."""

    model: Slug
    at: Vec3 | None = None
    along: float | None = None
    side: Side = "left"
    out: float = 0.0
    turn: float = 0.0
    scale: float = 1.0
    over_road: bool = False
    clear: float = 0.0


class Landmark(Strict, frozen=True):
    """A model people come for, with a visitor's card."""

    name: Text
    card: Card
    stand: Stand


class Style(Strict, frozen=True):
    """How the houses of a row or a quarter look; a choice is made from every list."""

    kind: Literal["terrace", "block", "tower", "shed"]
    walls: Choice
    roofs: Choice
    trims: Choice
    windows: Choice
    doors: Choice
    lit: str
    width: Range
    depth: Range
    storeys: tuple[int, int]
    storey: float = 3.2


class TrackFile(Strict, frozen=True):
    """tracks/*.toml."""

    name: Text
    seed: Annotated[int, Meta(ge=0)]
    course: Course
    sky: Sky
    light: Light
    road: Road
    laps: Annotated[int, Meta(ge=1, le=9)] = 2
    ground: list[Ground] = []
    water: list[Water] = []
    verges: list[Verge] = []
    barriers: list[Barrier] = []
    bridges: list[Bridge] = []
    crossings: list[Crossing] = []
    styles: dict[str, Style] = {}
    rows: list[Row] = []
    quarters: list[Quarter] = []
    lines: list[Line] = []
    groves: list[Grove] = []
    stands: list[Stand] = []
    landmarks: list[Landmark] = []
