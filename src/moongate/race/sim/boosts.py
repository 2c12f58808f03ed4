"""What makes a kart faster for a while: nitro, mini, double, pads, slipstreams."""

from .layout import (
    H_KARTS,
    H_TICK,
    HEADER,
    K_AIR,
    K_DOUBLE_LEFT,
    K_DRAFT,
    K_DRAFT_LEFT,
    K_DRIFT,
    K_HX,
    K_HY,
    K_LATERAL,
    K_MINI_LEFT,
    K_MINI_WINDOW,
    K_NITRO_LEFT,
    K_NITRO_STOCK,
    K_OFF_ROAD,
    K_PAD_LEFT,
    K_SEG,
    K_VX,
    K_VY,
    K_X,
    K_Y,
    K_YAW,
    KART_STRIDE,
    PAD_CODE,
    S_PAD,
    SAMPLE_STRIDE,
    TRACK_HEADER,
)
from .tuning import (
    CAP_BASE,
    CAP_DOUBLE,
    CAP_DRAFT,
    CAP_DRIFT,
    CAP_MINI,
    CAP_NITRO,
    CAP_OFF_ROAD,
    CAP_OFF_ROAD_NITRO,
    CAP_PAD,
    CAP_TURN,
    DOUBLE_ACCELERATION,
    DOUBLE_TICKS,
    DRAFT_ACCELERATION,
    DRAFT_CHARGE,
    DRAFT_FADE,
    DRAFT_FAR,
    DRAFT_MIN_SPEED,
    DRAFT_NEAR,
    DRAFT_SIDE,
    DRAFT_TICKS,
    DT,
    GRIP_LATERAL,
    MINI_ACCELERATION,
    MINI_KICK,
    MINI_TICKS,
    NITRO_ACCELERATION,
    NITRO_TICKS,
    PAD_ACCELERATION,
    PAD_HALF,
    PAD_TICKS,
)

GRIP_UNIT = 1.0 / GRIP_LATERAL
DRAFT_EVERY = 4.0  # ticks between two looks ahead of a kart; each tick a quarter of them looks
DRAFT_UP = DRAFT_CHARGE * DT * DRAFT_EVERY
DRAFT_DOWN = DRAFT_FADE * DT * DRAFT_EVERY


def run_down(state, place):
    """One tick less of what lasts for a while."""
    if state[place] > 0.0:
        state[place] = state[place] - 1.0


def update_boosts(state, o, nitro, mini):
    """Runs the boosts down and fires those asked for; returns the kick in m/s."""
    run_down(state, o + K_DOUBLE_LEFT)
    run_down(state, o + K_PAD_LEFT)
    run_down(state, o + K_DRAFT_LEFT)
    run_down(state, o + K_MINI_LEFT)
    if state[o + K_NITRO_LEFT] > 0.0:
        state[o + K_NITRO_LEFT] = state[o + K_NITRO_LEFT] - 1.0
    elif nitro and state[o + K_NITRO_STOCK] >= 1.0:
        state[o + K_NITRO_STOCK] = state[o + K_NITRO_STOCK] - 1.0
        state[o + K_NITRO_LEFT] = NITRO_TICKS
        if state[o + K_MINI_LEFT] > 0.0:
            state[o + K_DOUBLE_LEFT] = DOUBLE_TICKS
    if state[o + K_MINI_WINDOW] > 0.0:
        state[o + K_MINI_WINDOW] = state[o + K_MINI_WINDOW] - 1.0
        if mini:
            state[o + K_MINI_WINDOW] = 0.0
            state[o + K_MINI_LEFT] = MINI_TICKS
            if state[o + K_NITRO_LEFT] > 0.0:
                state[o + K_DOUBLE_LEFT] = DOUBLE_TICKS
            return MINI_KICK
    return 0.0


def boost_pull(state, o):
    """What the boosts add to the engine's acceleration, m/s²."""
    a = 0.0
    if state[o + K_NITRO_LEFT] > 0.0:
        a = a + NITRO_ACCELERATION
    if state[o + K_MINI_LEFT] > 0.0:
        a = a + MINI_ACCELERATION
    if state[o + K_DOUBLE_LEFT] > 0.0:
        a = a + DOUBLE_ACCELERATION
    if state[o + K_PAD_LEFT] > 0.0:
        a = a + PAD_ACCELERATION
    if state[o + K_DRAFT_LEFT] > 0.0:
        a = a + DRAFT_ACCELERATION
    return a


def speed_cap(state, o, speed):
    """The speed in m/s that the engine can reach now."""
    if state[o + K_OFF_ROAD] > 0.0:
        if state[o + K_NITRO_LEFT] > 0.0:
            return CAP_OFF_ROAD_NITRO
        return CAP_OFF_ROAD
    if state[o + K_DOUBLE_LEFT] > 0.0:
        return CAP_DOUBLE
    if state[o + K_NITRO_LEFT] > 0.0:
        return CAP_NITRO
    if state[o + K_PAD_LEFT] > 0.0:
        return CAP_PAD
    if state[o + K_MINI_LEFT] > 0.0:
        return CAP_MINI
    if state[o + K_DRIFT] != 0.0:
        return CAP_DRIFT
    if state[o + K_DRAFT_LEFT] > 0.0:
        return CAP_DRAFT
    effort = state[o + K_YAW] * speed * GRIP_UNIT
    if effort < 0.0:
        effort = 0.0 - effort
    if effort > 1.0:
        effort = 1.0
    return CAP_BASE - (CAP_BASE - CAP_TURN) * effort


def touch_pad(state, track, o):
    """Starts a pad's push for a kart whose middle runs over one."""
    pad = track[TRACK_HEADER + SAMPLE_STRIDE * int(state[o + K_SEG]) + S_PAD]
    if pad == 0.0 or state[o + K_AIR] > 0.0:
        return
    beside = state[o + K_LATERAL] - (pad - PAD_CODE)
    if beside < PAD_HALF and beside > 0.0 - PAD_HALF:
        state[o + K_PAD_LEFT] = PAD_TICKS


def followed(state, p, n):
    """Whether the kart at offset p runs close behind another, both fast."""
    hx = state[p + K_HX]
    hy = state[p + K_HY]
    if state[p + K_VX] * hx + state[p + K_VY] * hy < DRAFT_MIN_SPEED:
        return 0.0
    for j in range(n):
        q = HEADER + KART_STRIDE * j
        dx = state[q + K_X] - state[p + K_X]
        dy = state[q + K_Y] - state[p + K_Y]
        ahead = dx * hx + dy * hy
        if ahead > DRAFT_NEAR and ahead < DRAFT_FAR:
            beside = dy * hx - dx * hy
            if beside < DRAFT_SIDE and beside > 0.0 - DRAFT_SIDE:
                if state[q + K_VX] * hx + state[q + K_VY] * hy > DRAFT_MIN_SPEED:
                    return 1.0
    return 0.0


def draft_karts(state):
    """Charges the slipstream of karts that follow another closely, a quarter of them a tick."""
    n = int(state[H_KARTS])
    tick = int(state[H_TICK])
    for i in range(n):
        if ((tick + i) & 3) == 0:
            p = HEADER + KART_STRIDE * i
            charge = state[p + K_DRAFT]
            if followed(state, p, n) > 0.0:
                charge = charge + DRAFT_UP
                if charge >= 1.0:
                    charge = 1.0
                    state[p + K_DRAFT_LEFT] = DRAFT_TICKS
            elif charge > 0.0:
                charge = charge - DRAFT_DOWN
                if charge < 0.0:
                    charge = 0.0
            state[p + K_DRAFT] = charge
