"""The line of least curvature: inside the road, bent less than the centreline, known shapes."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from moongate.race.drivers.line import (
    EDGE_MARGIN_M,
    chain_curvature,
    line_at,
    offset_bounds,
    racing_line,
)
from moongate.race.sim import tuning
from moongate.race.sim.layout import S_ROAD_LEFT, S_ROAD_RIGHT
from moongate.race.track import Track

TrackOf = Callable[[int], Track]
ROOM = tuning.KART_RADIUS + EDGE_MARGIN_M


def test_three_points_on_a_circle_give_its_curvature_exactly() -> None:
    angle = np.array([0.0, 0.3, 1.1, 2.0, 3.5, 4.0, 5.5])
    curvature, step = chain_curvature(20.0 * np.cos(angle), 20.0 * np.sin(angle))
    np.testing.assert_allclose(curvature, 1.0 / 20.0, rtol=1e-12)
    assert step[0] == pytest.approx(2.0 * 20.0 * np.sin(0.15))


def test_clockwise_is_a_right_turn_and_negative() -> None:
    angle = -np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    curvature, _ = chain_curvature(5.0 * np.cos(angle), 5.0 * np.sin(angle))
    np.testing.assert_allclose(curvature, -0.2)


def test_a_ring_is_driven_along_its_outer_edge(ring: Callable[..., Track]) -> None:
    line = racing_line(ring(60.0, half_road=6.0))
    # To the left round the ring, outside is on the right.
    np.testing.assert_allclose(line.offset_m, -(6.0 - ROOM), atol=1e-3)
    np.testing.assert_allclose(line.radius_m, 60.0 + 6.0 - ROOM, rtol=1e-3)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 500))
def test_the_line_keeps_the_whole_kart_on_the_road(seed: int, random_track: TrackOf) -> None:
    track = random_track(seed)
    line = racing_line(track)
    assert np.all(line.offset_m <= track.samples[:, S_ROAD_LEFT] - ROOM + 1e-9)
    assert np.all(line.offset_m >= ROOM - track.samples[:, S_ROAD_RIGHT] - 1e-9)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 500))
def test_the_line_bends_less_than_the_centreline(seed: int, random_track: TrackOf) -> None:
    track = random_track(seed)
    assert racing_line(track).bend < line_at(track, np.zeros(track.n)).bend


def test_a_general_optimiser_finds_nothing_better(random_track: TrackOf) -> None:
    track = random_track(7)
    line = racing_line(track)
    lower, upper = offset_bounds(track.samples[:, S_ROAD_LEFT], track.samples[:, S_ROAD_RIGHT])

    found = minimize(
        lambda a: 1e3 * line_at(track, a).bend,
        np.clip(line.offset_m, lower, upper),
        bounds=list(zip(lower, upper, strict=True)),
        method="L-BFGS-B",
        options={"maxfun": 6000, "maxiter": 20},
    )

    assert line.bend <= found.fun / 1e3 * 1.002


def test_a_road_too_narrow_for_the_margin_is_driven_in_its_middle() -> None:
    lower, upper = offset_bounds(np.array([1.0, 5.0]), np.array([0.5, 5.0]))
    np.testing.assert_allclose(lower, [0.25, ROOM - 5.0])
    np.testing.assert_allclose(upper, [0.25, 5.0 - ROOM])


def test_the_climb_is_the_hills_rise_per_metre_of_line(random_track: TrackOf) -> None:
    line = racing_line(random_track(3))
    # Round a closed loop what goes up comes down.
    assert abs(float(np.sum(line.climb * line.step_m))) < 0.02 * float(
        np.sum(np.abs(line.climb) * line.step_m)
    )
