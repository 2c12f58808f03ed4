"""How a driver steers: along the line while the tyres grip, and in a drift.

Close to the line a gripping kart is a chain of lags: yaw follows the steering at
``YAW_RESPONSE`` (b), the velocity follows the heading at ``GRIP_ALIGN`` (a). With the distance from
the line e, the velocity's angle θ and the heading's angle ψ to it, and the yaw rate r,

    e' = v θ      θ' = a (ψ − θ)      ψ' = r      r' = b (u − r)

where each stands for its difference from the reference that follows the line exactly. The gains

    u = −(ω² e / v + (ω²/a) θ + (2ζω + ω²/b) ψ + (2ζω/b) r)

leave the two lags as they are and give the rest the poles of ``s² + 2ζω s + ω²``; the reference's
own u is ``v κ`` one 1/a + 1/b ahead.
"""

from math import atan, sqrt

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

from .jit import Floats, njit
from .tables import P_CURVATURE, P_STEP, P_TX, P_TY, P_X, P_Y

OMEGA = 6.0  # rad/s, how fast errors are steered out
ZETA = 0.9
RETURN_ANGLE = 0.45  # rad, the steepest return to the line


@njit(cache=True)
def place_ahead(plan: Floats, seg: int, frac: float, metres: float) -> tuple[int, float]:
    """Sample index and fraction that many metres of line further on."""
    n = plan.shape[0]
    left = metres + frac * plan[seg, P_STEP]
    while left >= plan[seg, P_STEP]:
        left -= plan[seg, P_STEP]
        seg += 1
        if seg == n:
            seg = 0
    return seg, left / plan[seg, P_STEP]


@njit(cache=True)
def at(plan: Floats, seg: int, frac: float, field: int) -> float:
    after = seg + 1
    if after == plan.shape[0]:
        after = 0
    return float(plan[seg, field] + (plan[after, field] - plan[seg, field]) * frac)


@njit(cache=True)
def at_ahead(plan: Floats, seg: int, frac: float, metres: float, field: int) -> float:
    seg, frac = place_ahead(plan, seg, frac, metres)
    return at(plan, seg, frac, field)


@njit(cache=True)
def clip(value: float, bound: float) -> float:
    return max(-bound, min(bound, value))


@njit(cache=True)
def turn_angle(ax: float, ay: float, bx: float, by: float) -> float:
    """Sine-like measure of the angle from a to b: its sine, ±1 beyond a right angle."""
    cross = ax * by - ay * bx
    if ax * bx + ay * by < 0.0:
        return 1.0 if cross >= 0.0 else -1.0
    return cross


@njit(cache=True)
def yaw_for_line(state: Floats, o: int, plan: Floats, shift: float) -> float:
    """Wanted yaw rate in rad/s to stay ``shift`` metres left of the line, and its speed limit."""
    seg, frac = int(state[o + K_SEG]), state[o + K_FRAC]
    vx, vy = state[o + K_VX], state[o + K_VY]
    hx, hy = state[o + K_HX], state[o + K_HY]
    v = sqrt(vx * vx + vy * vy)
    tx, ty = at(plan, seg, frac, P_TX), at(plan, seg, frac, P_TY)
    e = (state[o + K_Y] - at(plan, seg, frac, P_Y)) * tx
    e -= (state[o + K_X] - at(plan, seg, frac, P_X)) * ty
    e -= shift
    pace = max(v, 6.0)
    curve = at(plan, seg, frac, P_CURVATURE)
    psi = turn_angle(tx, ty, hx, hy)
    theta = psi
    if v > 2.0:
        theta = turn_angle(tx, ty, vx / v, vy / v)
    e = clip(e, RETURN_ANGLE * 2.0 * ZETA * pace / OMEGA)
    yaw_reference = v * at_ahead(plan, seg, frac, v / GRIP_ALIGN, P_CURVATURE)
    wanted = v * at_ahead(plan, seg, frac, v * (1.0 / GRIP_ALIGN + 1.0 / YAW_RESPONSE), P_CURVATURE)
    if state[o + K_DRIFT] != 0.0:
        return yaw_in_drift(state, o, plan, v, e, theta)
    wanted -= OMEGA * OMEGA * e / pace
    wanted -= OMEGA * OMEGA / GRIP_ALIGN * theta
    wanted -= (2.0 * ZETA * OMEGA + OMEGA * OMEGA / YAW_RESPONSE) * (psi - v * curve / GRIP_ALIGN)
    wanted -= 2.0 * ZETA * OMEGA / YAW_RESPONSE * (state[o + K_YAW] - yaw_reference)
    return float(wanted)


@njit(cache=True)
def yaw_in_drift(state: Floats, o: int, plan: Floats, v: float, e: float, theta: float) -> float:
    """Wanted yaw rate in a drift, whose velocity turns at DRIFT_ALIGN times the slip's tangent."""
    seg, frac = int(state[o + K_SEG]), state[o + K_FRAC]
    turn = v * at_ahead(plan, seg, frac, 0.25 * v, P_CURVATURE)
    turn -= 3.0 * theta + 2.5 * e / max(v, 6.0)
    slip = state[o + K_SLIP]
    wanted_angle = clip(atan(turn / DRIFT_ALIGN), 0.95)
    angle = atan(slip / sqrt(max(1e-6, 1.0 - slip * slip)))
    return turn + 5.0 * (wanted_angle - angle)


@njit(cache=True)
def steer_for_yaw(state: Floats, o: int, wanted: float) -> float:
    """Steering, left positive −1..1, that asks for this yaw rate."""
    side = state[o + K_DRIFT]
    if side != 0.0:
        # Undo the lag of the yaw rate in a drift, in part.
        wanted += (wanted - state[o + K_YAW]) * 0.3 * DRIFT_YAW_RESPONSE / 8.0
        return clip((wanted - side * DRIFT_YAW) / DRIFT_YAW_STEER, 1.0)
    vx, vy = state[o + K_VX], state[o + K_VY]
    v = sqrt(vx * vx + vy * vy)
    most = YAW_MAX
    if v * YAW_MAX > GRIP_LATERAL:
        most = GRIP_LATERAL / v
    if v < YAW_PIVOT:
        most = most * max(v, 0.5) / YAW_PIVOT
    return clip(wanted / most, 1.0)
