"""Every course of the UK edition is one to race on, and one sees what one drives on."""

import gzip
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

import moongate.race.editions as editions
from moongate.race import runtime
from moongate.race.drivers.driver import drive_race
from moongate.race.editions.geometry.course import Course
from moongate.race.editions.loader import load_edition
from moongate.race.editions.schema import decode
from moongate.race.editions.track_schema import TrackFile
from moongate.race.sim.layout import HEADER, K_AIR, K_DRIFT, S_PAD
from moongate.race.track import Track, build_track
from tests.race.editions.glbfile import meshes

UK = Path(editions.__file__).parent / "uk"
SLUGS = tomllib.loads((UK / "edition.toml").read_text("utf-8"))["tracks"]
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
DRIFT_SHARE = 0.1
# Courses with a crest to leap from, and how often a lap.
LEAPS = {"highland-glen": 1, "eryri": 2, "giants-causeway": 2, "stonehenge": 2, "brighton": 2}
LEAP_TICKS = 6
TRIANGLES, BYTES_GZIPPED = 100_000, 1_200_000

every_track = pytest.mark.parametrize("slug", SLUGS)


@cache
def the_file(slug: str) -> TrackFile:
    return decode(UK / "tracks" / f"{slug}.toml", TrackFile)


@cache
def the_track(slug: str) -> Track:
    file = the_file(slug)
    pads = [(pad.along, pad.lateral) for pad in file.pads]
    return build_track(slug, np.asarray(file.course.points), pads)


@dataclass(frozen=True)
class Drive:
    """A race driven alone: the laps' seconds (none when it did not finish), what was done in it."""

    laps: tuple[float, ...]
    drift_share: float
    leaps: int


@cache
def the_drive(slug: str, level: float) -> Drive:
    track, laps = the_track(slug), the_file(slug).laps
    result = drive_race(track, laps, level=level, boost=level == 1.0, max_ticks=4 * 90 * 60)
    if not result.finished:
        return Drive((), 0.0, 0)
    sim, state = runtime.load("numba"), runtime.new_state(1)
    sim.init_race(state, track.table, 1, laps)
    drifting = leaps = 0
    for row in result.inputs:
        sim.step(state, track.table, row)
        drifting += state[HEADER + K_DRIFT] != 0.0
        leaps += state[HEADER + K_AIR] == LEAP_TICKS
    seconds = tuple(t / 60 for t in result.lap_ticks)
    return Drive(seconds, drifting / result.finish_ticks, leaps)


@pytest.fixture(scope="module")
def built(uk_built):
    return load_edition(uk_built)


@every_track
def test_a_lap_is_one_and_a_half_to_three_and_a_half_kilometres(slug):
    assert 1500 <= the_track(slug).length_m <= 3500


@every_track
def test_corners_are_wide_enough_for_the_wall_inside(slug):
    samples = the_track(slug).samples
    curvature = samples[:, 10]
    radius = 1 / np.maximum(np.abs(curvature), 1e-9)
    inside = np.where(curvature > 0, samples[:, 6], samples[:, 7])
    assert radius.min() >= 18
    assert np.all(inside <= 0.75 * radius)


@every_track
def test_the_road_is_twelve_to_seventeen_metres_wide(slug):
    samples = the_track(slug).samples
    width = samples[:, 4] + samples[:, 5]
    assert width.min() >= 12
    assert width.max() <= 17


@every_track
def test_the_walls_never_cross(slug):
    course = Course(the_track(slug))
    for side in ("left", "right"):
        line = course.edge(course.offsets(f"wall_{side}"))[:, :2]
        assert shapely.LinearRing(line).is_simple, side


@every_track
def test_the_road_is_never_too_steep(slug):
    assert np.abs(the_track(slug).samples[:, 9]).max() <= 0.25


@every_track
def test_it_bends_both_ways_and_has_a_tight_corner(slug):
    curvature = the_track(slug).samples[:, 10]
    assert curvature.max() > 1 / 80
    assert curvature.min() < -1 / 80
    assert np.abs(curvature).max() > 1 / 40
    assert np.mean(np.abs(curvature) > 1 / 110) > 0.25


@every_track
def test_it_has_three_to_six_landmarks_with_cards_in_both_languages(slug):
    marks = the_file(slug).landmarks
    assert 3 <= len(marks) <= 6
    for mark in marks:
        for text in (mark.name, mark.card.what, mark.card.why):
            assert re.search(r"[一-鿿]", text.zh_hans), text.zh_hans
            assert not re.search(r"[一-鿿]", text.en), text.en


@every_track
def test_a_lap_takes_a_good_driver_between_35_and_90_seconds(slug):
    laps = the_drive(slug, 1.0).laps
    assert laps
    assert 35 <= min(laps) <= 90


@every_track
def test_it_is_a_course_to_drift_on(slug):
    assert the_drive(slug, 1.0).drift_share >= DRIFT_SHARE


@pytest.mark.parametrize("slug", LEAPS)
def test_its_crests_throw_a_good_driver_off_the_ground(slug):
    assert the_drive(slug, 1.0).leaps >= LEAPS[slug] * the_file(slug).laps


@every_track
def test_it_has_pads_and_they_lie_on_the_road(slug):
    pads = the_file(slug).pads
    assert 3 <= len(pads) <= 6
    laid = the_track(slug).samples[:, S_PAD]
    assert np.count_nonzero(np.diff(laid != 0.0, append=False)) == 2 * len(pads)


@every_track
@pytest.mark.parametrize("level", LEVELS)
def test_drivers_of_every_level_finish(slug, level):
    laps = the_drive(slug, level).laps
    assert len(laps) == the_file(slug).laps


@every_track
def test_better_drivers_are_faster(slug):
    fastest = [min(the_drive(slug, level).laps) for level in (0.0, 0.5, 1.0)]
    assert fastest == sorted(fastest, reverse=True)
    assert fastest[0] > 1.03 * fastest[-1]


@every_track
def test_nothing_stands_on_the_road(slug, uk_built, built):
    (facts,) = (track for track in built.index["tracks"] if track["slug"] == slug)
    course = Course(built.tracks[slug])
    free = course.corridor(-0.6)
    shapely.prepare(free)
    standing = meshes((uk_built / facts["scenery"]).read_bytes())
    # Light lies on the road, and stands in nobody's way.
    standing.pop("glow", None)
    for name, (points, triangles) in standing.items():
        middle = points[triangles].mean(1)
        over = shapely.contains_xy(free, middle[:, 0], middle[:, 1])
        rise = middle[over][:, 2] - course.ground(middle[over][:, :2])
        low = middle[over][(rise > 0.5) & (rise < 3.0)]
        assert len(low) == 0, f"{name}: {low[:3].round(1).tolist()}"


@every_track
def test_a_phone_can_carry_it(slug, uk_built, built):
    (facts,) = (track for track in built.index["tracks"] if track["slug"] == slug)
    assert facts["triangles"] <= TRIANGLES
    scenery = (uk_built / facts["scenery"]).read_bytes()
    assert len(gzip.compress(scenery, 9)) <= BYTES_GZIPPED
