"""How a kart drives, in whole behaviours."""

import numpy as np
import pytest

from moongate.race import runtime
from moongate.race.sim import layout as at
from moongate.race.sim import tuning
from moongate.race.track import Track
from tests.race.courses import ring, stadium

GO = int(tuning.COUNTDOWN_TICKS)


class Solo:
    """One kart after GO, driven by what a test says."""

    def __init__(self, track: Track, laps: int = 3):
        self.sim = runtime.load("numba")
        self.track = track
        self.state = runtime.new_state(1)
        self.sim.init_race(self.state, track.table, 1, laps)
        self.tick(GO)

    def tick(self, count: int, steer: int = 0, buttons: int = 0) -> None:
        inputs = np.tile(np.array([steer, buttons], np.int32), (count, 1))
        self.sim.drive(self.state, self.track.table, inputs)

    def __getattr__(self, name: str) -> float:
        return float(self.state[at.HEADER + getattr(at, f"K_{name.upper()}")])

    def put(self, **fields: float) -> None:
        for name, value in fields.items():
            self.state[at.HEADER + getattr(at, f"K_{name.upper()}")] = value

    @property
    def speed(self) -> float:
        return float(np.hypot(self.vx, self.vy))


@pytest.fixture
def solo() -> Solo:
    return Solo(stadium())


def test_nobody_moves_before_go():
    sim, track = runtime.load("numba"), stadium()
    state = runtime.new_state(1)
    sim.init_race(state, track.table, 1, 1)
    before = state[at.HEADER :].copy()
    sim.drive(state, track.table, np.tile(np.array([90, at.BUTTON_THROTTLE], np.int32), (GO, 1)))
    assert state[at.H_PHASE] == at.PHASE_COUNTDOWN
    before[at.K_BUTTONS] = at.BUTTON_THROTTLE
    np.testing.assert_array_equal(state[at.HEADER :], before)
    sim.step(state, track.table, np.array([0, at.BUTTON_THROTTLE], np.int32))
    assert state[at.H_PHASE] == at.PHASE_RACING
    assert np.hypot(state[at.HEADER + at.K_VX], state[at.HEADER + at.K_VY]) > 0


def test_first_ticks_follow_the_closed_form(solo: Solo):
    # dv/dt = A (1 - (1 - f) v / cap) has v = cap / (1 - f) * (1 - exp(-A (1 - f) t / cap)).
    solo.tick(60, buttons=at.BUTTON_THROTTLE)
    a, f, cap = tuning.ACCELERATION, tuning.ACCELERATION_FLOOR, tuning.CAP_BASE
    expected = cap / (1 - f) * (1 - np.exp(-a * (1 - f) / cap))
    assert solo.speed == pytest.approx(expected, rel=0.01)


def test_full_throttle_reaches_the_base_cap_and_not_more(solo: Solo):
    solo.tick(340, buttons=at.BUTTON_THROTTLE)
    assert solo.speed == pytest.approx(tuning.CAP_BASE, rel=1e-3)


def test_brake_stops_then_reverses(solo: Solo):
    solo.tick(120, buttons=at.BUTTON_THROTTLE)
    fast = solo.speed
    ticks = 0
    while solo.vx * solo.hx + solo.vy * solo.hy > 0 and ticks < 600:
        solo.tick(1, buttons=at.BUTTON_BRAKE)
        ticks += 1
    assert ticks / 60 == pytest.approx(fast / tuning.BRAKE, abs=0.15)
    solo.tick(120, buttons=at.BUTTON_BRAKE)
    backwards = -(solo.vx * solo.hx + solo.vy * solo.hy)
    assert backwards == pytest.approx(tuning.REVERSE_CAP, abs=0.2)


def test_coasting_comes_to_rest_and_stays(solo: Solo):
    solo.tick(60, buttons=at.BUTTON_THROTTLE)
    solo.tick(900)
    assert solo.speed < 1e-6


