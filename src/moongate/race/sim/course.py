"""Where a kart is on the track: sample, offset from the centreline, checkpoints, laps."""

from .layout import (
    H_COUNTDOWN,
    H_FINISHED,
    H_LAPS,
    H_TICK,
    K_BEST_LAP,
    K_FINISH_FRAC,
    K_FINISH_TICK,
    K_FRAC,
    K_LAP,
    K_LAP_START,
    K_LAST_LAP,
    K_LATERAL,
    K_NEXT_CP,
    K_OFF_ROAD,
    K_PROGRESS,
    K_SEG,
    K_VX,
    K_VY,
    K_WRONG_WAY,
    K_X,
    K_Y,
    S_ROAD_LEFT,
    S_ROAD_RIGHT,
    S_TX,
    S_TY,
    S_X,
    S_Y,
    SAMPLE_STRIDE,
    T_CHECKPOINTS,
    T_DS,
    T_LENGTH,
    T_N,
    TRACK_HEADER,
)
from .tuning import DT, WRONG_WAY_SPEED

LOCATE_STEPS = 16  # samples a kart may move in one tick, above any speed it can reach


def ahead_of(track, b, x, y):
    """Metres from the plane across the track at the sample at offset b to (x, y), forwards."""
    return (x - track[b + S_X]) * track[b + S_TX] + (y - track[b + S_Y]) * track[b + S_TY]


def at(track, b, c, u, field):
    """A sample field between the samples at offsets b and c, u of the way."""
    return track[b + field] + (track[c + field] - track[b + field]) * u


def next_sample(track, b):
    """Offset of the sample after the one at offset b."""
    c = b + SAMPLE_STRIDE
    if c == TRACK_HEADER + SAMPLE_STRIDE * int(track[T_N]):
        return TRACK_HEADER
    return c


def pass_sample(state, track, o, seg, beyond):
    """Counts a checkpoint or lap when sample seg was passed, beyond metres ago."""
    cp = state[o + K_NEXT_CP]
    if seg != int(cp * track[T_N] / track[T_CHECKPOINTS]):
        return
    if cp > 0.0:
        cp = cp + 1.0
        if cp >= track[T_CHECKPOINTS]:
            cp = 0.0
        state[o + K_NEXT_CP] = cp
        return
    state[o + K_NEXT_CP] = 1.0
    if state[o + K_FINISH_TICK] > 0.0:
        return
    now = state[H_TICK] - state[H_COUNTDOWN] + 1.0
    lap_ticks = now - state[o + K_LAP_START]
    state[o + K_LAST_LAP] = lap_ticks
    if state[o + K_BEST_LAP] <= 0.0 or lap_ticks < state[o + K_BEST_LAP]:
        state[o + K_BEST_LAP] = lap_ticks
    state[o + K_LAP_START] = now
    state[o + K_LAP] = state[o + K_LAP] + 1.0
    if state[o + K_LAP] >= state[H_LAPS]:
        b = TRACK_HEADER + SAMPLE_STRIDE * seg
        along = (state[o + K_VX] * track[b + S_TX] + state[o + K_VY] * track[b + S_TY]) * DT
        part = 1.0
        if along > beyond:
            part = 1.0 - beyond / along
        state[o + K_FINISH_TICK] = now
        state[o + K_FINISH_FRAC] = part
        state[H_FINISHED] = state[H_FINISHED] + 1.0


def locate(state, track, o):
    """Brings the kart's place on the track up to its X and Y."""
    n = int(track[T_N])
    x = state[o + K_X]
    y = state[o + K_Y]
    seg = int(state[o + K_SEG])
    steps = 0
    b = TRACK_HEADER + SAMPLE_STRIDE * seg
    behind = ahead_of(track, b, x, y)
    while behind < 0.0 and steps < LOCATE_STEPS:
        seg = seg - 1
        if seg < 0:
            seg = n - 1
        b = TRACK_HEADER + SAMPLE_STRIDE * seg
        behind = ahead_of(track, b, x, y)
        steps = steps + 1
    c = next_sample(track, b)
    before = ahead_of(track, c, x, y)
    while before >= 0.0 and steps < LOCATE_STEPS:
        seg = seg + 1
        if seg == n:
            seg = 0
        pass_sample(state, track, o, seg, before)
        b = c
        behind = before
        c = next_sample(track, b)
        before = ahead_of(track, c, x, y)
        steps = steps + 1
    u = 0.0
    if behind - before > 1e-9:
        u = behind / (behind - before)
    if u < 0.0:
        u = 0.0
    if u > 1.0:
        u = 1.0
    tx = at(track, b, c, u, S_TX)
    ty = at(track, b, c, u, S_TY)
    lateral = (y - at(track, b, c, u, S_Y)) * tx - (x - at(track, b, c, u, S_X)) * ty
    state[o + K_SEG] = seg
    state[o + K_FRAC] = u
    state[o + K_LATERAL] = lateral
    off = 0.0
    if lateral > at(track, b, c, u, S_ROAD_LEFT):
        off = 1.0
    if 0.0 - lateral > at(track, b, c, u, S_ROAD_RIGHT):
        off = 1.0
    state[o + K_OFF_ROAD] = off
    if state[o + K_VX] * tx + state[o + K_VY] * ty < 0.0 - WRONG_WAY_SPEED:
        state[o + K_WRONG_WAY] = state[o + K_WRONG_WAY] + 1.0
    else:
        state[o + K_WRONG_WAY] = 0.0
    along = (seg + u) * track[T_DS]
    # A kart on the grid, or one that reversed over the line, is behind it.
    if state[o + K_NEXT_CP] == 1.0 and along * 2.0 > track[T_LENGTH]:
        along = along - track[T_LENGTH]
    state[o + K_PROGRESS] = state[o + K_LAP] * track[T_LENGTH] + along
