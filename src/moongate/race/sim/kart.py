"""Driving: steering and grip, drift, mini-boost, nitro, engine and brakes of one kart."""

from math import sqrt

from .boosts import boost_pull, speed_cap, update_boosts
from .layout import (
    BUTTON_BRAKE,
    BUTTON_DRIFT,
    BUTTON_MINI,
    BUTTON_NITRO,
    BUTTON_RESCUE,
    BUTTON_THROTTLE,
    K_AIR,
    K_BUTTONS,
    K_DOUBLE_LEFT,
    K_DRAFT_LEFT,
    K_DRIFT,
    K_DRIFT_CHARGE,
    K_DRIFT_TICKS,
    K_H,
    K_HX,
    K_HY,
    K_MINI_LEFT,
    K_MINI_WINDOW,
    K_NITRO_GAUGE,
    K_NITRO_LEFT,
    K_NITRO_STOCK,
    K_OFF_ROAD,
    K_PAD_LEFT,
    K_SEG,
    K_SLIP,
    K_VH,
    K_VX,
    K_VY,
    K_X,
    K_Y,
    K_YAW,
    S_GRADE,
    S_H,
    S_TX,
    S_TY,
    S_X,
    S_Y,
    SAMPLE_STRIDE,
    STEER_MAX,
    TRACK_HEADER,
)
from .maths import cos_small, length, limit, sin_small
from .tuning import (
    ACCELERATION,
    ACCELERATION_FLOOR,
    AIR_DRAG,
    AIR_YAW,
    BRAKE,
    CAP_AIR,
    CAP_BASE,
    COAST_DRAG,
    DRIFT_ALIGN,
    DRIFT_DRAG,
    DRIFT_END_SPEED,
    DRIFT_GRACE_TICKS,
    DRIFT_MIN_SPEED,
    DRIFT_MIN_STEER,
    DRIFT_SLIP_END,
    DRIFT_SLIP_MAX,
    DRIFT_YAW,
    DRIFT_YAW_RESPONSE,
    DRIFT_YAW_STEER,
    DT,
    GRAVITY,
    GRIP_ALIGN,
    GRIP_LATERAL,
    GRIP_SLIDE,
    MINI_CHARGE,
    MINI_MIN_TICKS,
    MINI_WINDOW_TICKS,
    NITRO_CHARGE,
    NITRO_STOCK_MAX,
    OFF_ROAD_DRAG,
    OVERSPEED_DRAG,
    REVERSE_ACCELERATION,
    REVERSE_CAP,
    ROLLING_DRAG,
    SLIDE_SCRUB,
    STANDSTILL,
    YAW_MAX,
    YAW_PIVOT,
    YAW_RESPONSE,
)

# Reciprocals: a product is several times faster than a quotient.
STEER_UNIT = 1.0 / STEER_MAX
PIVOT_UNIT = 1.0 / YAW_PIVOT
TICKS_PER_S = 1.0 / DT
SLOW = 0.5  # m/s, below which a velocity has no direction worth the name
NITRO_UNIT = NITRO_CHARGE * DT / CAP_BASE  # bottles a tick, per m/s at full slip


def end_drift(state, o, rewarded):
    """Ends the drift; a rewarded one that was long and deep enough opens the mini-boost window."""
    if rewarded and state[o + K_DRIFT_TICKS] >= MINI_MIN_TICKS and state[o + K_DRIFT_CHARGE] >= 1.0:
        state[o + K_MINI_WINDOW] = MINI_WINDOW_TICKS
    state[o + K_DRIFT] = 0.0
    state[o + K_DRIFT_TICKS] = 0.0
    state[o + K_DRIFT_CHARGE] = 0.0


def rescue(state, track, o):
    """Stands the kart still on the centreline where it is, facing forwards."""
    b = TRACK_HEADER + SAMPLE_STRIDE * int(state[o + K_SEG])
    state[o + K_X] = track[b + S_X]
    state[o + K_Y] = track[b + S_Y]
    state[o + K_HX] = track[b + S_TX]
    state[o + K_HY] = track[b + S_TY]
    state[o + K_VX] = 0.0
    state[o + K_VY] = 0.0
    state[o + K_YAW] = 0.0
    state[o + K_NITRO_LEFT] = 0.0
    state[o + K_MINI_LEFT] = 0.0
    state[o + K_DOUBLE_LEFT] = 0.0
    state[o + K_PAD_LEFT] = 0.0
    state[o + K_DRAFT_LEFT] = 0.0
    state[o + K_H] = track[b + S_H]
    state[o + K_VH] = 0.0
    state[o + K_AIR] = 0.0
    end_drift(state, o, False)


