"""How a driver turns what a kart's state says into steering and buttons.

Speed: full throttle until the plan's limit, then the brake. There is nothing between: a person's
pedals have no more either.
"""

from moongate.race.sim.layout import (
    BUTTON_BRAKE,
    BUTTON_DRIFT,
    BUTTON_RESCUE,
    BUTTON_THROTTLE,
    H_KARTS,
    H_PHASE,
    HEADER,
    INPUT_STRIDE,
    K_BUTTONS,
    K_DRIFT,
    K_FINISH_TICK,
    K_PROGRESS,
    K_VX,
    K_VY,
    K_WRONG_WAY,
    KART_STRIDE,
    PHASE_COUNTDOWN,
    STEER_MAX,
)
from moongate.race.sim.maths import length, limit
from moongate.race.sim.tuning import DT

from .boosts import boost_buttons, drift_side
from .numbers import larger, random_share, smaller, wave
from .steering import place_ahead, place_of, plan_at, steer_for_yaw, yaw_for_line
from .tables import (
    M_MODE,
    M_MODE_LEFT,
    M_NOISE,
    M_PHASE_A,
    M_PHASE_B,
    M_STUCK,
    MEMORY,
    MODE_CHASE,
    MODE_FLAT_OUT,
    MODE_LINE,
    P_DRIFT_LIMIT,
    P_LIMIT,
    STYLE,
    Y_BOOST,
    Y_NOISE,
    Y_SHARE,
    Y_TOP,
    Y_WANDER,
    Y_WILD,
)
from .traffic import make_room
from .wild import foolish_input, is_foolish, new_mode, wild_shift

STUCK_SPEED = 1.5  # m/s
STUCK_TICKS = 45
WRONG_WAY_TICKS = 40
WANDER_LONG_M = 195.0  # m, the two periods of a wander across the road
WANDER_SHORT_M = 82.0


def asks_rescue(state, o, memories, m, v, before):
    """Whether to ask to be put back on the road."""
    if v < STUCK_SPEED:
        memories[m + M_STUCK] = memories[m + M_STUCK] + 1.0
    else:
        memories[m + M_STUCK] = 0.0
    lost = memories[m + M_STUCK] > STUCK_TICKS or state[o + K_WRONG_WAY] > WRONG_WAY_TICKS
    if lost and (before & BUTTON_RESCUE) == 0:
        memories[m + M_STUCK] = 0.0
        return True
    return False


def line_turn(state, o, plan, styles, y, memories, m):
    """Steering, left positive −1..1, along the line, with the style's wander and unsteadiness."""
    if styles[y + Y_WILD] > 0.0:
        shift = wild_shift(state, o, plan, memories, m)
    else:
        shift = make_room(state, o, plan, memories, m)
    wander = styles[y + Y_WANDER]
    if wander > 0.0:
        along = state[o + K_PROGRESS]
        shift = shift + wander * 0.6 * wave(along / WANDER_LONG_M + memories[m + M_PHASE_A])
        shift = shift + wander * 0.4 * wave(along / WANDER_SHORT_M + memories[m + M_PHASE_B])
    turn = steer_for_yaw(state, o, yaw_for_line(state, o, plan, shift))
    if styles[y + Y_NOISE] > 0.0:
        noise = memories[m + M_NOISE]
        noise = noise + 0.08 * (2.0 * random_share(memories, m) - 1.0) - 0.04 * noise
        memories[m + M_NOISE] = noise
        turn = limit(turn + styles[y + Y_NOISE] * noise, 1.0)
    return turn


def whole_steer(turn):
    """Steering as the whole number the simulation takes, right positive."""
    return int(STEER_MAX * (1.0 - turn) + 0.5) - STEER_MAX


def pedals(state, o, plan, styles, y, v, mode, field):
    """Throttle or brake, by the plan's limit a little ahead."""
    ahead = place_ahead(plan, place_of(state, o), 1.5 * v * DT)
    most = styles[y + Y_SHARE] * plan_at(plan, ahead, field)
    if mode == MODE_FLAT_OUT or v <= smaller(most, styles[y + Y_TOP]):
        return BUTTON_THROTTLE
    if v > most + 0.1:
        return BUTTON_BRAKE
    return 0


def choose(state, plan, styles, memories, inputs, k):
    """Writes steer (−127..127, right positive) and buttons of kart k into the inputs."""
    o = HEADER + KART_STRIDE * k
    y = STYLE * k
    m = MEMORY * k
    i = INPUT_STRIDE * k
    inputs[i] = 0
    inputs[i + 1] = 0
    if state[H_PHASE] == PHASE_COUNTDOWN:
        inputs[i + 1] = BUTTON_THROTTLE
        return
    if state[o + K_FINISH_TICK] > 0.0:
        inputs[i] = whole_steer(line_turn(state, o, plan, styles, y, memories, m))
        return
    before = int(state[o + K_BUTTONS])
    v = length(state[o + K_VX], state[o + K_VY])
    if asks_rescue(state, o, memories, m, v, before):
        inputs[i + 1] = BUTTON_RESCUE + BUTTON_THROTTLE
        return
    mode = MODE_LINE
    eager = styles[y + Y_WILD] > 0.0
    if eager:
        memories[m + M_MODE_LEFT] = memories[m + M_MODE_LEFT] - 1.0
        if memories[m + M_MODE_LEFT] < 0.0:
            new_mode(memories, m)
        mode = int(memories[m + M_MODE])
        if is_foolish(memories, m):
            foolish_input(memories, inputs, k, before)
            return
    turn = line_turn(state, o, plan, styles, y, memories, m)
    buttons = 0
    field = P_LIMIT
    if styles[y + Y_BOOST] > 0.0 and (mode == MODE_LINE or mode == MODE_CHASE):
        field = P_DRIFT_LIMIT
        side = drift_side(state, o, plan, v, eager)
        if side != 0.0:
            buttons = BUTTON_DRIFT
            if state[o + K_DRIFT] == 0.0:
                turn = side * larger(0.9, turn * side)
        buttons = buttons + boost_buttons(state, o, plan, v, before, eager)
    inputs[i] = whole_steer(turn)
    inputs[i + 1] = buttons + pedals(state, o, plan, styles, y, v, mode, field)


def choose_all(state, plan, styles, memories, inputs):
    """Fills the inputs of every kart in the state."""
    for k in range(int(state[H_KARTS])):
        choose(state, plan, styles, memories, inputs, k)
