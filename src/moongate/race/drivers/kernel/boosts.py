"""When a driver drifts, and when it taps the mini-boost and the nitro, as a person would."""

from moongate.race.sim.layout import K_HX, K_HY, K_SEG, K_FRAC, K_LATERAL, K_DRIFT, K_DRIFT_TICKS, K_DRIFT_CHARGE, K_NITRO_STOCK, K_NITRO_LEFT, K_MINI_WINDOW, K_SLIP, BUTTON_NITRO, BUTTON_MINI
from moongate.race.sim.tuning import GRIP_LATERAL, DRIFT_MIN_SPEED, MINI_MIN_TICKS
from .jit import Floats, njit
from .steering import place_ahead, at, at_ahead, turn_angle
from .tables import P_TX, P_TY, P_CURVATURE, P_DRIFT_LIMIT, P_DRIFT, P_ROAD_LEFT, P_ROAD_RIGHT

FLICK_S = 0.30  # s before a corner at which a drift begins
RELEASE_S = (
EAGER_CURVATURE = 0.006  # 1/m
NITRO_STRAIGHT_S = 2.2  # s of road ahead that must be straight for nitro
NITRO_SPEED = 50.0  # m/s the road ahead must allow for nitro


@njit(cache=True)
def bend_at(plan: Floats, seg: int, eager: bool) -> float:
    """Side of a corner worth drifting through at this sample, or 0; eager drivers like them all."""
    if eager:
        curve = plan[seg, P_CURVATURE]
        return 0.0 if abs(curve) < EAGER_CURVATURE else (1.0 if curve > 0.0 else -1.0)
    return plan[seg, P_DRIFT]


@njit(cache=True)
def drift_side(state: Floats, o: int, plan: Floats, v: float, eager: bool) -> float:
    """Whether to hold the drift button: side of the drift, or 0."""
    seg, frac = int(state[o + K_SEG]), state[o + K_FRAC]
    side = state[o + K_DRIFT]
    if side == 0.0:
        if v < DRIFT_MIN_SPEED + 1.0 or abs(state[o + K_SLIP]) > 0.25:
            return 0.0
        ahead, part = place_ahead(plan, seg, frac, FLICK_S * v)
        coming = bend_at(plan, ahead, eager)
        speed = min(v, plan[ahead, P_DRIFT_LIMIT])
        if coming != 0.0 and speed > DRIFT_MIN_SPEED + 1.0:
            # Only where the drift carries more than grip could.
            if eager or v * v * abs(plan[ahead, P_CURVATURE]) > 0.8 * GRIP_LATERAL:
                return coming
        return 0.0
    ahead, part = place_ahead(plan, seg, frac, RELEASE_S * v)
    tx, ty = at(plan, ahead, part, P_TX), at(plan, ahead, part, P_TY)
    past = turn_angle(tx, ty, state[o + K_HX], state[o + K_HY]) * side
    if bend_at(plan, ahead, eager) != side and past > -0.05:
        nearly = (
            state[o + K_DRIFT_CHARGE] > 0.7 or state[o + K_DRIFT_TICKS] < MINI_MIN_TICKS
        )
        short = (
            state[o + K_DRIFT_CHARGE] < 1.0 or state[o + K_DRIFT_TICKS] < MINI_MIN_TICKS
        )
        room = 3.0
        lateral = state[o + K_LATERAL] * side
        edge = at(plan, seg, frac, P_ROAD_LEFT if side > 0.0 else P_ROAD_RIGHT)
        if nearly and short and past < 0.35 and edge - lateral > room:
            return side
        return 0.0
    if past > 0.9:
        return 0.0
    return side


@njit(cache=True)
def straight_ahead(plan: Floats, seg: int, frac: float, v: float, limit: int) -> bool:
    for i in range(1, 9):
        if at_ahead(plan, seg, frac, v * NITRO_STRAIGHT_S * i / 8.0, limit) < NITRO_SPEED:
            return False
    return True


@njit(cache=True)
def boost_buttons(
    state: Floats, o: int, plan: Floats, v: float, before: int, eager: bool
) -> int:
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
