"""What a wild driver does now and then: leaves the road, rams, slides, mashes the buttons."""

from moongate.race.sim.layout import (
    BUTTON_BRAKE,
    BUTTON_DRIFT,
    BUTTON_RESCUE,
    BUTTON_THROTTLE,
    H_KARTS,
    HEADER,
    INPUT_STRIDE,
    K_LATERAL,
    K_PROGRESS,
    KART_STRIDE,
    STEER_MAX,
)

from .numbers import random_share, size
from .steering import place_of, plan_at
from .tables import (
    M_MODE,
    M_MODE_LEFT,
    M_MODE_VALUE,
    MEMORY,
    MODE_BRAKE,
    MODE_CHASE,
    MODE_DRIFT,
    MODE_FLAT_OUT,
    MODE_LINE,
    MODE_NOISE,
    MODE_OFFSET,
    MODE_STEER,
    P_OFFSET,
    P_ROAD_LEFT,
    P_ROAD_RIGHT,
)

RESCUE_SHARE = 0.004  # of the ticks of noise
DRIVING_BUTTONS = 31  # all but the rescue


def new_mode(memories, m):
    """Draws what a wild driver does next, and for how long."""
    if memories[m + M_MODE] != MODE_LINE:
        memories[m + M_MODE] = MODE_LINE
        memories[m + M_MODE_LEFT] = 40.0 + 200.0 * random_share(memories, m)
        return
    draw = random_share(memories, m)
    memories[m + M_MODE_VALUE] = 2.0 * random_share(memories, m) - 1.0
    left = 10.0 + 80.0 * random_share(memories, m)
    mode = MODE_BRAKE
    if draw < 0.30:
        mode = MODE_CHASE
        left = left + 100.0
    elif draw < 0.50:
        mode = MODE_OFFSET
        left = left + 60.0
    elif draw < 0.64:
        mode = MODE_DRIFT
    elif draw < 0.76:
        mode = MODE_STEER
    elif draw < 0.84:
        mode = MODE_NOISE
    elif draw < 0.92:
        mode = MODE_FLAT_OUT
    else:
        left = left * 0.5
    memories[m + M_MODE] = mode
    memories[m + M_MODE_LEFT] = left


def nearest_kart(state, o):
    """Offset of the nearest other kart, or 0 for none."""
    best = 1e18
    found = 0
    for k in range(int(state[H_KARTS])):
        p = HEADER + KART_STRIDE * k
        if p != o:
            apart = size(state[p + K_PROGRESS] - state[o + K_PROGRESS])
            if apart < best:
                best = apart
                found = p
    return found


def wild_shift(state, o, plan, memories, m):
    """Metres off the line that the mode asks for."""
    mode = memories[m + M_MODE]
    place = place_of(state, o)
    if mode == MODE_OFFSET:
        value = memories[m + M_MODE_VALUE]
        edge = plan_at(plan, place, P_ROAD_RIGHT)
        if value > 0.0:
            edge = plan_at(plan, place, P_ROAD_LEFT)
        # Beyond the road's edges too.
        return value * (edge + 3.0) - plan_at(plan, place, P_OFFSET)
    if mode == MODE_CHASE:
        target = nearest_kart(state, o)
        if target > 0:
            return state[target + K_LATERAL] - plan_at(plan, place, P_OFFSET)
    return 0.0


def is_foolish(memories, m):
    """Whether the mode is one that does not follow the line at all."""
    mode = memories[m + M_MODE]
    if mode == MODE_STEER or mode == MODE_DRIFT:
        return True
    return mode == MODE_NOISE or mode == MODE_BRAKE


def foolish_input(memories, inputs, k, before):
    """What a wild driver does instead of driving."""
    m = MEMORY * k
    mode = memories[m + M_MODE]
    steer = int(memories[m + M_MODE_VALUE] * STEER_MAX)
    buttons = BUTTON_THROTTLE
    if mode == MODE_DRIFT:
        buttons = BUTTON_THROTTLE + BUTTON_DRIFT
    if mode == MODE_BRAKE:
        steer = int(steer / 4.0)
        buttons = BUTTON_BRAKE
    if mode == MODE_NOISE:
        buttons = int(random_share(memories, m) * 32.0)
        # Edges matter: half of the ticks keep what was held, and a rescue is rare.
        if random_share(memories, m) < 0.5:
            buttons = before & DRIVING_BUTTONS
        if random_share(memories, m) < RESCUE_SHARE:
            buttons = buttons + BUTTON_RESCUE
        steer = int((2.0 * random_share(memories, m) - 1.0) * STEER_MAX)
    inputs[INPUT_STRIDE * k] = steer
    inputs[INPUT_STRIDE * k + 1] = buttons
