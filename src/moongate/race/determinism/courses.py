"""Random closed circuits that nobody designed: what a fuzzer drives on."""

import numpy as np

from moongate.race.track import Track, TrackError, build_track

POINTS = 72
HARMONICS = (2, 3, 4, 5, 7)


def random_circuit(rng: np.random.Generator) -> Track:
    """A smooth closed circuit of 0.5 to 2.5 km with hills, jumps, pads and changing width."""
    while True:
        angle = np.linspace(0.0, 2.0 * np.pi, POINTS, endpoint=False)
        radius = np.ones(POINTS)
        height = np.zeros(POINTS)
        for k in HARMONICS:
            radius += rng.uniform(0.0, 0.55) / k * np.cos(k * angle + rng.uniform(0, 2 * np.pi))
            height += rng.uniform(0.0, 4.0) / k * np.cos(k * angle + rng.uniform(0, 2 * np.pi))
        # Bumps of one control point are steep enough to fly off.
        height[rng.integers(0, POINTS, rng.integers(0, 5))] += rng.uniform(2.0, 8.0)
        scale = rng.uniform(90.0, 330.0)
        half = rng.uniform(4.5, 9.0) + rng.uniform(0.0, 1.5) * np.cos(angle)
        verge = rng.uniform(0.0, 6.0)
        x, y = scale * radius * np.cos(angle), scale * radius * np.sin(angle)
        points = np.column_stack([x, y, height, half, half, half + verge, half + verge])
        pads = [(float(along), 0.0) for along in rng.uniform(0.0, 500.0, rng.integers(0, 9))]
        try:
            return build_track("random circuit", points, pads)
        except TrackError:
            # Some draws fold a corner tighter than the road is wide.
            continue
