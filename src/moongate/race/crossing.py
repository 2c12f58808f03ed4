"""Where closed lines cross themselves or each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]

MAX_PAIRS = 4_000_000


def _side(a: Floats, b: Floats, p: Floats) -> Floats:
    """Twice the signed area of the triangle a, b, p: > 0 where p lies left of a → b."""
    ab, ap = b - a, p - a
    return np.asarray(ab[:, 0] * ap[:, 1] - ab[:, 1] * ap[:, 0], dtype=np.float64)


def first_crossing(lines: list[Floats]) -> tuple[int, int] | None:
    """Indices of two segments that cross or touch, or None.

    ``lines`` are closed lines of equal length, n × 2; segment *i* of each runs from its point *i*
    to the next. Segments that follow each other on one line share an end and do not count. Of all
    crossings, the one at the lowest index is given. Only segments whose middles are near enough to
    meet are compared; lines too crowded for that (more than ``MAX_PAIRS`` near pairs) are taken to
    cross where they are densest.
    """
    n = len(lines[0])
    start = np.vstack(lines)
    end = np.vstack([np.roll(line, -1, axis=0) for line in lines])
    owner = np.repeat(np.arange(len(lines)), n)
    index = np.tile(np.arange(n), len(lines))
    length = np.hypot(*(end - start).T)
    tree = cKDTree(0.5 * (start + end))
    reach = float(length.max())
    if tree.count_neighbors(tree, reach) > MAX_PAIRS:
        crowd = tree.query_ball_point(tree.data, reach, return_length=True)
        worst = int(np.argmax(crowd))
        return int(index[worst]), int((index[worst] + 1) % n)
    pairs = tree.query_pairs(reach, output_type="ndarray")
    i, j = pairs[:, 0], pairs[:, 1]
    apart = np.abs(index[i] - index[j])
    neighbours = (owner[i] == owner[j]) & ((apart <= 1) | (apart == n - 1))
    i, j = i[~neighbours], j[~neighbours]
    a, b, c, d = start[i], end[i], start[j], end[j]
    parted = (_side(a, b, c) * _side(a, b, d) > 0.0) | (_side(c, d, a) * _side(c, d, b) > 0.0)
    # Collinear segments have no parted sides yet may lie far apart: their boxes decide.
    for axis in (0, 1):
        parted |= np.maximum(a[:, axis], b[:, axis]) < np.minimum(c[:, axis], d[:, axis])
        parted |= np.maximum(c[:, axis], d[:, axis]) < np.minimum(a[:, axis], b[:, axis])
    if parted.all():
        return None
    low = np.minimum(index[i], index[j])[~parted]
    high = np.maximum(index[i], index[j])[~parted]
    first = np.lexsort((high, low))[0]
    return int(low[first]), int(high[first])
