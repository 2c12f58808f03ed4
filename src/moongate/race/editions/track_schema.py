"""What a track's file holds: the course, what stands beside it, its light and its sky."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from moongate.race.editions.schema import Card, Hex, Side, Slug, Strict, Text, Vec2, Vec3
from moongate.race.editions.terrain_schema import Cover, Drape, Relief, Shelf, Terrain

Metres = Annotated[float, Meta(ge=-10_000, le=10_000)]
Range = tuple[float, float]
# Nothing finer is seen, and everything finer takes for ever to build.
Spacing = Annotated[float, Meta(ge=1, le=1_000)]
Factor = Annotated[float, Meta(ge=0.05, le=20)]
Walls = Annotated[float, Meta(ge=2, le=200)]
Storeys = Annotated[int, Meta(ge=1, le=80)]
Share = Annotated[float, Meta(ge=0, le=1)]
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
    """One sun and the light around it. Colours of light are linear and may exceed 1.

    Under clouds and at night nothing throws a shadow to be drawn: `shadows` is false.
    """

    sun_direction: Vec3
    sun: Vec3
    sky: Vec3
    bounce: Vec3
    shadows: bool = True


class Weather(Strict, frozen=True):
    """What falls, drifts and shines, as shares of the most there is.

    `mist` lies thickest at the ground and is half gone every `mist-top` metres up; `wet` makes
    the road mirror the sky and the lamps; `moon` stands where the light's sun does.
    """

    rain: Share = 0.0
    mist: Share = 0.0
    mist_top: Annotated[float, Meta(ge=1, le=200)] = 10.0
    wet: Share = 0.0
    stars: Share = 0.0
    clouds: Share = 1.0
    moon: bool = False


class Lamp(Strict, frozen=True):
    """Every `model` standing on the track gives light from `height` m, as far as `reach` m.

    `pool` is how bright a pool it throws on the ground; what lights a wall throws none.
    """

    model: Slug
    height: Annotated[float, Meta(ge=0, le=60)]
    colour: str
    reach: Annotated[float, Meta(ge=2, le=80)] = 14.0
    strength: Annotated[float, Meta(ge=0, le=4)] = 1.0
    pool: Share = 1.0


class Ground(Strict, frozen=True):
    """A patch of ground; later patches lie over earlier ones, `over` ones over covers too."""

    colour: str
    outline: Annotated[list[Vec2], Meta(min_length=3)]
    over: bool = False


class Water(Strict, frozen=True):
    """A river or a lake: a closed outline, rounded `smooth` times, its surface at `level` m.

    Flat land meets it in a `wall`; land with relief runs out to it over `shore` metres, with a
    band of `foam` where waves break.
    """

    outline: Annotated[list[Vec2], Meta(min_length=3)]
    level: float
    colour: str
    wall: str
    smooth: Annotated[int, Meta(ge=0, le=4)] = 2
    shore: Annotated[float, Meta(ge=0, le=400)] = 0.0
    foam: str | None = None


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


class Pad(Strict, frozen=True):
    """A boost pad on the road: metres along the lap, metres left of the centreline."""

    along: Annotated[float, Meta(ge=0, le=30_000)]
    colour: str
    second: str
    lateral: Annotated[float, Meta(ge=-50, le=50)] = 0.0


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
    spacing: Spacing
    taller: Annotated[float, Meta(ge=0, le=5)] = 0.0


class Line(Strict, frozen=True):
    """A model again and again beside the course, metres along the lap."""

    along: Range
    side: Side
    model: Slug
    every: Spacing
    out: float = 2.0
    turn: float = 0.0
    vary: Annotated[float, Meta(ge=0, le=0.9)] = 0.0


class Grove(Strict, frozen=True):
    """Models strewn over a polygon."""

    outline: Annotated[list[Vec2], Meta(min_length=3)]
    models: list[Slug]
    spacing: Spacing
    margin: Annotated[float, Meta(ge=0, le=50)] = 3.0


class Stand(Strict, frozen=True):
    """One model put in its place: at x, y, z or at metres along the lap and out from its wall."""

    model: Slug
    at: Vec3 | None = None
    along: float | None = None
    side: Side = "left"
    out: float = 0.0
    turn: float = 0.0
    scale: Factor = 1.0
    over_road: bool = False
    clear: float = 0.0


class Landmark(Strict, frozen=True):
    """A model people come for, with a visitor's card."""

    name: Text
    card: Card
    stand: Stand


class Style(Strict, frozen=True):
    """How the houses of a row or a quarter look; a choice is made from every list."""

    kind: Literal["terrace", "block", "tower", "shed", "tenement"]
    walls: Choice
    roofs: Choice
    trims: Choice
    windows: Choice
    doors: Choice
    lit: str
    width: tuple[Walls, Walls]
    depth: tuple[Walls, Walls]
    storeys: tuple[Storeys, Storeys]
    storey: Annotated[float, Meta(ge=2, le=10)] = 3.2
    lit_share: Share = 0.16


class TrackFile(Strict, frozen=True):
    """tracks/*.toml."""

    name: Text
    seed: Annotated[int, Meta(ge=0)]
    course: Course
    sky: Sky
    light: Light
    road: Road
    laps: Annotated[int, Meta(ge=1, le=9)] = 2
    music: Slug | None = None
    # Another piece for races in company; without a name the same one.
    music_in_company: Slug | None = None
    weather: Weather = Weather()
    lamps: list[Lamp] = []
    relief: Relief | None = None
    terrain: list[Terrain] = []
    shelves: list[Shelf] = []
    covers: list[Cover] = []
    drapes: list[Drape] = []
    ground: list[Ground] = []
    water: list[Water] = []
    verges: list[Verge] = []
    barriers: list[Barrier] = []
    bridges: list[Bridge] = []
    crossings: list[Crossing] = []
    pads: Annotated[list[Pad], Meta(max_length=24)] = []
    styles: dict[str, Style] = {}
    rows: list[Row] = []
    quarters: list[Quarter] = []
    lines: list[Line] = []
    groves: list[Grove] = []
    stands: list[Stand] = []
    landmarks: list[Landmark] = []
