"""Where closed lines cross, against looking at every pair of segments."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.race import crossing
from moongate.race.crossing import first_crossing


def every_pair(line: np.ndarray) -> bool:
    n = len(line)
    for i in range(n):
        for j in range(i + 2, n):
            if i == 0 and j == n - 1:
                continue
            a, b, c, d = line[i], line[(i + 1) % n], line[j], line[(j + 1) % n]
            system = np.column_stack([b - a, c - d])
            if abs(np.linalg.det(system)) > 1e-12:
                u, v = np.linalg.solve(system, c - a)
                if 0.0 <= u <= 1.0 and 0.0 <= v <= 1.0:
                    return True
    return False


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 100_000), n=st.integers(5, 14))
def test_it_agrees_with_the_slow_way(seed: int, n: int) -> None:
    line = np.random.default_rng(seed).uniform(-1.0, 1.0, (n, 2))
    angle = np.arctan2(line[:, 1], line[:, 0])
    # Half of the lines are stars, which do not cross.
    line = line[np.argsort(angle)] if seed % 2 else line
    assert (first_crossing([line]) is not None) == every_pair(line)


def test_a_bow_tie_crosses_in_its_diagonals() -> None:
    assert first_crossing([np.array([[0, 0], [2, 2], [2, 0], [0, 2]], dtype=float)]) == (0, 2)


def test_two_nested_squares_do_not_cross_and_shifted_ones_do() -> None:
    square = np.array([[0, 0], [4, 0], [4, 4], [0, 4]], dtype=float)
    assert first_crossing([square, square * 0.5 + 1.0]) is None
    assert first_crossing([square, square + 1.0]) == (0, 1)


def test_segments_in_one_line_but_apart_do_not_touch() -> None:
    line = np.array([[0, 0], [1, 0], [1, -1], [3, -1], [3, 0], [4, 0], [4, 5], [0, 5]], dtype=float)
    assert first_crossing([line]) is None


def test_a_crowd_is_named_without_comparing_every_pair(monkeypatch) -> None:
    monkeypatch.setattr(crossing, "MAX_PAIRS", 10)
    line = np.random.default_rng(0).uniform(0.0, 1.0, (50, 2))
    found = first_crossing([line])
    assert found is not None
    assert found[1] == found[0] + 1
