"""The exact posterior of a two-layer noisy-OR network, without cancellation.

Let F be the m positive findings. Each condition that is present *explains* a random subset of F
(finding j with probability q_j, independently), the leak explains another, and all of F must be
explained. A forward pass over the conditions carries the probability of every explained subset

    f_k(S) = (1 - p_k) f_{k-1}(S) + p_k n_k sum_{S' u T = S} f_{k-1}(S') P_k(T)

a backward pass the probability that the conditions still to come explain the rest, and condition
k's posterior is the part of their product that runs through "k is present". n_k is the likelihood
of the negative findings, which factorise (Heckerman 1990, whose quickscore sums terms of both
signs; every term here is >= 0, so no digits are lost). Work: conditions x links x 2^m;
memory: 2^m times the square root of the conditions.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HARD_LIMIT = 18  # positives; beyond it 2^m tables outgrow a phone-sized server


def exact_posterior(prior: Floats, q: Floats, leak: Floats, absent: Floats) -> tuple[Floats, float]:
    """Posterior of each condition, and the natural logarithm of the findings' probability.

    Args:
        prior: (n,) probability of each condition, 0 to 1.
        q: (n, m) probability that a present condition causes each positive finding, 0 to 1.
        leak: (m,) probability of each positive finding without any condition.
        absent: (n,) probability that a present condition causes none of the negative findings.

    Raises:
        ValueError: shapes that do not fit, values outside 0 to 1, more than 18 positives, or
            findings that nothing can explain.
    """
    n, m = q.shape
    if prior.shape != (n,) or leak.shape != (m,) or absent.shape != (n,):
        raise ValueError(
            f"prior {prior.shape}, q {q.shape}, leak {leak.shape}, absent {absent.shape}: "
            "want (n,), (n, m), (m,), (n,)"
        )
    if m > HARD_LIMIT:
        raise ValueError(f"{m} positive findings; the exact posterior takes at most {HARD_LIMIT}")
    for name, values in (("prior", prior), ("q", q), ("leak", leak), ("absent", absent)):
        if values.size and not (
            np.isfinite(values).all() and values.min() >= 0 <= 1 - values.max()
        ):
            raise ValueError(f"{name} must lie in 0 to 1")
    weight = prior * absent
    base = 1.0 - prior + weight
    if (base <= 0).any():
        raise ValueError("a certain condition contradicts the negative findings")
    posterior = weight / base
    linked = np.flatnonzero((q > 0).any(axis=1) & (prior > 0))
    free = math.fsum(np.log(np.delete(base, linked)).tolist())
    result, total = _forward_backward(prior[linked], weight[linked], q[linked], leak)
    if not total > 0:
        raise ValueError("nothing in the network explains the positive findings")
    posterior[linked] = result / total
    return np.minimum(posterior, 1.0), math.log(total) + free


@njit(cache=True)  # type: ignore[untyped-decorator]
def _spread(table: Floats, row: Floats) -> None:
    """Forward step of one present condition: table[S] over the subsets explained so far."""
    for j in range(row.shape[0]):
        q = row[j]
        if q == 0.0:
            continue
        bit = 1 << j
        for high in range(0, table.shape[0], 2 * bit):
            for low in range(high, high + bit):
                table[low + bit] += q * table[low]
                table[low] *= 1.0 - q


@njit(cache=True)  # type: ignore[untyped-decorator]
def _gather(table: Floats, row: Floats) -> None:
    """The transpose of `_spread`: the expectation over what the condition explains."""
    for j in range(row.shape[0]):
        q = row[j]
        if q == 0.0:
            continue
        bit = 1 << j
        for high in range(0, table.shape[0], 2 * bit):
            for low in range(high, high + bit):
                table[low] = (1.0 - q) * table[low] + q * table[low + bit]


@njit(cache=True)  # type: ignore[untyped-decorator]
def _advance(table: Floats, work: Floats, p: float, w: float, row: Floats) -> None:
    work[:] = table
    _spread(work, row)
    for s in range(table.shape[0]):
        table[s] = (1.0 - p) * table[s] + w * work[s]


@njit(cache=True)
def _forward_backward(prior, weight, q, leak):  # type: ignore[no-untyped-def]
    n, m = q.shape
    size = 1 << m
    block = max(1, int(np.sqrt(n)))
    blocks = (n + block - 1) // block
    kept = np.empty((blocks + 1, size))
    table = np.zeros(size)
    table[0] = 1.0
    _spread(table, leak)
    work = np.empty(size)
    for k in range(n):
        if k % block == 0:
            kept[k // block] = table
        _advance(table, work, prior[k], weight[k], q[k])
    total = table[size - 1]
    # Backward, a block at a time: the forward tables of a block are made again from its start.
    back = np.zeros(size)
    back[size - 1] = 1.0
    result = np.empty(n)
    local = np.empty((block, size))
    for b in range(blocks - 1, -1, -1):
        first = b * block
        last = min(n, first + block)
        table[:] = kept[b]
        for k in range(first, last):
            local[k - first] = table
            if k + 1 < last:
                _advance(table, work, prior[k], weight[k], q[k])
        for k in range(last - 1, first - 1, -1):
            work[:] = back
            _gather(work, q[k])
            through = 0.0
            for s in range(size):
                through += local[k - first, s] * work[s]
                back[s] = (1.0 - prior[k]) * back[s] + weight[k] * work[s]
            result[k] = weight[k] * through
    return result, total
