"""Our own polynomials against libm."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moongate.race.sim.maths import cos_small, limit, sin_small
from moongate.race.sim.tuning import DRIFT_YAW, DRIFT_YAW_STEER, DT


@given(st.floats(-0.1, 0.1))
def test_sine_and_cosine_agree_with_libm(angle: float):
    assert sin_small(angle) == pytest.approx(math.sin(angle), abs=1e-14)
    assert cos_small(angle) == pytest.approx(math.cos(angle), abs=1e-12)


def test_a_tick_never_turns_further_than_the_polynomials_reach():
    assert (DRIFT_YAW + DRIFT_YAW_STEER) * DT < 0.1


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_limit_is_a_clamp(value: float, bound: float):
    assert limit(value, bound) == max(-bound, min(bound, value))
