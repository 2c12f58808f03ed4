"""When a driver drifts, and when it taps the mini-boost and the nitro, as a person would."""

from moongate.race.sim.layout import (
    BUTTON_MINI,
    BUTTON_NITRO,
    K_DRIFT,
    K_DRIFT_CHARGE,
    K_DRIFT_TICKS,
    K_FRAC,
    K_HX,
    K_HY,
    K_LATERAL,
    K_MINI_WINDOW,
    K_NITRO_LEFT,
    K_NITRO_STOCK,
    K_SEG,
    K_SLIP,
)
from moongate.race.sim.tuning import DRIFT_MIN_SPEED, GRIP_LATERAL, MINI_MIN_TICKS

from .jit import Floats, njit
from .steering import at, at_ahead, place_ahead, turn_angle
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


@njit(cache=True)
def bend_at(plan: Floats, seg: int, eager: bool) -> float:
    """Side of a corner worth drifting through at this sample, or 0; eager drivers like them all."""
    if eager:
        curve = plan[seg, P_CURVATURE]
        return 0.0 if abs(curve) < EAGER_CURVATURE else (1.0 if curve > 0.0 else -1.0)
    return float(plan[seg, P_DRIFT])


@njit(cache=True)
def _keeps_drifting(
    state: Floats, o: int, plan: Floats, v: float, eager: bool, side: float
) -> bool:
    """Whether to go on: until the heading looks down the road, or a little longer for the mini."""
    seg, frac = int(state[o + K_SEG]), state[o + K_FRAC]
    ahead, part = place_ahead(plan, seg, frac, RELEASE_S * v)
    tx, ty = at(plan, ahead, part, P_TX), at(plan, ahead, part, P_TY)
    past = turn_angle(tx, ty, state[o + K_HX], state[o + K_HY]) * side
    if bend_at(plan, ahead, eager) == side or past <= -0.05:
        return past <= SPIN
    young = state[o + K_DRIFT_TICKS] < MINI_MIN_TICKS
    charge = state[o + K_DRIFT_CHARGE]
    edge = at(plan, seg, frac, P_ROAD_LEFT if side > 0.0 else P_ROAD_RIGHT)
    room = edge - state[o + K_LATERAL] * side
    return bool((young or NEARLY_CHARGED < charge < 1.0) and past < OVERTURN and room > ROOM_M)


@njit(cache=True)
def drift_side(state: Floats, o: int, plan: Floats, v: float, eager: bool) -> float:
    """Whether to hold the drift button: side of the drift, or 0."""
    side = float(state[o + K_DRIFT])
    if side != 0.0:
        return side if _keeps_drifting(state, o, plan, v, eager, side) else 0.0
    if v < DRIFT_MIN_SPEED + 1.0 or abs(state[o + K_SLIP]) > SETTLED_SLIP:
        return 0.0
    ahead, _ = place_ahead(plan, int(state[o + K_SEG]), state[o + K_FRAC], FLICK_S * v)
    if plan[ahead, P_DRIFT_LIMIT] < DRIFT_MIN_SPEED + 1.0:
        return 0.0
    # Only where the drift carries more than grip could.
    if eager or v * v * abs(plan[ahead, P_CURVATURE]) > WORTH_DRIFTING * GRIP_LATERAL:
        return bend_at(plan, ahead, eager)
    return 0.0


@njit(cache=True)
def straight_ahead(plan: Floats, seg: int, frac: float, v: float, limit: int) -> bool:
    for i in range(1, 9):
        if at_ahead(plan, seg, frac, v * NITRO_STRAIGHT_S * i / 8.0, limit) < NITRO_SPEED:
            return False
    return True


@njit(cache=True)
def boost_buttons(state: Floats, o: int, plan: Floats, v: float, before: int, eager: bool) -> int:
    """The nitro and mini-boost buttons a person would tap now."""
    buttons = 0
    seg, frac = int(state[o + K_SEG]), state[o + K_FRAC]
    if state[o + K_MINI_WINDOW] > 0.0 and (before & BUTTON_MINI) == 0:
        buttons |= BUTTON_MINI
    if (
        state[o + K_NITRO_STOCK] >= 1.0
        and state[o + K_NITRO_LEFT] <= 0.0
        and (eager or state[o + K_DRIFT] == 0.0)
        and (before & BUTTON_NITRO) == 0
        and (eager or straight_ahead(plan, seg, frac, max(v, 30.0), P_DRIFT_LIMIT))
    ):
        buttons |= BUTTON_NITRO
    return buttons
