"""The quasi-steady-state lap time against closed forms."""

from collections.abc import Callable
from math import inf, pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.race import runtime
from moongate.race.drivers.lap_time import Limits, flying_lap, standing_lap
from moongate.race.drivers.line import Line, racing_line
from moongate.race.sim import tuning
from moongate.race.sim.layout import BUTTON_THROTTLE, HEADER, K_VX, K_VY, K_X, K_Y, K_YAW
from moongate.race.track import Track


def line_of(pieces: list[tuple[float, float]], spacing: float, climb: float = 0.0) -> Line:
    """A line of arcs and straights: (length in m, curvature in 1/m) each."""
    curvature, step = [], []
    for length, bend in pieces:
        n = max(2, round(length / spacing))
        curvature += [bend] * n
        step += [length / n] * n
    n = len(step)
    still = np.zeros(n)
    return Line(
        offset_m=still, x_m=still, y_m=still, tangent_x=still + 1.0, tangent_y=still,
        step_m=np.array(step), curvature=np.array(curvature), climb=np.full(n, climb),
    )  # fmt: skip


def circle(radius: float, spacing: float = 2.0) -> Line:
    return line_of([(2.0 * pi * radius, 1.0 / radius)], spacing)


def oval(spacing: float) -> Line:
    return line_of([(300.0, 0.0), (pi * 30.0, 1 / 30.0)] * 2, spacing)


@pytest.mark.parametrize("radius", [8.0, 20.0, 45.0])
def test_in_a_tight_circle_grip_decides(radius: float) -> None:
    profile = flying_lap(circle(radius))
    speed = sqrt(tuning.GRIP_LATERAL * radius)
    np.testing.assert_allclose(profile.speed_mps, speed, rtol=1e-9)
    assert profile.lap_s == pytest.approx(2.0 * pi * radius / speed, rel=1e-9)


def test_in_the_tightest_circle_the_yaw_rate_decides() -> None:
    profile = flying_lap(circle(3.0, spacing=0.2))
    np.testing.assert_allclose(profile.speed_mps, tuning.YAW_MAX * 3.0, rtol=1e-9)


@pytest.mark.parametrize("radius", [60.0, 120.0, 500.0])
def test_in_a_wide_circle_the_turning_cap_decides(radius: float) -> None:
    speed = float(flying_lap(circle(radius)).speed_mps[0])
    effort = speed * speed / radius / tuning.GRIP_LATERAL
    assert speed == pytest.approx(
        tuning.CAP_BASE - (tuning.CAP_BASE - tuning.CAP_TURN) * effort, rel=1e-6
    )


def test_a_straight_ring_is_driven_at_the_cap() -> None:
    profile = flying_lap(line_of([(1000.0, 0.0)], 3.0))
    assert profile.lap_s == pytest.approx(1000.0 / tuning.CAP_BASE, rel=1e-6)


def test_from_standstill_speed_follows_the_engines_closed_form() -> None:
    # v' = A (1 − c v / cap), c = 1 − floor:  v(t) = cap / c (1 − exp(−A c t / cap)).
    c = 1.0 - tuning.ACCELERATION_FLOOR
    profile = standing_lap(line_of([(3000.0, 0.0)], 0.5))
    rate = tuning.ACCELERATION * c / tuning.CAP_BASE
    at_cap_s = -np.log(1.0 - c) / rate
    top = tuning.CAP_BASE / c
    at_cap_m = top * (at_cap_s - (1.0 - np.exp(-rate * at_cap_s)) / rate)
    whole = 3000.0 + tuning.GRID_FIRST
    assert profile.lap_s == pytest.approx(at_cap_s + (whole - at_cap_m) / tuning.CAP_BASE, abs=0.01)


def test_braking_into_a_corner_follows_v_squared() -> None:
    profile = flying_lap(line_of([(400.0, 0.0), (pi * 15.0, 1 / 15.0)], 1.0))
    corner = sqrt(tuning.GRIP_LATERAL * 15.0)
    at = 400 - 20
    assert profile.speed_mps[at] == pytest.approx(
        sqrt(corner**2 + 2.0 * tuning.BRAKE * 20.0), rel=1e-6
    )


