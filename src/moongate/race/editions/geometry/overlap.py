"""Where a course runs into itself: two stretches of it on the same ground at the same height."""

from __future__ import annotations

import numpy as np
import shapely

from moongate.race.sim import layout
from moongate.race.track import Track

# A kart on the lower road needs this much air.
HEADROOM_M = 4.5
# Neighbours along the lap touch by nature; so do the two ends of a hairpin's inner wall.
NEAR_M = 40.0


def same_level_overlap(track: Track) -> tuple[float, float] | None:
    """Two places, metres along the lap, that lie between the walls of both; None if there are none.

    Roads may cross where one is HEADROOM_M above the other.
    """
    rows = track.samples
    xy = rows[:, layout.S_X : layout.S_Y + 1]
    left = np.stack([-rows[:, layout.S_TY], rows[:, layout.S_TX]], 1)
    # Slimmer than the walls by a hand, so that roads may lie wall to wall.
    a = xy + left * (rows[:, layout.S_WALL_LEFT, None] - 0.1)
    b = xy - left * (rows[:, layout.S_WALL_RIGHT, None] - 0.1)
    cells = shapely.polygons(np.stack([a, np.roll(a, -1, 0), np.roll(b, -1, 0), b], 1))
    first, second = shapely.STRtree(cells).query(cells, predicate="intersects")
    apart = np.abs(first - second)
    along = np.minimum(apart, track.n - apart) * track.ds
    height = rows[:, layout.S_H]
    level = np.abs(height[first] - height[second]) < HEADROOM_M
    (hits,) = np.nonzero((first < second) & (along > NEAR_M) & level)
    if not len(hits):
        return None
    k = hits[0]
    return float(first[k] * track.ds), float(second[k] * track.ds)
