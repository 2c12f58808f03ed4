"""London's course is one to race on, and what one sees is what one drives on."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from moongate.race.editions.geometry.course import STRAY_M, Course
from moongate.race.editions.geometry.road import road_cells
from moongate.race.editions.loader import load_edition
from moongate.race.editions.source import read_source
from tests.race.editions.glbfile import meshes


@pytest.fixture(scope="module")
def edition(uk_built):
    return load_edition(uk_built)


@pytest.fixture(scope="module")
def course(edition):
    return Course(edition.tracks["london"])


@pytest.fixture(scope="module")
def cells(uk_source, course):
    source = read_source(uk_source)
    return road_cells(course, source.tracks["london"], source.palette)[0]


def test_a_lap_is_about_two_kilometres(course):
    assert 1900 <= course.track.length_m <= 2300


def test_corners_are_wide_enough_for_their_walls(course):
    samples = course.track.samples
    radius = 1 / np.maximum(np.abs(samples[:, 10]), 1e-9)
    assert radius.min() >= 18
    assert np.all(np.maximum(samples[:, 6], samples[:, 7]) < 0.7 * radius)


def test_the_course_has_hairpins_sweepers_and_bends_both_ways(course):
    curvature = course.track.samples[:, 10]
    assert curvature.min() < -1 / 32
    assert curvature.max() > 1 / 45
    assert np.mean(np.abs(curvature) > 1 / 110) > 0.3


def test_the_road_is_twelve_to_seventeen_metres_wide(course):
    samples = course.track.samples
    width = samples[:, 4] + samples[:, 5]
    assert width.min() >= 12
    assert width.max() <= 17


def test_the_walls_never_cross(course):
    for side in ("left", "right"):
        line = course.edge(course.offsets(f"wall_{side}"))[:, :2]
        assert shapely.LinearRing(line).is_simple


def test_every_corner_of_the_road_has_the_tables_height(course, cells):
    for points in np.moveaxis(cells, 1, 0):
        gap = np.abs(points[:, None, 2] - course.height[None])
        lateral = np.einsum("cni,ni->cn", points[:, None, :2] - course.xy[None], course.left)
        ahead = np.hypot(*np.moveaxis(points[:, None, :2] - course.xy[None], -1, 0))
        on_section = np.abs(ahead - np.abs(lateral)) < 1e-6
        best = np.where(on_section, gap, np.inf).min(1)
        assert best.max() < 1e-9


def test_between_its_corners_the_road_keeps_to_the_samples(course):
    knots = np.append(course.knots, course.track.n)
    line = course.edge(course.offsets("wall_left"))
    for a, b in pairwise(knots):
        t = np.linspace(0, 1, b - a + 1)[:, None]
        span = np.arange(a, b + 1) % course.track.n
        chord = line[span[0]] * (1 - t) + line[span[-1]] * t
        assert np.abs(chord - line[span]).max() <= STRAY_M + 1e-9


def test_nothing_stands_on_the_road(uk_built, edition, course):
    scenery = meshes((uk_built / edition.index["tracks"][0]["scenery"]).read_bytes())
    free = course.corridor(-0.6)
    shapely.prepare(free)
    for name, (points, triangles) in scenery.items():
        middle = points[triangles].mean(1)
        over = shapely.contains_xy(free, middle[:, 0], middle[:, 1])
        rise = middle[over][:, 2] - course.ground(middle[over][:, :2])
        low = middle[over][(rise > 0.3) & (rise < 3.0)]
        assert len(low) == 0, f"{name}: {low[:3].round(1).tolist()}"
