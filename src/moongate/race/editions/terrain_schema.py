"""What a track's file says of land that is not flat: hills and valleys, shelves, covers."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from moongate.race.editions.schema import Side, Strict, Vec2, Vec3

Height = Annotated[float, Meta(ge=-500, le=1_000)]
Reach = Annotated[float, Meta(ge=1, le=3_000)]
Slope = Annotated[float, Meta(ge=0.05, le=20)]


class Relief(Strict, frozen=True):
    """How land and road meet; having this table or a terrain entry makes the land a heightfield.

    Near the road the land has the road's height, `follow` metres away it has sunk or risen to
    `level`. Beside the wall it falls no steeper than `bank` and rises no steeper than `cutting`
    (rise per metre). Triangles are about `fine` metres wide at the road and grow with distance.
    """

    level: Height = 0.0
    follow: Reach = 160.0
    bank: Slope = 0.6
    cutting: Slope = 0.9
    fine: Annotated[float, Meta(ge=3, le=40)] = 7.0
    grain: Annotated[float, Meta(ge=0, le=0.3)] = 0.05


class Terrain(Strict, frozen=True):
    """One form of the land; later entries work on what earlier ones made.

    A `line` has rows x, y, height (one row is a peak, more are a ridge or a valley's floor); an
    `outline` is an area of one `height`. A hill only raises, a valley only lowers, a plateau
    does both; away from the line's `core` metres or from the outline the work fades over
    `reach`: round, as a pointed peak, as a dome with a sharp foot, or as a cliff above scree.
    `rough` metres of noise, its bumps `bump` metres wide, lie on it.
    """

    kind: Literal["hill", "valley", "plateau"]
    line: list[Vec3] = []
    outline: list[Vec2] = []
    height: Height = 0.0
    core: Annotated[float, Meta(ge=0, le=2_000)] = 0.0
    reach: Reach = 60.0
    fall: Literal["round", "peak", "dome", "cliff"] = "round"
    rough: Annotated[float, Meta(ge=0, le=100)] = 0.0
    bump: Reach = 60.0


class Shelf(Strict, frozen=True):
    """Land kept at the road's height for `width` metres beyond the wall, metres along the lap."""

    along: tuple[float, float]
    side: Side
    width: Annotated[float, Meta(ge=0, le=200)]


class Cover(Strict, frozen=True):
    """A colour wherever slope (rise per metre) and height (m) fit; later entries lie over earlier.

    `share` below 1 leaves the cover in patches about `patch` metres wide.
    """

    colour: str
    slope: tuple[float, float] = (0.0, 1e9)
    height: tuple[float, float] = (-1e9, 1e9)
    share: Annotated[float, Meta(gt=0, le=1)] = 1.0
    patch: Reach = 30.0


class Drape(Strict, frozen=True):
    """What follows a line over the land: a wall, a hedge, a path or the rails of a railway."""

    kind: Literal["wall", "path", "rails"]
    line: Annotated[list[Vec2], Meta(min_length=2)]
    colour: str
    second: str | None = None
    width: Annotated[float, Meta(ge=0.1, le=40)] = 0.6
    height: Annotated[float, Meta(ge=0, le=10)] = 1.1
