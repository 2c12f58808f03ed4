"""The racing line: our interior point on the closed chain beside SciPy's general solvers.

- One programme: the first linearisation's box-constrained least squares, by
  `moongate.race.drivers.box_qp` and by `scipy.optimize.lsq_linear` (dense, exact trust region).
- The whole line: least ``∫ κ² ds``, by `moongate.race.drivers.line.racing_line` and
  by `scipy.optimize.minimize` (L-BFGS-B) on the curvature itself with our gradient.

A ratio is the peer's time over ours. The peers stop after a fixed number of iterations, and what
they left on the table shows in the last column.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from scipy.optimize import lsq_linear, minimize

from moongate.race.drivers import line as racing
from moongate.race.drivers.box_qp import ChainMatrix
from moongate.race.sim.layout import S_ROAD_LEFT, S_ROAD_RIGHT, S_TX, S_TY
from moongate.race.track import Track, build_track

T = TypeVar("T")

ROUNDS = 5
LSQ_ITERATIONS = 15
LBFGSB_ITERATIONS = 500
LENGTH_SCALE_M = 420.0


def circuit() -> Track:
    """A made-up circuit of about 3.5 km with fast and slow corners."""
    angle = np.linspace(0.0, 2.0 * np.pi, 300, endpoint=False)
    radius = (
        1.0 + 0.22 * np.cos(2 * angle + 1) + 0.14 * np.cos(3 * angle) + 0.07 * np.sin(5 * angle)
    )
    radius += 0.03 * np.cos(7 * angle + 2)
    xy = LENGTH_SCALE_M * radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    road = np.full(300, 7.0)
    return build_track("benchmark", np.column_stack([xy, 0 * road, road, road, road + 4, road + 4]))


def bounds_of(track: Track) -> tuple[np.ndarray, np.ndarray]:
    return racing.offset_bounds(track.samples[:, S_ROAD_LEFT], track.samples[:, S_ROAD_RIGHT])


def first_programme(track: Track) -> tuple[ChainMatrix, np.ndarray]:
    line = racing.line_at(track, np.zeros(track.n))
    slopes = racing.curvature_slopes(
        line.x_m, line.y_m, -track.samples[:, S_TY], track.samples[:, S_TX]
    )
    return slopes, line.curvature


def dense(matrix: ChainMatrix) -> np.ndarray:
    n = matrix.diagonal.size
    rows = np.arange(n)
    full = np.zeros((n, n))
    full[rows, rows] = matrix.diagonal
    full[rows, (rows - 1) % n] = matrix.below
    full[rows, (rows + 1) % n] = matrix.above
    return full


def by_lbfgsb(track: Track) -> racing.Line:
    lower, upper = bounds_of(track)
    nx, ny = -track.samples[:, S_TY], track.samples[:, S_TX]

    def cost(offset: np.ndarray) -> tuple[float, np.ndarray]:
        line = racing.line_at(track, offset)
        weight = 0.5 * (line.step_m + np.roll(line.step_m, 1))
        slopes = racing.curvature_slopes(line.x_m, line.y_m, nx, ny)
        # The weights' own slope is left out, as in ours.
        return 1e3 * line.bend, 2e3 * slopes.transposed_times(line.curvature * weight)

    found = minimize(
        cost,
        np.zeros(track.n),
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(lower, upper, strict=True)),
        options={"maxiter": LBFGSB_ITERATIONS, "ftol": 1e-12},
    )
    return racing.line_at(track, found.x)


def timed(make: Callable[[], T], rounds: int = 1) -> tuple[float, T]:
    """Best of the rounds, in ms."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        result = make()
        best = min(best, time.perf_counter() - begin)
    return 1e3 * best, result


def main() -> None:
    track = circuit()
    lower, upper = bounds_of(track)
    matrix, k = first_programme(track)
    full = dense(matrix)
    print(f"racing line, {track.length_m:.0f} m, {track.n} unknowns")

    ours_ms, a = timed(lambda: racing.solve_chain_in_box(matrix, k, lower, upper), ROUNDS)
    peer_ms, b = timed(lambda: lsq_linear(full, -k, (lower, upper), max_iter=LSQ_ITERATIONS).x)
    left = np.sum((matrix.times(b) + k) ** 2) / np.sum((matrix.times(a) + k) ** 2) - 1.0
    print("one programme")
    print(f"  ours        {ours_ms:9.1f} ms")
    print(f"  lsq_linear  {peer_ms:9.1f} ms  ratio {peer_ms / ours_ms:6.0f}  cost {left:+.1%}")

    ours_ms, ours = timed(lambda: racing.racing_line(track), ROUNDS)
    peer_ms, peer = timed(lambda: by_lbfgsb(track))
    print("the whole line")
    print(f"  ours        {ours_ms:9.1f} ms")
    print(
        f"  L-BFGS-B    {peer_ms:9.1f} ms  ratio {peer_ms / ours_ms:6.0f}"
        f"  bend {peer.bend / ours.bend - 1.0:+.1%}"
    )


if __name__ == "__main__":
    main()
