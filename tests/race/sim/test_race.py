"""Laps, checkpoints, the finish, karts that meet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.race import runtime
from moongate.race.drivers.driver import drive_race
from moongate.race.sim import layout as at
from moongate.race.sim import tuning
from moongate.race.track import Track
from tests.race.courses import ring, stadium

GO = int(tuning.COUNTDOWN_TICKS)


def started(track: Track, karts: int, laps: int = 1) -> np.ndarray:
    sim = runtime.load("numba")
    state = runtime.new_state(karts)
    sim.init_race(state, track.table, karts, laps)
    sim.drive(state, track.table, np.zeros((GO, 2 * karts), np.int32))
    return state


def field(state: np.ndarray, name: int) -> np.ndarray:
    return state[at.HEADER :].reshape(-1, at.KART_STRIDE)[:, name]


def test_the_grid_stands_behind_the_line_without_touching():
    track = ring()
    state = started(track, 8)
    x, y = field(state, at.K_X), field(state, at.K_Y)
    assert (field(state, at.K_PROGRESS) < 0).all()
    apart = np.hypot(x[:, None] - x, y[:, None] - y) + 100 * np.eye(8)
    assert apart.min() > 2 * tuning.KART_RADIUS
    assert (np.diff(field(state, at.K_PROGRESS)) < 0).all()


def test_lap_ticks_add_up_to_the_finish():
    driven = drive_race(ring(), 3)
    assert len(driven.lap_ticks) == 3
    assert sum(driven.lap_ticks) == driven.finish_ticks
    kart = driven.state[at.HEADER :]
    assert kart[at.K_BEST_LAP] == min(driven.lap_ticks)
    assert 0 < kart[at.K_FINISH_FRAC] <= 1
    assert driven.state[at.H_PHASE] == at.PHASE_FINISHED


def test_crossing_the_line_backwards_and_forwards_is_no_lap():
    track = stadium()
    sim = runtime.load("numba")
    state = started(track, 1)
    for buttons, ticks in [
        (at.BUTTON_THROTTLE, 90),
        (at.BUTTON_BRAKE, 900),
        (at.BUTTON_THROTTLE, 400),
    ]:
        sim.drive(state, track.table, np.tile(np.array([0, buttons], np.int32), (ticks, 1)))
    assert state[at.HEADER + at.K_LAP] == 0
    assert state[at.HEADER + at.K_NEXT_CP] >= 1


def test_a_kart_put_past_the_checkpoints_has_not_driven_the_lap():
    track = ring()
    sim = runtime.load("numba")
    state = started(track, 1)
    sample = track.samples[track.n - 4]
    state[at.HEADER + at.K_X : at.HEADER + at.K_Y + 1] = sample[:2]
    state[at.HEADER + at.K_HX : at.HEADER + at.K_HY + 1] = sample[2:4]
    state[at.HEADER + at.K_SEG] = track.n - 4
    sim.drive(state, track.table, np.tile(np.array([0, at.BUTTON_THROTTLE], np.int32), (120, 1)))
    assert state[at.HEADER + at.K_LAP] == 0


def test_karts_exchange_momentum_and_part():
    track = stadium()
    sim = runtime.load("numba")
    state = started(track, 2)
    rows = state[at.HEADER :].reshape(2, at.KART_STRIDE)
    rows[0, at.K_X], rows[0, at.K_Y] = rows[1, at.K_X] + 2.5 * rows[1, at.K_HX], rows[1, at.K_Y]
    rows[1, at.K_VX] = 30.0 * rows[1, at.K_HX]
    momentum = rows[:, at.K_VX].sum()
    contact = 0.0
    for _ in range(10):
        sim.step(state, track.table, np.zeros(4, np.int32))
        contact = max(contact, rows[0, at.K_CONTACT])
    assert contact > 20.0
    assert rows[:, at.K_VX].sum() == pytest.approx(momentum, rel=0.1)
    assert rows[0, at.K_VX] > rows[1, at.K_VX]
    assert np.hypot(*(rows[0, :2] - rows[1, :2])) >= 2 * tuning.KART_RADIUS - 1e-6


def test_a_kart_close_behind_another_is_pulled_past_the_cap():
    track = stadium(straight=600.0)
    sim = runtime.load("numba")

    def top(behind: float, beside: float) -> float:
        state = started(track, 2)
        rows = state[at.HEADER :].reshape(2, at.KART_STRIDE)
        for k, (along, off) in enumerate(((60.0 + behind, 0.0), (60.0, beside))):
            i = int(along / track.ds)
            sample = track.samples[i]
            rows[k, at.K_X] = sample[at.S_X] - off * sample[at.S_TY]
            rows[k, at.K_Y] = sample[at.S_Y] + off * sample[at.S_TX]
            rows[k, at.K_SEG] = i
            rows[k, at.K_VX : at.K_VY + 1] = 41.0 * sample[at.S_TX : at.S_TY + 1]
            rows[k, at.K_HX : at.K_HY + 1] = sample[at.S_TX : at.S_TY + 1]
        best = 0.0
        for _ in range(150):
            sim.step(state, track.table, np.array([0, at.BUTTON_THROTTLE] * 2, np.int32))
            best = max(best, float(np.hypot(rows[1, at.K_VX], rows[1, at.K_VY])))
        return best

    assert top(9.0, 0.0) > tuning.CAP_BASE + 1.0
    assert top(9.0, 4.0) <= tuning.CAP_BASE + 1e-6
    assert top(40.0, 0.0) <= tuning.CAP_BASE + 1e-6


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 8),
    st.lists(
        st.tuples(st.integers(-127, 127), st.integers(0, at.BUTTONS_ALL), st.integers(1, 90)),
        min_size=1,
        max_size=12,
    ),
)
def test_state_is_finite_and_inside_the_walls_whatever_is_pressed(karts, presses):
    track = ring(radius=70.0)
    sim = runtime.load("numba")
    state = started(track, karts, laps=2)
    for steer, buttons, ticks in presses:
        row = np.tile(np.array([steer, buttons], np.int32), karts)
        sim.drive(state, track.table, np.tile(row, (ticks, 1)))
        assert np.isfinite(state).all()
        # Another kart may push one a little into a wall until the next tick.
        assert (np.abs(field(state, at.K_LATERAL)) < 11.0 + tuning.KART_RADIUS).all()
        speed = np.hypot(field(state, at.K_VX), field(state, at.K_VY))
        assert (speed < 1.5 * tuning.CAP_NITRO).all()
        heading = np.hypot(field(state, at.K_HX), field(state, at.K_HY))
        # One Newton step a tick: a wall's nudge may leave a little for the next.
        assert heading == pytest.approx(1.0, abs=1e-2)
