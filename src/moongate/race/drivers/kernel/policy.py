"""How a driver turns what a kart's state says into steering and buttons.

Speed: full throttle until the plan's limit, then the brake. There is nothing between: a person's
pedals have no more either.
"""

from math import sin, sqrt

from moongate.race.sim.layout import (
    BUTTON_BRAKE,
    BUTTON_DRIFT,
    BUTTON_RESCUE,
    BUTTON_THROTTLE,
    H_KARTS,
    H_PHASE,
    HEADER,
    K_BUTTONS,
    K_DRIFT,
    K_FINISH_TICK,
    K_FRAC,
    K_PROGRESS,
    K_SEG,
    K_VX,
    K_VY,
    K_WRONG_WAY,
    KART_STRIDE,
    PHASE_COUNTDOWN,
    STEER_MAX,
)
from moongate.race.sim.tuning import DT

from .boosts import boost_buttons, drift_side
from .jit import Floats, Inputs, njit
from .steering import at_ahead, clip, steer_for_yaw, yaw_for_line
from .tables import (
    M_MODE,
    M_MODE_LEFT,
    M_NOISE,
    M_PHASE_A,
    M_PHASE_B,
    M_STUCK,
    MODE_BRAKE,
    MODE_CHASE,
    MODE_DRIFT,
    MODE_FLAT_OUT,
    MODE_LINE,
    MODE_NOISE,
    MODE_STEER,
    P_DRIFT_LIMIT,
    P_LIMIT,
    Y_BOOST,
    Y_NOISE,
    Y_SHARE,
    Y_TOP,
    Y_WANDER,
    Y_WILD,
)
from .wild import foolish_input, nearest_kart, new_mode, random_share, wild_shift

STUCK_SPEED = 1.5  # m/s
STUCK_TICKS = 45
WRONG_WAY_TICKS = 40


@njit(cache=True)
def _rescue(state: Floats, o: int, memory: Floats, v: float, before: int) -> bool:
    """Whether to ask to be put back on the road."""
    memory[M_STUCK] = memory[M_STUCK] + 1.0 if v < STUCK_SPEED else 0.0
    lost = memory[M_STUCK] > STUCK_TICKS or state[o + K_WRONG_WAY] > WRONG_WAY_TICKS
    if lost and (before & BUTTON_RESCUE) == 0:
        memory[M_STUCK] = 0.0
        return True
    return False


@njit(cache=True)
def _line_turn(
    state: Floats, o: int, plan: Floats, style: Floats, memory: Floats, target: int
) -> float:
    """Steering, left positive −1..1, along the line, with the style's wander and unsteadiness."""
    shift = wild_shift(state, o, plan, memory, target) if style[Y_WILD] > 0.0 else 0.0
    if style[Y_WANDER] > 0.0:
        along = state[o + K_PROGRESS]
        shift += style[Y_WANDER] * 0.6 * sin(along / 31.0 + memory[M_PHASE_A])
        shift += style[Y_WANDER] * 0.4 * sin(along / 13.0 + memory[M_PHASE_B])
    turn = steer_for_yaw(state, o, yaw_for_line(state, o, plan, shift))
    if style[Y_NOISE] > 0.0:
        memory[M_NOISE] += 0.08 * (2.0 * random_share(memory) - 1.0) - 0.04 * memory[M_NOISE]
        turn = clip(turn + style[Y_NOISE] * memory[M_NOISE], 1.0)
    return turn


@njit(cache=True)
def choose(state: Floats, o: int, plan: Floats, style: Floats, memory: Floats) -> tuple[int, int]:
    """Steering (−127..127, right positive) and buttons for the kart at offset ``o``."""
    if state[H_PHASE] == PHASE_COUNTDOWN or state[o + K_FINISH_TICK] > 0.0:
        return 0, BUTTON_THROTTLE if state[H_PHASE] == PHASE_COUNTDOWN else 0
    before = int(state[o + K_BUTTONS])
    vx, vy = state[o + K_VX], state[o + K_VY]
    v = sqrt(vx * vx + vy * vy)
    if _rescue(state, o, memory, v, before):
        return 0, BUTTON_RESCUE | BUTTON_THROTTLE
    mode, target = MODE_LINE, 0
    if style[Y_WILD] > 0.0:
        memory[M_MODE_LEFT] -= 1.0
        if memory[M_MODE_LEFT] < 0.0:
            new_mode(memory)
        mode = int(memory[M_MODE])
        if mode == MODE_CHASE:
            target = nearest_kart(state, o)
        if mode in (MODE_STEER, MODE_DRIFT, MODE_NOISE, MODE_BRAKE):
            return foolish_input(mode, memory, before)

    turn = _line_turn(state, o, plan, style, memory, target)
    buttons = 0
    field = P_LIMIT
    if style[Y_BOOST] > 0.0 and mode in (MODE_LINE, MODE_CHASE):
        eager = style[Y_WILD] > 0.0
        field = P_DRIFT_LIMIT
        side = drift_side(state, o, plan, v, eager)
        if side != 0.0:
            buttons |= BUTTON_DRIFT
            if state[o + K_DRIFT] == 0.0:
                turn = side * max(0.9, turn * side)
        buttons |= boost_buttons(state, o, plan, v, before, eager)
    seg, frac = int(state[o + K_SEG]), state[o + K_FRAC]
    limit = style[Y_SHARE] * at_ahead(plan, seg, frac, 1.5 * v * DT, field)
    if mode == MODE_FLAT_OUT or v <= min(limit, style[Y_TOP]):
        buttons |= BUTTON_THROTTLE
    elif v > limit + 0.1:
        buttons |= BUTTON_BRAKE
    return -round(turn * STEER_MAX), buttons


@njit(cache=True)
def choose_all(
    state: Floats, plan: Floats, styles: Floats, memories: Floats, inputs: Inputs
) -> None:
    """Fills ``inputs`` (steer and buttons a kart) for every kart in the state."""
    for k in range(int(state[H_KARTS])):
        o = HEADER + KART_STRIDE * k
        steer, buttons = choose(state, o, plan, styles[k], memories[k])
        inputs[2 * k] = steer
        inputs[2 * k + 1] = buttons
