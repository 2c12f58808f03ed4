"""How a driver steers: along the line while the tyres grip, and in a drift.

Close to the line a gripping kart is a chain of lags: yaw follows the steering at
``YAW_RESPONSE`` (b), the velocity follows the heading at ``GRIP_ALIGN`` (a). With the distance from
the line e, the velocity's angle θ and the heading's angle ψ to it, and the yaw rate r,

    e' = v θ      θ' = a (ψ − θ)      ψ' = r      r' = b (u − r)

where each stands for its difference from the reference that follows the line exactly. The gains

    u = −(ω² e / v + (ω²/a) θ + (2ζω + ω²/b) ψ + (2ζω/b) r)

leave the two lags as they are and give the rest the poles of ``s² + 2ζω s + ω²``; the reference's
own u is ``v κ`` one 1/a + 1/b ahead.

A place on the plan is a number of samples from the line, with the part of the next.
"""

from math import sqrt

from moongate.race.sim.layout import (
    K_DRIFT,
    K_FRAC,
    K_HX,
    K_HY,
    K_SEG,
    K_SLIP,
    K_VX,
    K_VY,
    K_X,
    K_Y,
    K_YAW,
)
from moongate.race.sim.maths import length, limit
from moongate.race.sim.tuning import (
    DRIFT_ALIGN,
    DRIFT_YAW,
    DRIFT_YAW_RESPONSE,
    DRIFT_YAW_STEER,
    GRIP_ALIGN,
    GRIP_LATERAL,
    YAW_MAX,
    YAW_PIVOT,
    YAW_RESPONSE,
)

from .numbers import arctangent, larger
from .tables import (
    P_CURVATURE,
    P_N,
    P_STEP,
    P_TX,
    P_TY,
    P_X,
    P_Y,
    PLAN_HEADER,
    PLAN_WIDTH,
)

OMEGA = 6.0  # rad/s, how fast errors are steered out
ZETA = 0.9
RETURN_ANGLE = 0.45  # rad, the steepest return to the line
PACE_MIN = 6.0  # m/s, below which gains stop growing
DRIFT_LOOK_S = 0.25  # s ahead whose curvature a drift turns for
DRIFT_ANGLE_MAX = 0.95  # rad, the widest a drift is asked for


def place_of(state, o):
    """Where the kart at offset o is, in samples from the line."""
    return state[o + K_SEG] + state[o + K_FRAC]


def row_of(plan, seg):
    """Offset of a sample; one lap further is the same sample."""
    n = int(plan[P_N])
    if seg >= n:
        seg = seg - n
    return PLAN_HEADER + PLAN_WIDTH * seg


def plan_at(plan, place, field):
    """A field of the plan at a place, between its two samples."""
    seg = int(place)
    here = plan[row_of(plan, seg) + field]
    return here + (plan[row_of(plan, seg + 1) + field] - here) * (place - seg)


def place_ahead(plan, place, metres):
    """The place that many metres of line further on."""
    n = int(plan[P_N])
    seg = int(place)
    part = place - seg
    if seg >= n:
        seg = seg - n
    step = plan[PLAN_HEADER + PLAN_WIDTH * seg + P_STEP]
    left = metres + part * step
    while left >= step:
        left = left - step
        seg = seg + 1
        if seg == n:
            seg = 0
        step = plan[PLAN_HEADER + PLAN_WIDTH * seg + P_STEP]
    return seg + left / step


def turn_angle(ax, ay, bx, by):
    """The sine of the angle from unit vector a to b; ±1 beyond a right angle."""
    cross = ax * by - ay * bx
    if ax * bx + ay * by < 0.0:
        if cross >= 0.0:
            return 1.0
        return -1.0
    return cross


def yaw_in_drift(state, o, plan, v, e, theta):
    """Wanted yaw rate in a drift, whose velocity turns at DRIFT_ALIGN times the slip's tangent."""
    ahead = place_ahead(plan, place_of(state, o), DRIFT_LOOK_S * v)
    turn = v * plan_at(plan, ahead, P_CURVATURE)
    turn = turn - (3.0 * theta + 2.5 * e / larger(v, PACE_MIN))
    slip = state[o + K_SLIP]
    wanted = limit(arctangent(turn / DRIFT_ALIGN), DRIFT_ANGLE_MAX)
    angle = arctangent(slip / sqrt(larger(1e-6, 1.0 - slip * slip)))
    return turn + 5.0 * (wanted - angle)


def yaw_for_line(state, o, plan, shift):
    """Wanted yaw rate in rad/s to stay ``shift`` metres left of the line."""
    place = place_of(state, o)
    vx = state[o + K_VX]
    vy = state[o + K_VY]
    v = length(vx, vy)
    tx = plan_at(plan, place, P_TX)
    ty = plan_at(plan, place, P_TY)
    e = (state[o + K_Y] - plan_at(plan, place, P_Y)) * tx
    e = e - (state[o + K_X] - plan_at(plan, place, P_X)) * ty - shift
    pace = larger(v, PACE_MIN)
    psi = turn_angle(tx, ty, state[o + K_HX], state[o + K_HY])
    theta = psi
    if v > 2.0:
        theta = turn_angle(tx, ty, vx / v, vy / v)
    e = limit(e, RETURN_ANGLE * 2.0 * ZETA * pace / OMEGA)
    if state[o + K_DRIFT] != 0.0:
        return yaw_in_drift(state, o, plan, v, e, theta)
    curve = plan_at(plan, place, P_CURVATURE)
    soon = place_ahead(plan, place, v / GRIP_ALIGN)
    later = place_ahead(plan, place, v * (1.0 / GRIP_ALIGN + 1.0 / YAW_RESPONSE))
    reference = v * plan_at(plan, soon, P_CURVATURE)
    wanted = v * plan_at(plan, later, P_CURVATURE)
    wanted = wanted - OMEGA * OMEGA * e / pace
    wanted = wanted - OMEGA * OMEGA / GRIP_ALIGN * theta
    apart = psi - v * curve / GRIP_ALIGN
    wanted = wanted - (2.0 * ZETA * OMEGA + OMEGA * OMEGA / YAW_RESPONSE) * apart
    return wanted - 2.0 * ZETA * OMEGA / YAW_RESPONSE * (state[o + K_YAW] - reference)


def steer_for_yaw(state, o, wanted):
    """Steering, left positive −1..1, that asks for this yaw rate."""
    side = state[o + K_DRIFT]
    if side != 0.0:
        # Undo the lag of the yaw rate in a drift, in part.
        asked = wanted + (wanted - state[o + K_YAW]) * 0.3 * DRIFT_YAW_RESPONSE / 8.0
        return limit((asked - side * DRIFT_YAW) / DRIFT_YAW_STEER, 1.0)
    v = length(state[o + K_VX], state[o + K_VY])
    most = YAW_MAX
    if v * YAW_MAX > GRIP_LATERAL:
        most = GRIP_LATERAL / v
    if v < YAW_PIVOT:
        most = most * larger(v, 0.5) / YAW_PIVOT
    return limit(wanted / most, 1.0)
