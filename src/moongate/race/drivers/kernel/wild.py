"""What a wild driver does now and then: leaves the road, rams, slides, mashes the buttons."""

from moongate.race.sim.layout import (
    BUTTON_BRAKE,
    BUTTON_DRIFT,
    BUTTON_RESCUE,
    BUTTON_THROTTLE,
    H_KARTS,
    HEADER,
    K_FRAC,
    K_LATERAL,
    K_PROGRESS,
    K_SEG,
    KART_STRIDE,
    STEER_MAX,
)

from .jit import Floats, njit
from .steering import at
from .tables import (
    M_MODE,
    M_MODE_LEFT,
    M_MODE_VALUE,
    M_SEED,
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


@njit(cache=True)
def random_share(memory: Floats) -> float:
    """A number in [0, 1): Lehmer's generator, 48271 modulo 2³¹ − 1."""
    memory[M_SEED] = (memory[M_SEED] * 48271.0) % 2147483647.0
    return float(memory[M_SEED] / 2147483647.0)


@njit(cache=True)
def new_mode(memory: Floats) -> None:
    """Draws what a wild driver does next, and for how long."""
    if memory[M_MODE] != MODE_LINE:
        memory[M_MODE] = MODE_LINE
        memory[M_MODE_LEFT] = 40.0 + 200.0 * random_share(memory)
        return
    draw = random_share(memory)
    memory[M_MODE_VALUE] = 2.0 * random_share(memory) - 1.0
    memory[M_MODE_LEFT] = 10.0 + 80.0 * random_share(memory)
    if draw < 0.30:
        memory[M_MODE] = MODE_CHASE
        memory[M_MODE_LEFT] += 100.0
    elif draw < 0.50:
        memory[M_MODE] = MODE_OFFSET
        memory[M_MODE_LEFT] += 60.0
    elif draw < 0.64:
        memory[M_MODE] = MODE_DRIFT
    elif draw < 0.76:
        memory[M_MODE] = MODE_STEER
    elif draw < 0.84:
        memory[M_MODE] = MODE_NOISE
    elif draw < 0.92:
        memory[M_MODE] = MODE_FLAT_OUT
    else:
        memory[M_MODE] = MODE_BRAKE
        memory[M_MODE_LEFT] *= 0.5


@njit(cache=True)
def nearest_kart(state: Floats, o: int) -> int:
    """Offset of the nearest other kart, or 0 for none."""
    best, found = 1e18, 0
    for k in range(int(state[H_KARTS])):
        p = HEADER + KART_STRIDE * k
        if p != o:
            apart = abs(state[p + K_PROGRESS] - state[o + K_PROGRESS])
            if apart < best:
                best, found = apart, p
    return found


@njit(cache=True)
def wild_shift(state: Floats, o: int, plan: Floats, memory: Floats, target: int) -> float:
    """Metres off the line that the mode asks for."""
    mode = memory[M_MODE]
    seg, frac = int(state[o + K_SEG]), state[o + K_FRAC]
    if mode == MODE_OFFSET:
        left, right = (
            at(plan, seg, frac, P_ROAD_LEFT),
            at(plan, seg, frac, P_ROAD_RIGHT),
        )
        value = float(memory[M_MODE_VALUE])
        # Beyond the road's edges too.
        return value * ((left if value > 0.0 else right) + 3.0) - at(plan, seg, frac, P_OFFSET)
    if mode == MODE_CHASE and target > 0:
        return float(state[target + K_LATERAL]) - at(plan, seg, frac, P_OFFSET)
    return 0.0


@njit(cache=True)
def foolish_input(mode: int, memory: Floats, before: int) -> tuple[int, int]:
    """What a wild driver does instead of driving."""
    steer = int(memory[M_MODE_VALUE] * STEER_MAX)
    if mode == MODE_STEER:
        return steer, BUTTON_THROTTLE
    if mode == MODE_DRIFT:
        return steer, BUTTON_THROTTLE | BUTTON_DRIFT
    if mode == MODE_BRAKE:
        return steer // 4, BUTTON_BRAKE
    buttons = int(random_share(memory) * 32.0)
    # Edges matter: half of the ticks keep what was held, and a rescue is rare.
    if random_share(memory) < 0.5:
        buttons = before & 31
    if random_share(memory) < 0.004:
        buttons |= BUTTON_RESCUE
    return int((2.0 * random_share(memory) - 1.0) * STEER_MAX), buttons