def update_drift(state, o, turn, drifting, forward, slip):
    """Begins, feeds and ends the drift; charges the mini-boost and the nitro."""
    side = state[o + K_DRIFT]
    if side == 0.0:
        if drifting and forward > DRIFT_MIN_SPEED:
            if turn >= DRIFT_MIN_STEER:
                state[o + K_DRIFT] = 1.0
            if turn <= 0.0 - DRIFT_MIN_STEER:
                state[o + K_DRIFT] = -1.0
        return
    depth = slip * side
    if depth > 0.0:
        charge = state[o + K_DRIFT_CHARGE] + MINI_CHARGE * depth * DT
        if charge > 1.0:
            charge = 1.0
        state[o + K_DRIFT_CHARGE] = charge
        gauge = state[o + K_NITRO_GAUGE] + depth * forward * NITRO_UNIT
        if gauge >= 1.0:
            if state[o + K_NITRO_STOCK] < NITRO_STOCK_MAX:
                state[o + K_NITRO_STOCK] = state[o + K_NITRO_STOCK] + 1.0
                gauge = gauge - 1.0
            else:
                gauge = 1.0
        state[o + K_NITRO_GAUGE] = gauge
    state[o + K_DRIFT_TICKS] = state[o + K_DRIFT_TICKS] + 1.0
    if forward < DRIFT_END_SPEED:
        end_drift(state, o, False)
    elif not drifting:
        end_drift(state, o, True)
    elif state[o + K_DRIFT_TICKS] > DRIFT_GRACE_TICKS and depth < DRIFT_SLIP_END:
        end_drift(state, o, True)


def yaw_rate(state, o, turn, forward, speed, pace, slip):
    """The kart's new yaw rate, rad/s, left positive."""
    yaw = state[o + K_YAW]
    side = state[o + K_DRIFT]
    if side != 0.0:
        target = side * (DRIFT_YAW + DRIFT_YAW_STEER * turn * side)
        if slip * side > DRIFT_SLIP_MAX and target * side > DRIFT_ALIGN * DRIFT_SLIP_MAX:
            target = side * DRIFT_ALIGN * DRIFT_SLIP_MAX
        return yaw + (target - yaw) * DRIFT_YAW_RESPONSE * DT
    # The tyres hold GRIP_LATERAL = speed * yaw at most.
    most = YAW_MAX
    if speed * YAW_MAX > GRIP_LATERAL:
        most = GRIP_LATERAL * pace
    if speed < YAW_PIVOT:
        most = most * speed * PIVOT_UNIT
    target = turn * most
    if forward < 0.0:
        target = 0.0 - target
    return yaw + (target - yaw) * YAW_RESPONSE * DT


def pull(state, o, buttons, forward, speed, cap):
    """Acceleration along the heading in m/s² from engine, boosts, brakes and rolling."""
    a = 0.0
    if (buttons & BUTTON_BRAKE) != 0:
        if forward > STANDSTILL:
            a = a - BRAKE
        elif forward > 0.0 - REVERSE_CAP:
            a = a - REVERSE_ACCELERATION
    elif (buttons & BUTTON_THROTTLE) != 0:
        # a = ACCELERATION * (1 - (1 - floor) * speed / cap), floor at the cap.
        share = 1.0 - (1.0 - ACCELERATION_FLOOR) * speed / cap
        if share < ACCELERATION_FLOOR:
            share = ACCELERATION_FLOOR
        a = a + ACCELERATION * share
    else:
        drag = COAST_DRAG * forward
        a = a - drag - limit(forward * TICKS_PER_S - drag, ROLLING_DRAG)
    return a + boost_pull(state, o)


def rotate(state, o, yaw):
    """Turns the heading by yaw * dt, then one Newton step back to unit length."""
    hx = state[o + K_HX]
    hy = state[o + K_HY]
    sine = sin_small(yaw * DT)
    cosine = cos_small(yaw * DT)
    rx = hx * cosine - hy * sine
    ry = hx * sine + hy * cosine
    unit = 1.5 - 0.5 * (rx * rx + ry * ry)
    state[o + K_HX] = rx * unit
    state[o + K_HY] = ry * unit


