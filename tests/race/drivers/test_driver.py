"""AI drivers on random circuits, on Silverstone and in company."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from moongate.race import runtime
from moongate.race.circuits import import_circuit
from moongate.race.dialect import link_drivers
from moongate.race.drivers import compiled, driver
from moongate.race.drivers.driver import Driver, drive_race, lap, noisy_inputs
from moongate.race.sim.layout import (
    BUTTON_DRIFT,
    BUTTON_NITRO,
    BUTTON_RESCUE,
    BUTTON_THROTTLE,
    BUTTONS_ALL,
    H_COUNTDOWN,
    HEADER,
    K_CONTACT,
    K_DRIFT,
    K_FINISH_TICK,
    K_HX,
    K_HY,
    K_LAP,
    K_MINI_LEFT,
    K_NITRO_LEFT,
    K_OFF_ROAD,
    K_WALL,
    KART_STRIDE,
    STEER_MAX,
)
from moongate.race.track import Track

SILVERSTONE = Path(__file__).parents[4] / "shared" / "data" / "circuits" / "silverstone.csv"

TrackOf = Callable[[int], Track]


@pytest.mark.parametrize("seed", range(24))
def test_it_laps_every_random_circuit_within_three_per_cent_of_the_line(
    seed: int, random_track: TrackOf
) -> None:
    assert lap(random_track(seed))["ratio"] < 1.03


@pytest.mark.parametrize("seed", range(24))
def test_with_drift_and_boosts_it_finishes_everywhere_and_is_no_slower(
    seed: int, random_track: TrackOf
) -> None:
    assert lap(random_track(seed), boost=True)["ratio"] < 1.01


@pytest.mark.parametrize("level", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("boost", [False, True])
def test_no_level_ever_gets_stuck(level: float, boost: bool, random_track: TrackOf) -> None:
    for seed in range(24):
        race = drive_race(random_track(seed), 2, level=level, boost=boost, seed=seed)
        assert race.finished, f"circuit {seed}"


def test_a_lower_level_is_slower(random_track: TrackOf) -> None:
    track = random_track(14)
    times = [drive_race(track, 2, level=level).finish_ticks for level in (1.0, 0.8, 0.5, 0.0)]
    assert times == sorted(times)
    assert times[-1] > 1.1 * times[0]


def test_it_laps_silverstone_within_three_per_cent_of_the_line() -> None:
    if not SILVERSTONE.exists():
        pytest.skip("the Silverstone file is not beside this checkout (shared/data/circuits)")
    result = lap(import_circuit(SILVERSTONE))
    assert set(result) == {"lap_s", "line_s", "ratio"}
    assert result["ratio"] == result["lap_s"] / result["line_s"]
    assert 0.97 < result["ratio"] < 1.03


def test_the_grip_driver_stays_on_the_road_and_off_the_walls(random_track: TrackOf) -> None:
    track = random_track(11)
    race = drive_race(track, 2)
    karts = replayed(track, race.inputs, 1, laps=2)
    assert not karts[:, 0, K_OFF_ROAD].any()
    assert not karts[:, 0, K_WALL].any()
    assert not karts[:, 0, K_DRIFT].any()


def replayed(track: Track, inputs: np.ndarray, n_karts: int, laps: int) -> np.ndarray:
    """Every tick's kart fields, [tick, kart, field]."""
    sim = runtime.load("numba")
    state = runtime.new_state(n_karts)
    sim.init_race(state, track.table, n_karts, laps)
    karts = np.empty((len(inputs), n_karts, KART_STRIDE))
    for tick, row in enumerate(inputs):
        sim.step(state, track.table, row)
        karts[tick] = state[HEADER:].reshape(n_karts, KART_STRIDE)
    return karts


def test_its_inputs_replay_to_the_very_race(random_track: TrackOf) -> None:
    track = random_track(2)
    race = drive_race(track, 3, boost=True, seed=5)
    sim = runtime.load("numba")
    state = runtime.new_state(1)
    sim.init_race(state, track.table, 1, 3)
    sim.drive(state, track.table, race.inputs)
    np.testing.assert_array_equal(state, race.state)
    assert race.finish_ticks == sum(race.lap_ticks) == int(state[HEADER + K_FINISH_TICK])
    assert len(race.inputs) == race.finish_ticks + int(state[H_COUNTDOWN])


def test_inputs_are_what_a_person_could_give(random_track: TrackOf) -> None:
    inputs = noisy_inputs(random_track(1), np.random.default_rng(3), n_karts=3, n_ticks=1200)
    assert inputs.dtype == np.int32
    assert inputs.shape == (1200, 6)
    assert np.abs(inputs[:, 0::2]).max() <= STEER_MAX
    assert inputs[:, 1::2].min() >= 0
    assert inputs[:, 1::2].max() <= BUTTONS_ALL


