"""The posterior by big-number enumeration of every subset of conditions: slow, and beyond doubt."""

from fractions import Fraction
from itertools import product


def enumerate_posterior(prior, q, leak, absent):
    """Exact rational posteriors and evidence of small networks; arguments are lists of floats."""
    n, m = len(prior), len(leak)
    prior, leak, absent = ([Fraction(v) for v in values] for values in (prior, leak, absent))
    q = [[Fraction(v) for v in row] for row in q]
    total, with_ = Fraction(0), [Fraction(0)] * n
    for present in product((0, 1), repeat=n):
        weight = Fraction(1)
        for i in range(n):
            weight *= prior[i] * absent[i] if present[i] else 1 - prior[i]
        for j in range(m):
            silent = 1 - leak[j]
            for i in range(n):
                if present[i]:
                    silent *= 1 - q[i][j]
            weight *= 1 - silent
        total += weight
        for i in range(n):
            if present[i]:
                with_[i] += weight
    return [w / total if total else Fraction(0) for w in with_], total
