"""The compiled simulation and the state hash."""

import numpy as np
import pytest

from moongate.race import runtime


def test_the_hash_tells_one_bit_and_minus_zero():
    state = runtime.new_state(2)
    first = runtime.state_hash(state)
    assert len(first) == 16
    state[5] = -0.0
    assert runtime.state_hash(state) != first
    state[5] = 0.0
    assert runtime.state_hash(state) == first
    state[9] = np.nextafter(0.0, 1.0)
    assert runtime.state_hash(state) != first


def test_hashes_of_many_states_do_not_collide():
    rng = np.random.default_rng(3)
    states = rng.normal(size=(20_000, 40))
    assert len({runtime.state_hash(row) for row in states}) == len(states)


@pytest.mark.parametrize("karts", [0, 9])
def test_a_race_has_one_to_eight_karts(karts: int):
    with pytest.raises(ValueError, match=f"n_karts must be 1 to 8, not {karts}"):
        runtime.new_state(karts)


def test_an_unknown_runtime_is_named():
    with pytest.raises(ValueError, match="runtime must be numba or python, not 'java'"):
        runtime.load("java")