def test_a_seed_fixes_the_inputs_and_another_changes_them(random_track: TrackOf) -> None:
    track = random_track(0)
    first, again, other = (
        drive_race(track, 1, level=0.6, boost=True, seed=seed).inputs for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_drifting_earns_boosts_that_beat_gripping(random_track: TrackOf) -> None:
    track = random_track(11)
    race = drive_race(track, 3, boost=True)
    karts = replayed(track, race.inputs, 1, laps=3)[:, 0]
    assert (race.inputs[:, 1] & BUTTON_DRIFT).any()
    assert karts[:, K_DRIFT].any()
    assert karts[:, K_MINI_LEFT].any()
    assert (race.inputs[:, 1] & BUTTON_NITRO).any()
    assert karts[:, K_NITRO_LEFT].any()
    assert race.finish_ticks < drive_race(track, 3).finish_ticks


@pytest.mark.parametrize("n_karts", [1, 4, 8])
def test_wild_drivers_do_everything_a_fuzzer_needs(n_karts: int, random_track: TrackOf) -> None:
    seen: dict[str, int] = {}
    for seed in range(3):
        track = random_track(seed)
        random = np.random.default_rng(seed)
        inputs = noisy_inputs(track, random, n_karts=n_karts, n_ticks=3600)
        karts = replayed(track, inputs, n_karts, laps=3)
        assert np.isfinite(karts).all()
        for name, field in {
            "drift": K_DRIFT, "nitro": K_NITRO_LEFT, "mini": K_MINI_LEFT, "wall": K_WALL,
            "contact": K_CONTACT, "off_road": K_OFF_ROAD, "lap": K_LAP,
        }.items():  # fmt: skip
            seen[name] = seen.get(name, 0) + int(np.count_nonzero(karts[:, :, field]))
    missing = {name for name, count in seen.items() if count == 0}
    assert missing == ({"contact"} if n_karts == 1 else set())


def test_a_kart_turned_round_against_the_wall_is_rescued(random_track: TrackOf) -> None:
    track = random_track(0)
    alone = Driver(track)
    sim = runtime.load("numba")
    state = runtime.new_state(1)
    sim.init_race(state, track.table, 1, 1)
    state[HEADER + K_HX], state[HEADER + K_HY] = -state[HEADER + K_HX], -state[HEADER + K_HY]
    row = np.zeros(2, dtype=np.int32)
    rescues = 0
    for _ in range(int(state[H_COUNTDOWN]) + 3000):
        alone.act_all(state, row)
        rescues += bool(row[1] & BUTTON_RESCUE)
        sim.step(state, track.table, row)
    assert state[HEADER + K_LAP] == 1
    assert rescues <= 2


def test_act_gives_what_act_all_fills_in(random_track: TrackOf) -> None:
    track = random_track(0)
    one, all_of_them = (Driver(track, 2, wild=True, seed=9) for _ in range(2))
    sim = runtime.load("numba")
    state = runtime.new_state(2)
    sim.init_race(state, track.table, 2, 1)
    row = np.zeros(4, dtype=np.int32)
    for _ in range(400):
        all_of_them.act_all(state, row)
        assert [*one.act(state, 0), *one.act(state, 1)] == row.tolist()
        sim.step(state, track.table, row)


@pytest.mark.parametrize(("field", "value"), [("level", 1.5), ("n_karts", 9)])
def test_what_a_driver_cannot_be_is_refused(
    field: str, value: float, random_track: TrackOf
) -> None:
    with pytest.raises(ValueError, match=rf"{field} must be .*, not {value:g}"):
        Driver(random_track(0), **{field: value})


def test_a_race_cut_short_says_so(random_track: TrackOf) -> None:
    race = drive_race(random_track(0), 1, max_ticks=300)
    assert not race.finished
    assert race.finish_ticks == 0
    assert race.lap_ticks == ()
    assert len(race.inputs) == 300


def test_a_read_only_home_still_drives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, random_track: TrackOf
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("MOONGATE_CACHE", str(blocked))
    policy = compiled.compiled_policy.__wrapped__()
    assert not str(policy.__file__).startswith(str(tmp_path))
    monkeypatch.setattr(driver, "compiled_policy", lambda: policy)
    assert Driver(random_track(0)).act(runtime.new_state(1)) == (0, BUTTON_THROTTLE)


def test_the_compiled_kernel_is_named_by_what_it_depends_on() -> None:
    assert compiled.compiled_policy().__name__ == f"moongate_drivers_{link_drivers().version}"