def glide(state, o, turn):
    """One tick off the ground: the kart turns in the air, and flies where it flew."""
    yaw = state[o + K_YAW]
    yaw = yaw + (turn * AIR_YAW - yaw) * YAW_RESPONSE * DT
    state[o + K_YAW] = yaw
    rotate(state, o, yaw)
    vx = state[o + K_VX]
    vy = state[o + K_VY]
    speed = length(vx, vy)
    lost = AIR_DRAG * DT
    if speed > CAP_AIR:
        lost = OVERSPEED_DRAG * DT
    if speed > lost:
        share = 1.0 - lost / speed
        vx = vx * share
        vy = vy * share
    state[o + K_VX] = vx
    state[o + K_VY] = vy
    state[o + K_X] = state[o + K_X] + vx * DT
    state[o + K_Y] = state[o + K_Y] + vy * DT


def drive(state, track, o, steer, buttons):
    """One tick of driving for the kart at offset o: new heading, velocity and position."""
    before = int(state[o + K_BUTTONS])
    state[o + K_BUTTONS] = buttons
    if (buttons & BUTTON_RESCUE) != 0 and (before & BUTTON_RESCUE) == 0:
        rescue(state, track, o)
    turn = (0.0 - steer) * STEER_UNIT
    kick = update_boosts(
        state,
        o,
        (buttons & BUTTON_NITRO) != 0 and (before & BUTTON_NITRO) == 0,
        (buttons & BUTTON_MINI) != 0 and (before & BUTTON_MINI) == 0,
    )
    if state[o + K_AIR] > 0.0:
        glide(state, o, turn)
        return
    hx = state[o + K_HX]
    hy = state[o + K_HY]
    vx = state[o + K_VX]
    vy = state[o + K_VY]
    forward = vx * hx + vy * hy
    speed = length(vx, vy)
    pace = 0.0  # s/m
    if speed > SLOW:
        pace = 1.0 / speed
    slip = (vx * hy - vy * hx) * pace
    state[o + K_SLIP] = slip

    update_drift(state, o, turn, (buttons & BUTTON_DRIFT) != 0, forward, slip)

    yaw = yaw_rate(state, o, turn, forward, speed, pace, slip)
    state[o + K_YAW] = yaw
    rotate(state, o, yaw)
    hx = state[o + K_HX]
    hy = state[o + K_HY]

    # Tyres: turn the velocity towards the heading by angle `bend`, to second order.
    forward = vx * hx + vy * hy
    sideways = vy * hx - vx * hy
    drifting = state[o + K_DRIFT] != 0.0
    kept = 1.0
    if drifting:
        taken = DRIFT_ALIGN * DT * sideways
    else:
        wanted = GRIP_ALIGN * DT * sideways
        taken = limit(wanted, GRIP_SLIDE * DT)
        if taken != wanted:
            kept = 1.0 - SLIDE_SCRUB
    bend = taken * pace
    if forward < 0.0:
        bend = 0.0 - bend
    sunk = 0.5 * bend * bend
    forward = forward + (sideways * bend - forward * sunk) * kept
    sideways = sideways - taken - sideways * sunk

    cap = speed_cap(state, o, speed)
    b = TRACK_HEADER + SAMPLE_STRIDE * int(state[o + K_SEG])
    climb = track[b + S_GRADE] * (hx * track[b + S_TX] + hy * track[b + S_TY])
    a = pull(state, o, buttons, forward, speed, cap) - GRAVITY * climb
    forward = forward + a * DT + kick

    # Nothing may push beyond the cap; what is above it wears off.
    drag = OVERSPEED_DRAG
    if state[o + K_OFF_ROAD] > 0.0:
        drag = OFF_ROAD_DRAG
    allowed = speed - drag * DT
    if allowed < cap:
        allowed = cap
    square = forward * forward + sideways * sideways
    if drifting or square > allowed * allowed:
        faster = sqrt(square)
        if drifting:
            lost = DRIFT_DRAG * DT * slip
            if lost < 0.0:
                lost = 0.0 - lost
            if faster - lost < allowed:
                allowed = faster - lost
        if faster > allowed and allowed > 0.0:
            share = allowed / faster
            forward = forward * share
            sideways = sideways * share

    vx = hx * forward - hy * sideways
    vy = hy * forward + hx * sideways
    state[o + K_VX] = vx
    state[o + K_VY] = vy
    state[o + K_X] = state[o + K_X] + vx * DT
    state[o + K_Y] = state[o + K_Y] + vy * DT
