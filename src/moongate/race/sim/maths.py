"""Functions that libm would round differently on every machine."""

from math import sqrt

# Products are several times faster than quotients, and no compiler may swap them for us.
SINE_3 = 1.0 / 6.0
SINE_5 = 1.0 / 120.0
SINE_7 = 1.0 / 5040.0
COSINE_2 = 0.5
COSINE_4 = 1.0 / 24.0
COSINE_6 = 1.0 / 720.0


def sin_small(d):
    """Sine of an angle d in radians, |d| <= 0.1, to within 1e-14 (Taylor)."""
    q = d * d
    return d * (1.0 - q * (SINE_3 - q * (SINE_5 - q * SINE_7)))


def cos_small(d):
    """Cosine of an angle d in radians, |d| <= 0.1, to within 1e-12 (Taylor)."""
    q = d * d
    return 1.0 - q * (COSINE_2 - q * (COSINE_4 - q * COSINE_6))


def length(x, y):
    """Euclidean length of (x, y)."""
    return sqrt(x * x + y * y)


def limit(value, bound):
    """The value held within -bound..bound."""
    if value > bound:
        return bound
    if value < 0.0 - bound:
        return 0.0 - bound
    return value
