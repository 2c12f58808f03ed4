"""Quasi-steady-state lap time: how long a line takes with this kart's limits.

At every point of the line the kart is taken to be in a steady turn of that point's curvature, as
fast as its tyres and engine allow; a backward pass adds braking, a forward pass the engine. The
method is the classic forward–backward one (see D. Brayshaw and M. Harrison, "A quasi steady state
approach to race car lap simulation", Proc. IMechE D 219(3), 2005, doi:10.1243/095440705X11211).

The equations are those of ``moongate.race.sim.kart``, on the line without steering lag or slip:

- grip, ``v² |κ| ≤ grip`` and ``v |κ| ≤ yaw_max``. Grip and pull do not share one circle of forces,
  in the simulation as here;
- engine, ``a = acceleration · max(floor, 1 − (1 − floor) v / cap)`` at full throttle;
- cap, ``cap = cap_base − (cap_base − cap_turn) · min(1, v² |κ| / grip)``. Below it the engine may
  not push beyond it; above it (it falls on entering a turn) speed wears off at ``overspeed_drag``;
- brakes, ``brake`` m/s² at any speed;
- climb, ``gravity · grade`` with the centreline's grade in the line's direction.

So ``line_s`` holds grip, engine, turning cap, brakes and hills, on the road. It holds no drift, no
mini-boost, no nitro, no other kart, no 60 Hz tick and no quantised steering. A driver who drifts
and boosts can beat it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from moongate.race.drivers.box_qp import Floats
from moongate.race.drivers.line import Line
from moongate.race.sim import tuning

_SETTLED_MPS = 1e-9
_MAX_LAPS = 50


@dataclass(frozen=True)
class Limits:
    """What the kart can do; units as in ``moongate.race.sim.tuning``."""

    grip: float = tuning.GRIP_LATERAL  # m/s²
    yaw_max: float = tuning.YAW_MAX  # rad/s
    acceleration: float = tuning.ACCELERATION  # m/s²
    floor: float = tuning.ACCELERATION_FLOOR  # share of acceleration left at the cap
    cap_base: float = tuning.CAP_BASE  # m/s
    cap_turn: float = tuning.CAP_TURN  # m/s
    overspeed_drag: float = tuning.OVERSPEED_DRAG  # m/s²
    brake: float = tuning.BRAKE  # m/s²
    gravity: float = tuning.GRAVITY  # m/s²

    def grip_speed(self, curvature: float) -> float:
        """The fastest a turn of this curvature (1/m) can be held, m/s; infinite on a straight."""
        size = abs(curvature)
        if size == 0.0:
            return inf
        return min(sqrt(self.grip / size), self.yaw_max / size)

    def cap_speed(self, curvature: float) -> float:
        """The speed the engine reaches in an endless turn of this curvature, m/s."""
        # v = base − (base − turn) v² |κ| / grip, solved for v; never below the cap at full effort.
        share = (self.cap_base - self.cap_turn) * abs(curvature) / self.grip
        return max(
            self.cap_turn,
            2.0 * self.cap_base / (1.0 + sqrt(1.0 + 4.0 * share * self.cap_base)),
        )

    def cap_at(self, speed: float, curvature: float) -> float:
        """The cap in m/s while turning with this curvature at this speed."""
        effort = min(1.0, speed * speed * abs(curvature) / self.grip)
        return self.cap_base - (self.cap_base - self.cap_turn) * effort

    def pull(self, speed: float, curvature: float) -> float:
        """Full throttle, m/s²."""
        share = 1.0 - (1.0 - self.floor) * speed / self.cap_at(speed, curvature)
        return self.acceleration * max(self.floor, share)


@dataclass(frozen=True)
class Profile:
    """Speed (m/s) at each point of the line, and the lap's time (s)."""

    speed_mps: Floats
    lap_s: float


def flying_lap(line: Line, limits: Limits | None = None) -> Profile:
    """The lap that begins as fast as it ends."""
    limits = limits or Limits()
    entry = fastest_entries(line, limits)
    first = int(np.argmin(entry))
    speed = entry[first]
    for _ in range(_MAX_LAPS):
        speeds, lap_s = _forward(line, limits, entry, first, speed)
        if abs(speeds[-1] - speed) <= _SETTLED_MPS:
            break
        speed = speeds[-1]
    profile = np.roll(np.array(speeds[:-1]), first)
    return Profile(speed_mps=profile, lap_s=lap_s)


def standing_lap(line: Line, limits: Limits | None = None) -> Profile:
    """The first lap: from standstill ``GRID_FIRST`` metres before the line, timed from GO."""
    limits = limits or Limits()
    entry = fastest_entries(line, limits)
    speed, run_up_s = _run_up(line, limits)
    speeds, lap_s = _forward(line, limits, entry, 0, min(speed, entry[0]))
    return Profile(speed_mps=np.array(speeds[:-1]), lap_s=run_up_s + lap_s)


def _run_up(line: Line, limits: Limits) -> tuple[float, float]:
    """Speed (m/s) and time (s) after ``GRID_FIRST`` metres from standstill."""
    curvature, climb = float(line.curvature[0]), float(line.climb[0])
    pieces = 64
    step = tuning.GRID_FIRST / pieces
    speed = seconds = 0.0
    for _ in range(pieces):
        faster = _after(speed, step, limits.pull(speed, curvature) - limits.gravity * climb)
        seconds += _duration(step, speed, faster)
        speed = faster
    return speed, seconds


def _after(speed: float, distance: float, acceleration: float) -> float:
    return sqrt(max(0.0, speed * speed + 2.0 * acceleration * distance))


def _duration(distance: float, before: float, after: float) -> float:
    mean = 0.5 * (before + after)
    # A hill the engine cannot climb: told as an endless lap, not as a division by zero.
    return distance / mean if mean > 0.0 else inf


def fastest_entries(line: Line, limits: Limits) -> list[float]:
    """The fastest each point may be passed so that braking is enough for all that follows, m/s."""
    entry = [limits.grip_speed(k) for k in line.curvature.tolist()]
    steps, climbs = line.step_m.tolist(), line.climb.tolist()
    n = len(entry)
    if min(entry) == inf:
        return [limits.cap_base] * n
    start = int(np.argmin(entry))
    for i in range(start - 1, start - n, -1):
        slowing = limits.brake + limits.gravity * climbs[i]
        entry[i] = min(entry[i], _after(entry[(i + 1) % n], steps[i], slowing))
    return entry


def _forward(
    line: Line, limits: Limits, entry: list[float], first: int, speed: float
) -> tuple[list[float], float]:
    """Speeds at the n + 1 points of one lap from point ``first``, and its time."""
    curvatures, steps, climbs = (
        line.curvature.tolist(),
        line.step_m.tolist(),
        line.climb.tolist(),
    )
    n = len(steps)
    speeds = [speed]
    seconds = 0.0
    for lap_point in range(n):
        i = (first + lap_point) % n
        following = (i + 1) % n
        step = steps[i]
        hill = limits.gravity * climbs[i]
        # Midpoint rule: the pull at the speed and curvature half-way.
        half = _after(speed, 0.5 * step, limits.pull(speed, curvatures[i]) - hill)
        bend = 0.5 * (curvatures[i] + curvatures[following])
        pushed = _after(speed, step, limits.pull(half, bend) - hill)
        allowed = max(
            limits.cap_speed(curvatures[following]),
            _after(speed, step, -limits.overspeed_drag),
        )
        after = min(pushed, allowed, entry[following])
        seconds += _duration(step, speed, after)
        speeds.append(after)
        speed = after
    return speeds, seconds
