"""The five levels: every one finishes every course there is, and each is quicker than the last."""

import numpy as np
import pytest

from moongate.race import runtime
from moongate.race.drivers.driver import Driver, drive_race
from moongate.race.drivers.lap_time import flying_lap
from moongate.race.drivers.levels import LEVELS, Level
from moongate.race.drivers.plan import driver_tables, plan_track
from moongate.race.sim import tuning
from moongate.race.sim.layout import (
    H_PHASE,
    HEADER,
    INPUT_STRIDE,
    K_CONTACT,
    K_FINISH_TICK,
    K_PROGRESS,
    K_WALL,
    KART_STRIDE,
    PHASE_FINISHED,
)
from moongate.race.track import Track
from moongate.race.tracks import edition_tracks
from tests.race.drivers.conftest import TrackOf

KARTS = 8
SLOWEST = 2.0  # of a flying lap on the line: what a beginner in traffic may take a lap


class Field:
    """A whole race of eight drivers of one level."""

    def __init__(self, track: Track, level: Level, laps: int, seed: int = 1) -> None:
        most = flying_lap(plan_track(track).line).lap_s * SLOWEST * (laps + 1) / tuning.DT
        driver = Driver(track, KARTS, level=level, seed=seed)
        sim = runtime.load("numba")
        state = runtime.new_state(KARTS)
        sim.init_race(state, track.table, KARTS, laps)
        row = np.zeros(INPUT_STRIDE * KARTS, np.int32)
        karts = state[HEADER:].reshape(KARTS, KART_STRIDE)
        self.overtakes = self.bumps = self.walls = self.ticks = 0
        order = None
        while self.ticks < most and state[H_PHASE] != PHASE_FINISHED:
            driver.act_all(state, row)
            sim.step(state, track.table, row)
            self.ticks += 1
            self.bumps += int(np.count_nonzero(karts[:, K_CONTACT] > 1.0))
            self.walls += int(np.count_nonzero(karts[:, K_WALL] > 1.0))
            if (karts[:, K_FINISH_TICK] == 0).all():
                now = np.argsort(np.argsort(-karts[:, K_PROGRESS]))
                self.overtakes += 0 if order is None else int(np.abs(now - order).sum()) // 2
                order = now
        self.finish_s = karts[:, K_FINISH_TICK] * tuning.DT


def built_tracks() -> list[str]:
    return sorted(edition_tracks())


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", built_tracks())
def test_every_level_finishes_every_built_course(name: str, level: Level):
    race = Field(edition_tracks()[name], level, laps=2)
    assert (race.finish_s > 0).all(), f"not all had finished after {race.ticks} ticks"


@pytest.mark.parametrize("seed", [3, 8])
def test_each_level_is_quicker_than_the_one_before(seed: int, random_track: TrackOf):
    track = random_track(seed)
    times = [drive_race(track, 3, level=level, seed=5).finish_ticks for level in LEVELS]
    assert times == sorted(times, reverse=True)
    assert times[0] > 1.12 * times[-1]


def test_equals_overtake_each_other_and_seldom_touch(random_track: TrackOf):
    race = Field(random_track(14), "club", laps=3)
    assert race.overtakes >= 8
    # Some sixty thousand kart ticks: a crowd touches, it does not fight.
    assert race.bumps < 0.01 * race.ticks * KARTS
    assert race.walls < 0.005 * race.ticks * KARTS


def test_no_two_drivers_of_a_level_are_the_same(random_track: TrackOf):
    race = Field(random_track(14), "expert", laps=2)
    assert len(set(race.finish_s.tolist())) > KARTS // 2


def test_the_plan_in_the_file_is_the_plan_that_is_driven(random_track: TrackOf):
    track = random_track(2)
    data = np.frombuffer(driver_tables(track), "<f4").astype(np.float64)
    np.testing.assert_array_equal(data, plan_track(track).table)
    assert driver_tables(track) == driver_tables(track)
