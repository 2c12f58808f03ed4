"""Smooth noise of our own over the plane: the same seed gives the same land everywhere."""

from __future__ import annotations

import numpy as np

from moongate.race.editions.geometry.mesh import Array

OCTAVES = 4


def _lattice(ix: Array, iy: Array, seed: int) -> Array:
    """A value −1..1 for every whole place of the plane: integers mixed until nothing is left."""
    with np.errstate(over="ignore"):
        h = ix.astype(np.int64).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        h ^= iy.astype(np.int64).astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        h ^= np.uint64(seed) * np.uint64(0x165667B19E3779F9)
        for shift in (29, 32):
            h = (h ^ (h >> np.uint64(shift))) * np.uint64(0xBF58476D1CE4E5B9)
    found: Array = (h >> np.uint64(40)).astype(float) / 2**23 - 1
    return found


def noise(points: Array, size: float, seed: int) -> Array:
    """Bumps about `size` metres wide, −1..1, at points (n, 2)."""
    place = points / size
    low = np.floor(place)
    t = place - low
    t = t * t * (3 - 2 * t)
    ix, iy = low[:, 0], low[:, 1]
    a, b = _lattice(ix, iy, seed), _lattice(ix + 1, iy, seed)
    c, d = _lattice(ix, iy + 1, seed), _lattice(ix + 1, iy + 1, seed)
    near, far = a + (b - a) * t[:, 0], c + (d - c) * t[:, 0]
    found: Array = near + (far - near) * t[:, 1]
    return found


def rough(points: Array, size: float, seed: int) -> Array:
    """Bumps with smaller bumps on them, about −1..1."""
    total = np.zeros(len(points))
    weight = 0.0
    for k in range(OCTAVES):
        total += noise(points, size / 2**k, seed + 101 * k) / 2**k
        weight += 1 / 2**k
    found: Array = total / weight * 1.6
    return found