def test_an_oval_is_near_the_sum_of_its_pieces() -> None:
    # Straight: from corner speed under full engine to the braking point, each in closed form.
    corner = sqrt(tuning.GRIP_LATERAL * 30.0)
    slowest = 2.0 * (300.0 / corner + pi * 30.0 / corner)
    fastest = 2.0 * (300.0 / tuning.CAP_BASE + pi * 30.0 / corner)
    lap_s = flying_lap(oval(1.0)).lap_s
    assert fastest < lap_s < slowest
    assert lap_s == pytest.approx(_oval_by_ticks(corner), rel=2e-3)


def _oval_by_ticks(corner: float) -> float:
    """The same oval's lap by small steps of time, forwards and backwards to where they meet."""
    dt = 1e-4
    out_s, out_v, v, s = [0.0], [corner], corner, 0.0
    while s < 300.0:
        share = max(
            tuning.ACCELERATION_FLOOR,
            1.0 - (1.0 - tuning.ACCELERATION_FLOOR) * v / tuning.CAP_BASE,
        )
        v = min(tuning.CAP_BASE, v + tuning.ACCELERATION * share * dt)
        s += v * dt
        out_s.append(s)
        out_v.append(v)
    brake_v = np.sqrt(corner**2 + 2.0 * tuning.BRAKE * (300.0 - np.array(out_s).clip(max=300.0)))
    meet = int(np.argmax(np.array(out_v) >= brake_v))
    braking_s = (out_v[meet] - corner) / tuning.BRAKE
    return 2.0 * (meet * dt + braking_s + pi * 30.0 / corner)


def test_the_time_settles_as_the_spacing_shrinks() -> None:
    exact = flying_lap(oval(0.125)).lap_s
    errors = [abs(flying_lap(oval(spacing)).lap_s - exact) for spacing in (8.0, 4.0, 2.0, 1.0)]
    assert errors[-1] < 0.002 * exact
    assert errors[-1] < errors[0]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 200), share=st.floats(0.5, 0.98))
def test_less_grip_is_never_faster(
    seed: int, share: float, random_track: Callable[[int], Track]
) -> None:
    line = racing_line(random_track(seed % 5))
    weaker = Limits(grip=share * tuning.GRIP_LATERAL)
    assert flying_lap(line, weaker).lap_s >= flying_lap(line).lap_s


def test_a_climb_costs_and_a_descent_gains_on_the_way_to_the_cap() -> None:
    pieces = [(150.0, 0.0), (pi * 12.0, 1 / 12.0)] * 2
    flat, up, down = (flying_lap(line_of(pieces, 1.0, climb)).lap_s for climb in (0.0, 0.08, -0.08))
    assert down < flat < up


def test_a_hill_steeper_than_the_engine_is_an_endless_lap() -> None:
    assert standing_lap(line_of([(500.0, 0.0)], 2.0, climb=3.0)).lap_s == inf


@pytest.mark.parametrize("radius", [25.0, 50.0, 90.0])
def test_the_simulated_kart_holds_the_speed_a_circle_allows(
    radius: float, ring: Callable[..., Track]
) -> None:
    """Full throttle in a steady turn; position plays no part, so the kart is kept in its place."""
    track = ring(600.0)
    sim = runtime.load("numba")
    state = runtime.new_state(1)
    sim.init_race(state, track.table, 1, 9)
    x, y = state[HEADER + K_X], state[HEADER + K_Y]
    limits = Limits()
    inputs = np.zeros(2, dtype=np.int32)
    for _ in range(1200):
        v = float(np.hypot(state[HEADER + K_VX], state[HEADER + K_VY]))
        most = min(tuning.YAW_MAX, tuning.GRIP_LATERAL / max(v, 1.0))
        inputs[0] = -round(127 * min(1.0, v / radius / most))
        inputs[1] = BUTTON_THROTTLE if v < limits.grip_speed(1 / radius) else 0
        sim.step(state, track.table, inputs)
        state[HEADER + K_X], state[HEADER + K_Y] = x, y

    v = float(np.hypot(state[HEADER + K_VX], state[HEADER + K_VY]))
    assert v == pytest.approx(
        min(limits.grip_speed(1 / radius), limits.cap_speed(1 / radius)), rel=0.01
    )
    assert state[HEADER + K_YAW] == pytest.approx(v / radius, rel=0.02)
