"""Land with relief meets the road where the road is, and the same file makes the same land."""

import tomllib
from dataclasses import replace
from math import cos, pi, sin
from pathlib import Path

import msgspec
import numpy as np
import pytest
import shapely

from moongate.race.editions.geometry import ground
from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.drapes import drapes
from moongate.race.editions.geometry.land_mesh import land_mesh
from moongate.race.editions.geometry.mesh import linear
from moongate.race.editions.geometry.noise import rough
from moongate.race.editions.geometry.relief import EDGE_M, build_land, has_relief
from moongate.race.editions.geometry.shore import foam, sheet
from moongate.race.editions.geometry.terrain import DECK_ROOM_M, UNDER_M
from moongate.race.editions.terrain_budget import terrain_faults
from moongate.race.editions.terrain_schema import Cover, Drape, Relief, Terrain
from moongate.race.editions.track_schema import Bridge, Ground, TrackFile, Water
from moongate.race.track import build_track
from tests.race.editions.tiny import FILES

PALETTE = {"grey": linear("#808080"), "white": linear("#ffffff"), "green": linear("#60a040")}
ROUND = [
    [150.0 * cos(a), 110.0 * sin(a), 20.0 + 14.0 * sin(a), 7.0, 7.0, 10.0, 10.0]
    for a in (2 * pi * k / 16 for k in range(16))
]
HILLS = [
    Terrain("hill", line=[(0.0, 0.0, 90.0)], reach=140.0, fall="peak", rough=6.0),
    Terrain("valley", line=[(300.0, 0.0, -20.0), (420.0, 80.0, -20.0)], reach=120.0),
    Terrain(
        "plateau",
        outline=[(-330.0, -60.0), (-230.0, -60.0), (-230.0, 60.0), (-330.0, 60.0)],
        height=70.0,
        reach=30.0,
        fall="cliff",
    ),
]


def track_file(**changes):
    """The tiny edition's pond in hills; `changes` are fields of the file."""
    table = tomllib.loads(FILES["tracks/pond.toml"])
    table["course"]["points"] = ROUND
    table["water"] = []
    file = msgspec.convert(table, TrackFile)
    return msgspec.structs.replace(file, **{"terrain": HILLS, **changes})


def course_and_land(file):
    course = Course(build_track("hills", np.array(ROUND)))
    wet = ground.wet_steps(course, ground.water_area(file.water))
    return course, build_land(course, file, wet)


@pytest.fixture(scope="module")
def hills():
    return course_and_land(track_file())


def test_only_a_file_that_asks_for_relief_has_it():
    flat = track_file(terrain=[])
    assert not has_relief(flat)
    assert has_relief(msgspec.structs.replace(flat, relief=Relief()))
    assert has_relief(track_file())


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_land_meets_the_road_within_centimetres(hills, side):
    course, land = hills
    sign = 1 if side == "left" else -1
    edge = course.edge(course.offsets(f"wall_{side}") + sign * (EDGE_M + 0.01))
    between = (edge + np.roll(edge, -1, 0)) / 2
    for points in (edge, between):
        assert np.abs(land.height(points[:, :2]) - points[:, 2]).max() < 0.08


def test_no_land_lies_above_the_road_between_its_walls(hills):
    course, land = hills
    inside = shapely.intersection(shapely.polygons(land.corners[:, :, :2]), course.corridor(-0.05))
    assert shapely.area(inside).max() < 0.01
    wall = course.offsets("wall_left")
    for share in np.linspace(-1, 1, 7):
        points = course.edge(wall * share)
        assert (land.height(points[:, :2]) - points[:, 2]).max() < UNDER_M


def test_beside_the_wall_the_land_falls_and_rises_no_steeper_than_asked(hills):
    course, land = hills
    relief = Relief()
    for out in (2.0, 6.0, 12.0):
        points = course.edge(course.offsets("wall_right") - out)
        rise = land.field.height(points[:, :2]) - points[:, 2]
        assert rise.max() <= relief.cutting * out + 0.05
        assert rise.min() >= -relief.bank * out - UNDER_M - 0.05


