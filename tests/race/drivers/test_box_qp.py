"""The closed chain's programme against SciPy's dense bounded least squares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import lsq_linear

from moongate.race.drivers.box_qp import ChainMatrix, solve_chain_in_box


def dense(matrix: ChainMatrix) -> np.ndarray:
    n = matrix.diagonal.size
    rows = np.arange(n)
    full = np.zeros((n, n))
    full[rows, rows] = matrix.diagonal
    full[rows, (rows - 1) % n] = matrix.below
    full[rows, (rows + 1) % n] = matrix.above
    return full


def cost(matrix: ChainMatrix, k: np.ndarray, a: np.ndarray) -> float:
    return 0.5 * float(np.sum((matrix.times(a) + k) ** 2))


@settings(max_examples=40, deadline=None)
@given(n=st.integers(6, 60), seed=st.integers(0, 10_000), tightness=st.floats(0.05, 5.0))
def test_the_solution_costs_no_more_than_scipys(n: int, seed: int, tightness: float) -> None:
    random = np.random.default_rng(seed)
    matrix = ChainMatrix(*random.normal(size=(3, n)))
    k = random.normal(size=n) * 3.0
    lower = -random.uniform(0.1, 1.0, n) * tightness
    upper = random.uniform(0.1, 1.0, n) * tightness

    a = solve_chain_in_box(matrix, k, lower, upper)

    peer = lsq_linear(dense(matrix), -k, (lower, upper), tol=1e-13).x
    assert np.all(a >= lower - 1e-12)
    assert np.all(a <= upper + 1e-12)
    assert cost(matrix, k, a) <= cost(matrix, k, peer) + 1e-6 * (1.0 + cost(matrix, k, peer))


def test_without_an_active_bound_it_is_ordinary_least_squares() -> None:
    random = np.random.default_rng(1)
    n = 40
    matrix = ChainMatrix(random.normal(size=n), np.full(n, 5.0), random.normal(size=n))
    k = random.normal(size=n)

    a = solve_chain_in_box(matrix, k, np.full(n, -100.0), np.full(n, 100.0))

    np.testing.assert_allclose(a, np.linalg.solve(dense(matrix), -k), atol=1e-5)


def test_an_unknown_whose_bounds_touch_stays_there() -> None:
    n = 8
    matrix = ChainMatrix(np.zeros(n), np.ones(n), np.zeros(n))
    lower, upper = np.full(n, -1.0), np.full(n, 1.0)
    lower[3] = upper[3] = 0.25

    a = solve_chain_in_box(matrix, np.full(n, -9.0), lower, upper)

    assert a[3] == pytest.approx(0.25, abs=1e-8)
    np.testing.assert_allclose(np.delete(a, 3), 1.0, atol=1e-6)


def test_crossed_bounds_are_refused_by_number() -> None:
    n = 8
    matrix = ChainMatrix(np.zeros(n), np.ones(n), np.zeros(n))
    lower, upper = np.full(n, -1.0), np.full(n, 1.0)
    lower[5] = 2.0
    with pytest.raises(ValueError, match=r"upper must be ≥ lower \(unknown 5: 2 > 1\)"):
        solve_chain_in_box(matrix, np.zeros(n), lower, upper)


def test_a_chain_of_five_is_refused() -> None:
    five = np.ones(5)
    with pytest.raises(ValueError, match="needs at least 6 unknowns, got 5"):
        solve_chain_in_box(ChainMatrix(five, five, five), five, -five, five)