@pytest.mark.parametrize(("steer", "side"), [(127, -1), (-127, 1)])
def test_positive_steer_turns_right(solo: Solo, steer: int, side: int):
    solo.tick(60, buttons=at.BUTTON_THROTTLE)
    hx, hy = solo.hx, solo.hy
    solo.tick(20, steer=steer, buttons=at.BUTTON_THROTTLE)
    assert np.sign(hx * solo.hy - hy * solo.hx) == side


def test_grip_turning_holds_no_more_than_the_tyres():
    solo = Solo(ring(radius=300.0, half=40.0))
    solo.tick(300, buttons=at.BUTTON_THROTTLE)
    for _ in range(60):
        before = np.array([solo.vx, solo.vy])
        solo.tick(1, steer=-127, buttons=at.BUTTON_THROTTLE)
        after = np.array([solo.vx, solo.vy])
        turned = before[0] * after[1] - before[1] * after[0]
        turn = np.arcsin(turned / np.linalg.norm(before) / np.linalg.norm(after))
        assert turn * 60 * np.linalg.norm(after) <= 1.15 * tuning.GRIP_LATERAL


def drift_left(solo: Solo, ticks: int) -> None:
    solo.tick(240, buttons=at.BUTTON_THROTTLE)
    solo.tick(ticks, steer=-100, buttons=at.BUTTON_THROTTLE | at.BUTTON_DRIFT)


def wide() -> Solo:
    return Solo(ring(radius=200.0, half=60.0))


def test_drift_turns_tighter_than_grip():
    def turned(buttons: int) -> float:
        solo = wide()
        solo.tick(240, buttons=at.BUTTON_THROTTLE)
        before = np.arctan2(solo.vy, solo.vx)
        solo.tick(45, steer=-127, buttons=at.BUTTON_THROTTLE | buttons)
        return (np.arctan2(solo.vy, solo.vx) - before) % (2 * np.pi)

    assert turned(at.BUTTON_DRIFT) > 1.15 * turned(0)


def test_drift_points_into_the_corner_and_charges_nitro():
    solo = wide()
    drift_left(solo, 50)
    assert solo.drift == 1
    assert solo.slip > 0.3
    assert solo.nitro_gauge > 0


def test_drift_needs_speed_and_steering(solo: Solo):
    solo.tick(20, steer=127, buttons=at.BUTTON_THROTTLE | at.BUTTON_DRIFT)
    assert solo.speed < tuning.DRIFT_MIN_SPEED
    assert solo.drift == 0
    solo.tick(120, buttons=at.BUTTON_THROTTLE)
    solo.tick(5, steer=10, buttons=at.BUTTON_THROTTLE | at.BUTTON_DRIFT)
    assert solo.drift == 0


def test_mini_boost_fires_only_inside_its_window():
    solo = wide()
    drift_left(solo, 50)
    solo.tick(1, buttons=at.BUTTON_THROTTLE)
    assert solo.mini_window > 0
    before = solo.speed
    solo.tick(1, buttons=at.BUTTON_THROTTLE | at.BUTTON_MINI)
    assert solo.mini_left == tuning.MINI_TICKS
    assert solo.speed > before + 0.6 * tuning.MINI_KICK
    late = wide()
    drift_left(late, 50)
    late.tick(1 + int(tuning.MINI_WINDOW_TICKS), buttons=at.BUTTON_THROTTLE)
    late.tick(1, buttons=at.BUTTON_THROTTLE | at.BUTTON_MINI)
    assert late.mini_left == 0


def test_a_short_drift_earns_no_mini_boost():
    solo = wide()
    drift_left(solo, 8)
    solo.tick(1, buttons=at.BUTTON_THROTTLE)
    assert solo.mini_window == 0


def test_nitro_takes_a_bottle_and_lifts_the_cap(solo: Solo):
    solo.put(nitro_stock=1.0)
    solo.tick(150, buttons=at.BUTTON_THROTTLE)
    solo.tick(60, buttons=at.BUTTON_THROTTLE | at.BUTTON_NITRO)
    assert solo.nitro_stock == 0
    assert solo.nitro_left > 0
    assert tuning.CAP_BASE + 5 < solo.speed <= tuning.CAP_NITRO + 1e-9


