"""Plain tracks for tests, made from closed forms."""

from collections.abc import Sequence

import numpy as np

from moongate.race.track import Track, build_track


def ring(radius: float = 120.0, half: float = 7.0, verge: float = 4.0) -> Track:
    """A circle driven counter-clockwise, with a verge between road and wall."""
    angle = np.linspace(0.0, 2.0 * np.pi, 72, endpoint=False)
    flat = np.zeros(72)
    wide = np.full(72, half)
    return build_track(
        "ring",
        np.column_stack(
            [radius * np.cos(angle), radius * np.sin(angle), flat, *[wide] * 2, *[wide + verge] * 2]
        ),
    )


def stadium(
    straight: float = 800.0,
    radius: float = 60.0,
    pads: Sequence[tuple[float, float]] = (),
) -> Track:
    """Two straights joined by half circles; the line is in the middle of a straight."""
    along = np.arange(0.0, straight / 2, 20.0)
    turn = np.linspace(-np.pi / 2, np.pi / 2, 16)
    right = np.column_stack([straight / 2 + radius * np.cos(turn), radius * np.sin(turn)])
    first = np.column_stack([along, np.full(len(along), -radius)])
    xy = np.vstack([first[:-1] if along[-1] >= straight / 2 else first, right])
    back = -xy
    points = np.vstack([xy, [[0.0, radius]], back[1:]])
    wide = np.full((len(points), 1), 8.0)
    flat = np.zeros((len(points), 1))
    return build_track("stadium", np.hstack([points, flat, wide, wide, wide + 4, wide + 4]), pads)
