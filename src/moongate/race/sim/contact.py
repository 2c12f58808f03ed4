"""Bodies that touch: a kart and a wall, two karts."""

from math import sqrt

from .course import at, next_sample
from .kart import end_drift
from .layout import (
    H_KARTS,
    HEADER,
    K_CONTACT,
    K_FRAC,
    K_HX,
    K_HY,
    K_LATERAL,
    K_SEG,
    K_VX,
    K_VY,
    K_WALL,
    K_X,
    K_Y,
    KART_STRIDE,
    S_TX,
    S_TY,
    S_WALL_LEFT,
    S_WALL_RIGHT,
    SAMPLE_STRIDE,
    TRACK_HEADER,
)
from .maths import limit
from .tuning import (
    CONTACT_BOUNCE,
    DT,
    KART_RADIUS,
    WALL_BOUNCE,
    WALL_DRIFT_END,
    WALL_FRICTION,
    WALL_SCRAPE,
    WALL_TURN,
)


def touch_wall(state, track, o):
    """Keeps the kart inside the walls: bounce, friction, and a nudge along the wall."""
    state[o + K_WALL] = 0.0
    b = TRACK_HEADER + SAMPLE_STRIDE * int(state[o + K_SEG])
    c = next_sample(track, b)
    u = state[o + K_FRAC]
    lateral = state[o + K_LATERAL]
    side = 1.0
    deep = lateral - at(track, b, c, u, S_WALL_LEFT) + KART_RADIUS
    if deep <= 0.0:
        side = -1.0
        deep = 0.0 - lateral - at(track, b, c, u, S_WALL_RIGHT) + KART_RADIUS
    if deep <= 0.0:
        return
    tx = at(track, b, c, u, S_TX)
    ty = at(track, b, c, u, S_TY)
    # One Newton step to unit length: samples are close, so the sum is nearly there.
    unit = 1.5 - 0.5 * (tx * tx + ty * ty)
    tx = tx * unit
    ty = ty * unit
    # The normal points into the wall.
    nx = 0.0 - ty * side
    ny = tx * side
    state[o + K_X] = state[o + K_X] - nx * deep
    state[o + K_Y] = state[o + K_Y] - ny * deep
    state[o + K_LATERAL] = lateral - side * deep
    into = state[o + K_VX] * nx + state[o + K_VY] * ny
    if into <= 0.0:
        return
    along = state[o + K_VX] * tx + state[o + K_VY] * ty
    along = along - limit(along, WALL_FRICTION * into + WALL_SCRAPE * DT)
    back = 0.0 - WALL_BOUNCE * into
    state[o + K_VX] = tx * along + nx * back
    state[o + K_VY] = ty * along + ny * back
    state[o + K_WALL] = into
    if into > WALL_DRIFT_END:
        end_drift(state, o, False)
    facing = state[o + K_HX] * nx + state[o + K_HY] * ny
    if facing > 0.0:
        hx = state[o + K_HX] - nx * facing * WALL_TURN
        hy = state[o + K_HY] - ny * facing * WALL_TURN
        unit = 1.5 - 0.5 * (hx * hx + hy * hy)
        state[o + K_HX] = hx * unit
        state[o + K_HY] = hy * unit


def touch_karts(state):
    """Pushes overlapping karts apart and exchanges their speed along the line between them."""
    n = int(state[H_KARTS])
    for i in range(n):
        state[HEADER + KART_STRIDE * i + K_CONTACT] = 0.0
    for i in range(n):
        p = HEADER + KART_STRIDE * i
        for j in range(i + 1, n):
            q = HEADER + KART_STRIDE * j
            dx = state[q + K_X] - state[p + K_X]
            dy = state[q + K_Y] - state[p + K_Y]
            apart = dx * dx + dy * dy
            if apart < 4.0 * KART_RADIUS * KART_RADIUS:
                apart = sqrt(apart)
                nx = 1.0
                ny = 0.0
                if apart > 1e-6:
                    nx = dx / apart
                    ny = dy / apart
                push = KART_RADIUS - apart / 2.0
                state[p + K_X] = state[p + K_X] - nx * push
                state[p + K_Y] = state[p + K_Y] - ny * push
                state[q + K_X] = state[q + K_X] + nx * push
                state[q + K_Y] = state[q + K_Y] + ny * push
                closing = (state[p + K_VX] - state[q + K_VX]) * nx
                closing = closing + (state[p + K_VY] - state[q + K_VY]) * ny
                if closing > 0.0:
                    each = (1.0 + CONTACT_BOUNCE) * closing / 2.0
                    state[p + K_VX] = state[p + K_VX] - nx * each
                    state[p + K_VY] = state[p + K_VY] - ny * each
                    state[q + K_VX] = state[q + K_VX] + nx * each
                    state[q + K_VY] = state[q + K_VY] + ny * each
                    if closing > state[p + K_CONTACT]:
                        state[p + K_CONTACT] = closing
                    if closing > state[q + K_CONTACT]:
                        state[q + K_CONTACT] = closing
