"""Height: a kart leaves the ground where the road falls away faster than it does."""

from .course import at, next_sample
from .layout import (
    K_AIR,
    K_FRAC,
    K_H,
    K_MINI_WINDOW,
    K_OFF_ROAD,
    K_SEG,
    K_VH,
    K_VX,
    K_VY,
    S_GRADE,
    S_H,
    S_TX,
    S_TY,
    SAMPLE_STRIDE,
    TRACK_HEADER,
)
from .tuning import AIR_CLEAR, AIR_GRAVITY, DT, LANDING_MIN_TICKS, LANDING_WINDOW_TICKS


def fly(state, track, o):
    """Moves the kart up and down; a landing after a real jump opens the mini-boost window."""
    b = TRACK_HEADER + SAMPLE_STRIDE * int(state[o + K_SEG])
    c = next_sample(track, b)
    u = state[o + K_FRAC]
    ground = at(track, b, c, u, S_H)
    rise = state[o + K_VH] - AIR_GRAVITY * DT
    height = state[o + K_H] + rise * DT
    if height > ground:
        state[o + K_H] = height
        state[o + K_VH] = rise
        if state[o + K_AIR] > 0.0 or height - ground > AIR_CLEAR:
            state[o + K_AIR] = state[o + K_AIR] + 1.0
            state[o + K_OFF_ROAD] = 0.0
        return
    if state[o + K_AIR] >= LANDING_MIN_TICKS:
        state[o + K_MINI_WINDOW] = LANDING_WINDOW_TICKS
    state[o + K_AIR] = 0.0
    state[o + K_H] = ground
    along = state[o + K_VX] * at(track, b, c, u, S_TX) + state[o + K_VY] * at(track, b, c, u, S_TY)
    state[o + K_VH] = at(track, b, c, u, S_GRADE) * along
