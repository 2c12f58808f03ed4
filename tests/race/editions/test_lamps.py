"""Lamps at night: light on what stands beside them, and pools on the ground."""

from types import SimpleNamespace

import numpy as np
import pytest
from shapely.geometry import Polygon, box

from moongate.race.editions.geometry.course import Course
from moongate.race.editions.geometry.lamps import Lights, lamp_facts, lamplight, lights_of, pools
from moongate.race.editions.geometry.mesh import facets, linear
from moongate.race.editions.geometry.shapes import box as block
from moongate.race.editions.track_schema import Lamp
from moongate.race.track import build_track

WARM = linear("#ffc670")
PALETTE = {"tar": linear("#808080"), "warm": WARM}
NOWHERE = Polygon()
STREET = SimpleNamespace(road=SimpleNamespace(asphalt="tar"))


@pytest.fixture(scope="module")
def course() -> Course:
    """A round course of 160 m radius that climbs from 0 to 16 m and falls again."""
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    height = 8 - 8 * np.cos(turn)
    rows = np.column_stack([160 * np.cos(turn), 160 * np.sin(turn), height])
    widths = np.tile([7.0, 7.0, 10.0, 10.0], (len(turn), 1))
    return Course(build_track("round", np.hstack([rows, widths])))


def one(at, reach=15.0, pool=1.0):
    return [Lights(np.array([at], float), WARM, reach, pool)]


def test_every_model_that_a_lamp_names_gives_light_from_its_height():
    file = SimpleNamespace(lamps=[Lamp("post", 5.0, "warm", reach=12.0, strength=2.0)])
    stood = [
        ("post", np.array([1.0, 2, 3])),
        ("tree", np.zeros(3)),
        ("post", np.array([4.0, 5, 6])),
    ]
    (lights,) = lights_of(stood, file, PALETTE)
    assert lights.at.tolist() == [[1, 2, 8], [4, 5, 11]]
    assert np.allclose(lights.colour, 2 * WARM)


def test_a_wall_is_lit_on_the_side_that_looks_at_the_lamp():
    wall = block((8, 1, 4), PALETTE["tar"])
    light = lamplight(wall, one((0, -4, 4)))
    normal = wall.normals()
    assert light[normal[:, 1] < -0.9].min() > 0
    assert np.all(light[normal[:, 1] > 0.9] == 0)


def test_light_does_not_reach_further_than_it_is_said_to():
    wall = block((8, 1, 4), PALETTE["tar"])
    assert np.all(lamplight(wall, one((0, -20, 2), reach=10)) == 0)


def test_flat_ground_gets_pools_and_no_light_at_its_few_corners():
    floor = facets(np.array([[[-9.0, -9, 0], [9, -9, 0], [9, 9, 0], [-9, 9, 0]]]), PALETTE["tar"])
    assert np.all(lamplight(floor, one((0, 0, 4))) == 0)


def test_a_pool_lies_on_the_slope_of_the_road_and_ends_in_nothing(course):
    k = course.track.n // 4
    at = np.append(course.xy[k], course.height[k] + 5)
    pool = pools(course, STREET, PALETTE, one(at, reach=8), NOWHERE)
    gap = np.linalg.norm(pool.vertices[:, None, :2] - course.xy[None], axis=2)
    rise = pool.vertices[:, 2] - course.height[gap.argmin(1)]
    assert np.abs(rise).max() < 0.35
    away = np.hypot(*(pool.vertices[:, :2] - at[:2]).T)
    assert np.all(pool.colour[away > 7.99] == 0)
    assert pool.colour[away < 0.01].max() > 0.3


def test_a_pool_does_not_hang_in_the_air_over_water(course):
    at = np.append(course.xy[0] + [14.0, 0], course.height[0] + 5)
    wide = course.xy[0] + 30
    sea = box(course.xy[0][0] + 11, -60, *(wide + 40))
    pool = pools(course, STREET, PALETTE, one(at, reach=8), sea)
    over = pool.vertices[:, 0] > course.xy[0][0] + 11.5
    assert np.all(pool.colour[over] == 0)
    assert pool.colour[~over].max() > 0


def test_what_lights_a_wall_may_throw_no_pool(course):
    assert pools(course, STREET, PALETTE, one((0, 0, 1), pool=0), NOWHERE).count == 0


def test_the_browser_is_told_where_each_lamp_hangs():
    assert lamp_facts(one((1.234, 2, 3))) == [
        {"colour": np.round(WARM, 3).tolist(), "at": [[1.23, 2, 3]]}
    ]