def test_the_land_leaves_no_gap_and_no_fold_outside_the_walls(hills):
    _, land = hills
    a, b, c = np.moveaxis(land.corners[:, :, :2], 1, 0)
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    assert area.min() > 0
    whole = shapely.union_all(shapely.polygons(land.corners[:, :, :2]))
    assert area.sum() / 2 == pytest.approx(whole.area, rel=1e-6)


def test_hills_rise_valleys_fall_and_a_plateau_is_level(hills):
    _, land = hills
    top, floor = land.field.raw(np.array([[0.0, 0.0], [300.0, 0.0]]))
    assert top == pytest.approx(90, abs=10)
    assert floor == pytest.approx(-20, abs=0.5)
    level = land.field.raw(np.array([[-300.0, 0.0], [-260.0, 30.0]]))
    assert level == pytest.approx([70, 70])


def test_a_cliff_falls_most_of_its_height_in_the_first_part_of_its_reach(hills):
    _, land = hills
    rim, below, foot = land.field.raw(np.array([[-332.0, 0.0], [-338.0, 0.0], [-365.0, 0.0]]))
    assert rim - below > 3 * (below - foot)
    assert below < 40 < rim


def test_the_same_file_gives_the_same_triangles_and_another_seed_others(hills):
    _, land = hills
    _, again = course_and_land(track_file())
    _, other = course_and_land(track_file(seed=2))
    assert np.array_equal(land.corners, again.corners)
    assert not np.array_equal(land.corners, other.corners)


def test_triangles_grow_with_the_distance_from_the_road(hills):
    course, land = hills
    gap = course.distance(land.corners.mean(1)[:, :2])
    size = np.sqrt(shapely.area(shapely.polygons(land.corners[:, :, :2])))
    assert np.median(size[gap < 40]) < 8
    assert np.median(size[gap > 500]) > 25
    assert len(land.corners) < 40_000


def test_water_lies_over_its_bed_and_under_its_shore():
    table = tomllib.loads(FILES["tracks/pond.toml"])["water"][0]
    table |= {"level": 12.0, "smooth": 0, "shore": 15.0, "foam": "white"}
    file = msgspec.structs.replace(track_file(terrain=[]), water=[msgspec.convert(table, Water)])
    course, land = course_and_land(file)
    assert land.height(np.array([[0.0, 0.0], [10.0, -12.0]])).max() < 12 - 1
    ashore = np.array([[26.0, 0.0], [0.0, -29.0], [-27.0, 5.0]])
    assert land.height(ashore).min() > 12
    surface = sheet(course, file, PALETTE)
    assert set(surface.vertices[:, 2]) == {12.0}
    assert shapely.Polygon(np.array(table["outline"])).within(
        shapely.MultiPoint(surface.vertices[:, :2]).convex_hull
    )
    assert foam(course, file, PALETTE).count > 20


def test_under_a_deck_the_land_keeps_away_from_it():
    valley = Terrain("valley", line=[(0.0, 110.0, 0.0), (0.0, 200.0, 0.0)], core=30, reach=40.0)
    course = Course(build_track("hills", np.array(ROUND)))
    along = float(np.argmax(course.height)) * course.track.ds
    file = track_file(
        terrain=[valley], bridges=[Bridge((along - 30, along + 30), "grey", "white", 3)]
    )
    course, land = course_and_land(file)
    deck = course.within((along - 20, along + 20))
    gap = course.height[deck] - land.height(course.xy[deck])
    assert gap.min() > DECK_ROOM_M
    assert gap.max() > 20


