"""How a driver gets round others: past the one in front, apart from the one beside."""

from moongate.race.sim.layout import (
    H_KARTS,
    HEADER,
    K_FINISH_TICK,
    K_LATERAL,
    K_VX,
    K_VY,
    KART_STRIDE,
)
from moongate.race.sim.maths import length, limit
from moongate.race.sim.tuning import DT

from .numbers import larger, size, smaller
from .steering import place_of, plan_at
from .tables import (
    M_ASIDE,
    P_N,
    P_OFFSET,
    P_ROAD_LEFT,
    P_ROAD_RIGHT,
    P_STEP,
)

CLEAR_M = 3.0  # m from centre to centre that passing keeps
BESIDE_M = 3.5  # m ahead or behind within which karts are side by side
LOOK_M = 8.0  # m ahead at which another matters at any speed, …
LOOK_S = 0.9  # … and s more
CLOSING_S = 2.2  # s until it is reached, below which it is passed
EDGE_M = 1.6  # m that passing keeps from the road's edge
ASIDE_SPEED = 7.0  # m/s, how fast a driver moves over
PARK_M = 1.8  # m from the right edge where a finished kart rolls out


def ahead_by(state, o, p, plan):
    """Metres by which the kart at offset p is ahead of the one at o, along the lap, about."""
    n = plan[P_N]
    apart = place_of(state, p) - place_of(state, o)
    if apart > n / 2.0:
        apart = apart - n
    if apart < 0.0 - n / 2.0:
        apart = apart + n
    return apart * plan_at(plan, place_of(state, o), P_STEP)


def in_the_way(state, o, p, plan):
    """Whether the kart at p must be steered round: beside, or about to be reached."""
    apart = ahead_by(state, o, p, plan)
    if size(apart) < BESIDE_M:
        return True
    v = length(state[o + K_VX], state[o + K_VY])
    if apart < 0.0 or apart > LOOK_M + LOOK_S * v:
        return False
    closing = v - length(state[p + K_VX], state[p + K_VY])
    return apart < larger(closing, 0.5) * CLOSING_S or apart < LOOK_M


def passing_lateral(state, o, p, plan, wanted):
    """Where across the road, m left of the centreline, to pass the kart at p."""
    place = place_of(state, o)
    left = plan_at(plan, place, P_ROAD_LEFT) - EDGE_M
    right = plan_at(plan, place, P_ROAD_RIGHT) - EDGE_M
    there = state[p + K_LATERAL]
    if size(there - wanted) >= CLEAR_M:
        return wanted
    # On the side one is on already, unless the road ends there.
    side = 1.0
    if state[o + K_LATERAL] < there:
        side = -1.0
    if side > 0.0 and there + CLEAR_M > left and right + there > left - there:
        side = -1.0
    elif side < 0.0 and CLEAR_M - there > right and left - there > right + there:
        side = 1.0
    return larger(0.0 - right, smaller(left, there + side * CLEAR_M))


def make_room(state, o, plan, memories, m):
    """Metres off the line that keep clear of others; moves over at ASIDE_SPEED."""
    place = place_of(state, o)
    line = plan_at(plan, place, P_OFFSET)
    wanted = line
    if state[o + K_FINISH_TICK] > 0.0:
        wanted = PARK_M - plan_at(plan, place, P_ROAD_RIGHT)
    else:
        for k in range(int(state[H_KARTS])):
            p = HEADER + KART_STRIDE * k
            if p != o:
                if in_the_way(state, o, p, plan):
                    wanted = passing_lateral(state, o, p, plan, wanted)
    aside = memories[m + M_ASIDE]
    aside = aside + limit(wanted - line - aside, ASIDE_SPEED * DT)
    memories[m + M_ASIDE] = aside
    return aside