def test_nitro_without_a_bottle_does_nothing(solo: Solo):
    solo.tick(60, buttons=at.BUTTON_THROTTLE | at.BUTTON_NITRO)
    assert solo.nitro_left == 0


def test_bottles_stop_at_two():
    solo = wide()
    for _ in range(12):
        solo.put(mini_left=0.0)
        drift_left(solo, 120)
        solo.tick(1, buttons=at.BUTTON_RESCUE)
    assert solo.nitro_stock == tuning.NITRO_STOCK_MAX
    assert solo.nitro_gauge <= 1.0


def test_off_road_drags(solo: Solo):
    solo.tick(240, buttons=at.BUTTON_THROTTLE)
    on_road = solo.speed
    solo.put(x=solo.x + 12.0 * solo.hy, y=solo.y - 12.0 * solo.hx)
    solo.tick(90, buttons=at.BUTTON_THROTTLE)
    assert solo.off_road == 1
    assert solo.speed < on_road - 15


def test_a_wall_stops_the_kart_and_keeps_it_in(solo: Solo):
    solo.tick(120, buttons=at.BUTTON_THROTTLE)
    hit = 0.0
    for _ in range(300):
        solo.tick(1, steer=127, buttons=at.BUTTON_THROTTLE)
        hit = max(hit, solo.wall)
        assert solo.lateral >= -12.0 + tuning.KART_RADIUS - 1e-6
    assert hit > 5.0


def test_rescue_puts_the_kart_on_the_centreline_facing_on(solo: Solo):
    solo.tick(120, steer=60, buttons=at.BUTTON_THROTTLE)
    solo.tick(1, buttons=at.BUTTON_RESCUE)
    assert solo.speed == 0
    assert abs(solo.lateral) < 1e-9
    sample = solo.track.samples[int(solo.seg)]
    assert (solo.hx, solo.hy) == pytest.approx((sample[at.S_TX], sample[at.S_TY]), abs=1e-9)


def test_driving_backwards_counts_as_the_wrong_way(solo: Solo):
    solo.put(hx=-solo.hx, hy=-solo.hy)
    solo.tick(120, buttons=at.BUTTON_THROTTLE)
    assert solo.wrong_way > 60


def test_a_climb_slows():
    flat, hill = stadium(), stadium()
    hill.samples[:, at.S_GRADE] = 0.1
    a, b = Solo(flat), Solo(hill)
    a.tick(60, buttons=at.BUTTON_THROTTLE)
    b.tick(60, buttons=at.BUTTON_THROTTLE)
    assert a.speed - b.speed == pytest.approx(0.1 * tuning.GRAVITY, rel=0.25)


def bumpy(rise: float, top: float = 6.0) -> Track:
    """A stadium whose first straight has a ramp that drops away behind its lip."""
    base = stadium()
    track = Track("bumpy", base.table.copy())
    rows, ds = track.samples, base.ds
    s = np.arange(base.n) * ds
    up = (s > 150.0) & (s <= 150.0 + rise)
    rows[up, at.S_H] = (s[up] - 150.0) / rise * top
    rows[:, at.S_GRADE] = (np.roll(rows[:, at.S_H], -1) - np.roll(rows[:, at.S_H], 1)) / (2 * ds)
    lip = np.flatnonzero(up)[-1]
    # Behind the lip the road lies low again at once, and is level.
    rows[lip, at.S_GRADE] = top / rise
    rows[lip + 1 :, at.S_GRADE] = np.where(
        rows[lip + 1 :, at.S_H] > 0, rows[lip + 1 :, at.S_GRADE], 0
    )
    return track


def jump(rise: float = 24.0, **fields: float) -> tuple[Solo, int, float]:
    """Drives over the ramp: the kart after landing, the ticks it flew, how high it came."""
    solo = Solo(bumpy(rise))
    solo.put(**fields)
    flown, high = 0, 0.0
    for _ in range(900):
        was = solo.air
        solo.tick(1, buttons=at.BUTTON_THROTTLE)
        flown = max(flown, int(solo.air))
        high = max(high, solo.h)
        if was > 0 and solo.air == 0:
            return solo, flown, high
    return solo, flown, high