def test_colours_follow_patches_slopes_and_heights():
    file = track_file(
        relief=Relief(grain=0.0),
        covers=[Cover("grey", slope=(0.5, 99.0)), Cover("white", height=(69.0, 80.0))],
        ground=[
            Ground("white", [(160, -300), (400, -300), (400, -160), (160, -160)]),
            Ground("green", [(-300, -20), (-270, -20), (-270, 20), (-300, 20)], over=True),
        ],
    )
    _, land = course_and_land(file)
    mesh = land_mesh(land, file, PALETTE, shapely.Polygon(), shapely.Polygon())
    assert mesh.count == len(land.corners)
    shown = mesh.colour[mesh.triangles[:, 0]]
    middle = land.corners.mean(1)
    normal = np.cross(
        land.corners[:, 1] - land.corners[:, 0], land.corners[:, 2] - land.corners[:, 0]
    )
    slope = np.hypot(normal[:, 0], normal[:, 1]) / normal[:, 2]
    steep = (slope > 0.5) & (middle[:, 2] < 68)
    assert np.allclose(shown[steep], PALETTE["grey"])
    field = (np.abs(middle[:, 0] - 280) < 100) & (np.abs(middle[:, 1] + 230) < 60) & (slope < 0.5)
    assert np.allclose(shown[field & (middle[:, 2] < 69)], PALETTE["white"])
    over = (np.abs(middle[:, 0] + 285) < 14) & (np.abs(middle[:, 1]) < 19)
    assert over.any()
    assert np.allclose(shown[over], PALETTE["green"])


def test_shadows_are_cut_into_the_land_without_moving_it():
    file = track_file()
    _, land = course_and_land(file)
    shade = shapely.box(-120, -20, -60, 20)
    mesh = land_mesh(land, file, PALETTE, shade, shapely.Polygon())
    dark = mesh.glow[mesh.triangles[:, 0]] < 0
    middle = mesh.vertices[mesh.triangles].mean(1)
    within = shapely.contains_xy(shade.buffer(0.01), middle[:, 0], middle[:, 1])
    assert np.array_equal(dark, within)
    assert np.abs(land.height(middle[:, :2]) - middle[:, 2]).max() < 0.02


def test_noise_is_smooth_bounded_and_the_same_everywhere():
    points = np.random.default_rng(3).uniform(-500, 500, (4000, 2))
    values = rough(points, 40.0, 7)
    assert np.abs(values).max() < 1.61
    assert values.std() > 0.2
    assert np.abs(rough(points + 0.01, 40.0, 7) - values).max() < 0.02
    assert np.array_equal(rough(points, 40.0, 7), values)
    assert np.abs(rough(points, 40.0, 8) - values).max() > 0.5


def test_a_wall_follows_the_land_and_stops_at_the_road():
    line = [(-100.0, 0.0), (100.0, 0.0), (260.0, 0.0)]
    file = track_file(drapes=[Drape("wall", line, "grey", width=1.0, height=1.2)])
    course, land = course_and_land(file)
    course = replace(course, land=land)
    wall = drapes(course, file, PALETTE)
    above = wall.vertices[:, 2] - land.height(wall.vertices[:, :2])
    assert above.min() == pytest.approx(-0.4)
    assert above.max() == pytest.approx(1.2)
    assert not shapely.contains_xy(course.corridor(0.5), *wall.vertices[:, :2].T).any()
    assert wall.vertices[:, 0].min() < -95
    assert wall.vertices[:, 0].max() > 255


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        ({"terrain": [Terrain("hill")]}, "terrain[0]", "it sets no line or outline"),
        (
            {"terrain": [Terrain("hill", line=[(0, 0, 9)], outline=[(0, 0), (9, 0), (0, 9)])]},
            "terrain[0]",
            "it sets both line and outline",
        ),
        (
            {"terrain": [Terrain("hill", outline=[(0, 0), (9, 0)])]},
            "terrain[0].outline",
            "2 points hold no area",
        ),
        (
            {"drapes": [Drape("path", [(0, 0), (x, 0)], "grey") for x in (9, 41e3)]},
            "drapes[1]",
            "with it drapes is 41,009 m long, more than 40,000",
        ),
        ({"terrain": [HILLS[0]] * 401}, "terrain", "401 forms of land, more than 400"),
    ],
)
def test_faults_of_the_land_name_their_field(changes, field, fault):
    (found,) = terrain_faults(Path("pond.toml"), track_file(**changes))
    assert (found.field, found.fault) == (field, fault)


def test_land_as_it_should_be_has_no_faults():
    assert list(terrain_faults(Path("pond.toml"), track_file())) == []
