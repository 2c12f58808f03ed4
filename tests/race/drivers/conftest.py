"""Circuits to drive on: smooth random ones, and those of a known shape."""

from collections.abc import Callable

import numpy as np
import pytest

from moongate.race.sim.layout import S_GRADE
from moongate.race.sim.tuning import AIR_GRAVITY, CAP_BASE
from moongate.race.track import Track, TrackError, build_track

TrackOf = Callable[[int], Track]


def control_points(xy: np.ndarray, height: np.ndarray, half_road: float) -> np.ndarray:
    road = np.full(len(xy), half_road)
    return np.column_stack([xy, height, road, road, road + 3.0, road + 3.0])


def random_circuit(seed: int) -> Track:
    """A closed curve of random waves round a circle, 600 to 3,000 m long, with hills."""
    random = np.random.default_rng(seed)
    while True:
        angle = np.linspace(0.0, 2.0 * np.pi, 240, endpoint=False)
        radius = np.ones_like(angle)
        height = np.zeros_like(angle)
        for wave in range(2, 9):
            size = random.uniform(0.0, 0.7) / wave
            radius += size * np.cos(wave * angle + random.uniform(0.0, 2.0 * np.pi))
            height += random.uniform(0.0, 6.0) / wave * np.sin(wave * angle)
        if radius.min() < 0.25:
            continue
        radius *= random.uniform(80.0, 260.0)
        xy = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
        if random.random() < 0.5:
            xy = xy[::-1]
        half_road = random.uniform(5.0, 8.0)
        try:
            track = build_track(f"random {seed}", control_points(xy, height, half_road))
        except TrackError:
            continue
        if not flies(track):
            return track


def flies(track: Track) -> bool:
    """Whether a crest throws a kart off the ground; the ideal line knows no flight."""
    grade = track.samples[:, S_GRADE]
    falling = (grade - np.roll(grade, -1)) / track.ds
    return bool((falling * CAP_BASE**2 > AIR_GRAVITY).any())


@pytest.fixture(scope="session")
def random_track() -> TrackOf:
    return random_circuit


@pytest.fixture(scope="session")
def ring() -> Callable[..., Track]:
    """A circle, driven to the left: radius of the centreline and half the road's width in m."""

    def build(radius: float, half_road: float = 6.0) -> Track:
        angle = np.linspace(0.0, 2.0 * np.pi, 400, endpoint=False)
        xy = radius * np.column_stack([np.cos(angle), np.sin(angle)])
        return build_track("ring", control_points(xy, np.zeros(400), half_road))

    return build
