"""A race: the grid, the countdown, one tick for everybody, the finish."""

from .boosts import draft_karts, touch_pad
from .contact import touch_karts, touch_wall
from .course import at, locate, next_sample
from .flight import fly
from .kart import drive
from .layout import (
    H_COUNTDOWN,
    H_FINISHED,
    H_KARTS,
    H_LAPS,
    H_PHASE,
    H_TICK,
    HEADER,
    INPUT_STRIDE,
    K_BUTTONS,
    K_FINISH_TICK,
    K_H,
    K_HX,
    K_HY,
    K_MINI_WINDOW,
    K_NEXT_CP,
    K_SEG,
    K_X,
    K_Y,
    KART_STRIDE,
    PHASE_COUNTDOWN,
    PHASE_FINISHED,
    PHASE_RACING,
    S_H,
    S_TX,
    S_TY,
    S_X,
    S_Y,
    SAMPLE_STRIDE,
    STEER_MAX,
    T_DS,
    T_LENGTH,
    TRACK_HEADER,
)
from .maths import length
from .tuning import COUNTDOWN_TICKS, GRID_FIRST, GRID_GAP, GRID_SIDE, START_WINDOW_TICKS


def init_race(state, track, n_karts, laps):
    """Fills the state: n_karts on the grid behind the line, laps to drive."""
    for i in range(HEADER + KART_STRIDE * n_karts):
        state[i] = 0.0
    state[H_PHASE] = PHASE_COUNTDOWN
    state[H_KARTS] = n_karts
    state[H_LAPS] = laps
    state[H_COUNTDOWN] = COUNTDOWN_TICKS
    side = 1.0
    for k in range(n_karts):
        o = HEADER + KART_STRIDE * k
        place = (track[T_LENGTH] - GRID_FIRST - GRID_GAP * k) / track[T_DS]
        seg = int(place)
        u = place - seg
        b = TRACK_HEADER + SAMPLE_STRIDE * seg
        c = next_sample(track, b)
        tx = at(track, b, c, u, S_TX)
        ty = at(track, b, c, u, S_TY)
        unit = length(tx, ty)
        state[o + K_HX] = tx / unit
        state[o + K_HY] = ty / unit
        state[o + K_X] = at(track, b, c, u, S_X) - ty / unit * side * GRID_SIDE
        state[o + K_Y] = at(track, b, c, u, S_Y) + tx / unit * side * GRID_SIDE
        state[o + K_H] = at(track, b, c, u, S_H)
        state[o + K_SEG] = seg
        state[o + K_NEXT_CP] = 1.0
        side = 0.0 - side
        locate(state, track, o)


def step(state, track, inputs):
    """One tick of 1/60 s for every kart, in their fixed order."""
    n = int(state[H_KARTS])
    if state[H_PHASE] == PHASE_COUNTDOWN and state[H_TICK] >= state[H_COUNTDOWN]:
        state[H_PHASE] = PHASE_RACING
        for k in range(n):
            state[HEADER + KART_STRIDE * k + K_MINI_WINDOW] = START_WINDOW_TICKS
    if state[H_PHASE] == PHASE_COUNTDOWN:
        # Remembered, so that a button held down since the countdown fires nothing.
        for k in range(n):
            state[HEADER + KART_STRIDE * k + K_BUTTONS] = inputs[INPUT_STRIDE * k + 1]
    else:
        for k in range(n):
            o = HEADER + KART_STRIDE * k
            steer = inputs[INPUT_STRIDE * k]
            if steer > STEER_MAX:
                steer = STEER_MAX
            if steer < 0 - STEER_MAX:
                steer = 0 - STEER_MAX
            buttons = inputs[INPUT_STRIDE * k + 1]
            if state[o + K_FINISH_TICK] > 0.0:
                buttons = 0
            drive(state, track, o, steer, buttons)
            locate(state, track, o)
            touch_wall(state, track, o)
            fly(state, track, o)
            touch_pad(state, track, o)
        touch_karts(state)
        draft_karts(state)
    state[H_TICK] = state[H_TICK] + 1.0
    if state[H_PHASE] == PHASE_RACING and state[H_FINISHED] >= state[H_KARTS]:
        state[H_PHASE] = PHASE_FINISHED
