"""Small functions the dialect lacks: sizes, waves, angles, chance."""

from math import sqrt

from .tables import M_SEED

LEHMER_FACTOR = 48271.0
LEHMER_MODULUS = 2147483647.0


def larger(a, b):
    """The larger of two numbers."""
    if a > b:
        return a
    return b


def smaller(a, b):
    """The smaller of two numbers."""
    if a < b:
        return a
    return b


def size(value):
    """The absolute value."""
    if value < 0.0:
        return 0.0 - value
    return value


def wave(periods):
    """A smooth wave of height 1 and period 1 through 0, made of two parabolas a period."""
    part = periods - int(periods)
    if part < 0.0:
        part = part + 1.0
    if part < 0.5:
        return 16.0 * part * (0.5 - part)
    return 16.0 * (part - 0.5) * (part - 1.0)


def halved(tangent):
    """The tangent of half the angle that has this one."""
    return tangent / (1.0 + sqrt(1.0 + tangent * tangent))


def arctangent(x):
    """The angle in radians whose tangent is x, to within 1e-8: three halvings, then the series."""
    t = halved(halved(halved(x)))
    q = t * t
    # 1 − q/3 + q²/5 − q³/7 + q⁴/9
    return 8.0 * t * (1.0 - q * (1.0 / 3.0 - q * (1.0 / 5.0 - q * (1.0 / 7.0 - q / 9.0))))


def random_share(memories, m):
    """A number in [0, 1): Lehmer's generator, 48271 modulo 2³¹ − 1; its products stay exact."""
    product = memories[m + M_SEED] * LEHMER_FACTOR
    seed = product - int(product / LEHMER_MODULUS) * LEHMER_MODULUS
    # The quotient is rounded and may be one too large or too small.
    if seed < 0.0:
        seed = seed + LEHMER_MODULUS
    if seed >= LEHMER_MODULUS:
        seed = seed - LEHMER_MODULUS
    memories[m + M_SEED] = seed
    return seed / LEHMER_MODULUS