def test_a_kart_flies_off_a_ramp_and_lands():
    solo, flown, high = jump()
    assert flown > tuning.LANDING_MIN_TICKS
    assert high > 6.0
    assert solo.h == 0.0


def test_the_faster_the_farther():
    assert jump(30.0, nitro_left=600.0)[1] > jump(30.0)[1] + 5


def test_nothing_pulls_or_steers_the_flight_but_the_heading_turns():
    solo = Solo(stadium())
    solo.put(vx=30.0, vy=0.0, hx=1.0, hy=0.0, h=20.0, air=1.0)
    before = solo.speed
    solo.tick(20, steer=-127, buttons=at.BUTTON_THROTTLE)
    assert solo.speed < before
    assert solo.vy == 0.0
    assert solo.hy > 0.1


def test_a_landing_opens_the_window_for_a_boost():
    solo, _, _ = jump()
    assert solo.mini_window > 0
    before = solo.speed
    solo.tick(1, buttons=at.BUTTON_THROTTLE | at.BUTTON_MINI)
    assert solo.mini_left > 0
    assert solo.speed > before + 0.5 * tuning.MINI_KICK


def test_rough_ground_is_no_jump():
    track = stadium()
    rng = np.random.default_rng(3)
    rows = track.samples
    rows[:, at.S_H] = 0.02 * rng.standard_normal(track.n)
    solo = Solo(Track("rough", track.table.copy()))
    for _ in range(300):
        solo.tick(1, buttons=at.BUTTON_THROTTLE)
        assert solo.air == 0


def test_a_press_just_after_go_is_a_start_boost_and_a_held_button_is_not():
    def pace(first: int, then: int) -> float:
        solo = Solo(stadium())
        solo.tick(0)
        state = runtime.new_state(1)
        solo.sim.init_race(state, solo.track.table, 1, 3)
        solo.state = state
        solo.tick(GO, buttons=first)
        solo.tick(1, buttons=first)
        solo.tick(40, buttons=then)
        return solo.speed

    throttle, both = at.BUTTON_THROTTLE, at.BUTTON_THROTTLE | at.BUTTON_MINI
    assert pace(throttle, both) > pace(throttle, throttle) + 2.0
    assert pace(both, both) == pytest.approx(pace(throttle, throttle))


def test_nitro_fired_into_a_mini_boost_is_a_double_boost(solo: Solo):
    solo.tick(240, buttons=at.BUTTON_THROTTLE)
    solo.put(mini_window=10.0, nitro_stock=1.0)
    solo.tick(1, buttons=at.BUTTON_THROTTLE | at.BUTTON_MINI)
    assert solo.double_left == 0
    solo.tick(1, buttons=at.BUTTON_THROTTLE | at.BUTTON_NITRO)
    assert solo.double_left == tuning.DOUBLE_TICKS
    top = 0.0
    for _ in range(60):
        solo.tick(1, buttons=at.BUTTON_THROTTLE)
        top = max(top, solo.speed)
    assert tuning.CAP_NITRO < top <= tuning.CAP_DOUBLE + 1e-6


def test_a_pad_pushes_whoever_runs_over_it_and_nobody_beside_it():
    track = stadium(pads=[(60.0, 4.0)])

    def top(lateral: float) -> float:
        solo = Solo(track)
        row = track.samples[2]
        solo.put(
            x=row[at.S_X] - lateral * row[at.S_TY], y=row[at.S_Y] + lateral * row[at.S_TX], seg=2.0
        )
        solo.put(vx=40.0 * row[at.S_TX], vy=40.0 * row[at.S_TY], hx=row[at.S_TX], hy=row[at.S_TY])
        best = 0.0
        for _ in range(150):
            solo.tick(1, buttons=at.BUTTON_THROTTLE)
            best = max(best, solo.speed)
        return best

    assert top(4.0) > tuning.CAP_BASE + 5.0
    assert top(-4.0) <= tuning.CAP_BASE + 1e-6
