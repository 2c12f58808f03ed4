"""When a driver drifts, and when it taps the mini-boost and the nitro, as a person would."""

from moongate.race.sim.layout import (
    BUTTON_MINI,
    BUTTON_NITRO,
    K_DRIFT,
    K_DRIFT_CHARGE,
    K_DRIFT_TICKS,
    K_HX,
    K_HY,
    K_LATERAL,
    K_MINI_WINDOW,
    K_NITRO_LEFT,
    K_NITRO_STOCK,
    K_SLIP,
)
from moongate.race.sim.tuning import DRIFT_MIN_SPEED, GRIP_LATERAL, MINI_MIN_TICKS

from .numbers import larger, size
from .steering import place_ahead, place_of, plan_at, row_of, turn_angle
from .tables import (
    P_CURVATURE,
    P_DRIFT,
    P_DRIFT_LIMIT,
    P_ROAD_LEFT,
    P_ROAD_RIGHT,
    P_TX,
    P_TY,
)

FLICK_S = 0.30  # s before a corner at which a drift begins
RELEASE_S = 0.32  # s before its end at which the heading should already look down the road
SETTLED_SLIP = 0.25  # sine of the slip above which the last drift is not over yet
WORTH_DRIFTING = 0.8  # share of the grip that a corner must ask for
NEARLY_CHARGED = 0.7  # share of a mini-boost worth waiting for
OVERTURN = 0.35  # sine beyond the road's direction at which waiting ends
SPIN = 0.9  # sine beyond the road's direction that is too much in any corner
ROOM_M = 3.0  # m to the inner edge that waiting needs
EAGER_CURVATURE = 0.006  # 1/m
NITRO_STRAIGHT_S = 2.2  # s of road ahead that must be straight for nitro
NITRO_SPEED = 50.0  # m/s the road ahead must allow for nitro
NITRO_LOOKS = 8  # places on that road that are looked at


def bend_at(plan, place, eager):
    """Side of a corner worth drifting through at this place, or 0; eager drivers like them all."""
    row = row_of(plan, int(place))
    if not eager:
        return plan[row + P_DRIFT]
    curve = plan[row + P_CURVATURE]
    if size(curve) < EAGER_CURVATURE:
        return 0.0
    if curve > 0.0:
        return 1.0
    return -1.0


def keeps_drifting(state, o, plan, v, eager, side):
    """Whether to go on: until the heading looks down the road, or a little longer for the mini."""
    place = place_of(state, o)
    ahead = place_ahead(plan, place, RELEASE_S * v)
    tx = plan_at(plan, ahead, P_TX)
    ty = plan_at(plan, ahead, P_TY)
    past = turn_angle(tx, ty, state[o + K_HX], state[o + K_HY]) * side
    if bend_at(plan, ahead, eager) == side or past <= -0.05:
        return past <= SPIN
    charge = state[o + K_DRIFT_CHARGE]
    waits = state[o + K_DRIFT_TICKS] < MINI_MIN_TICKS
    if charge > NEARLY_CHARGED and charge < 1.0:
        waits = True
    edge = plan_at(plan, place, P_ROAD_RIGHT)
    if side > 0.0:
        edge = plan_at(plan, place, P_ROAD_LEFT)
    return waits and past < OVERTURN and edge - state[o + K_LATERAL] * side > ROOM_M


def drift_side(state, o, plan, v, eager):
    """Whether to hold the drift button: side of the drift, or 0."""
    side = state[o + K_DRIFT]
    if side != 0.0:
        if keeps_drifting(state, o, plan, v, eager, side):
            return side
        return 0.0
    if v < DRIFT_MIN_SPEED + 1.0 or size(state[o + K_SLIP]) > SETTLED_SLIP:
        return 0.0
    ahead = place_ahead(plan, place_of(state, o), FLICK_S * v)
    row = row_of(plan, int(ahead))
    if plan[row + P_DRIFT_LIMIT] < DRIFT_MIN_SPEED + 1.0:
        return 0.0
    # Only where the drift carries more than grip could.
    if eager or v * v * size(plan[row + P_CURVATURE]) > WORTH_DRIFTING * GRIP_LATERAL:
        return bend_at(plan, ahead, eager)
    return 0.0


def straight_ahead(plan, place, v):
    """Whether the road ahead is straight enough for nitro."""
    step = v * NITRO_STRAIGHT_S / NITRO_LOOKS
    here = place
    for _look in range(NITRO_LOOKS):
        here = place_ahead(plan, here, step)
        if plan_at(plan, here, P_DRIFT_LIMIT) < NITRO_SPEED:
            return False
    return True


def boost_buttons(state, o, plan, v, before, eager):
    """The nitro and mini-boost buttons a person would tap now."""
    buttons = 0
    if state[o + K_MINI_WINDOW] > 0.0 and (before & BUTTON_MINI) == 0:
        buttons = BUTTON_MINI
    if state[o + K_NITRO_STOCK] < 1.0 or state[o + K_NITRO_LEFT] > 0.0:
        return buttons
    if (before & BUTTON_NITRO) != 0:
        return buttons
    if eager:
        return buttons + BUTTON_NITRO
    if state[o + K_DRIFT] == 0.0 and straight_ahead(plan, place_of(state, o), larger(v, 30.0)):
        return buttons + BUTTON_NITRO
    return buttons
