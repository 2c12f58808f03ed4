"""What a driver knows of a track before the start: the line, and how fast each point may be passed.

Everything is laid out in one flat array (`kernel.tables`) that the drivers' kernel reads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from moongate.race.drivers.box_qp import Floats
from moongate.race.drivers.kernel.tables import (
    P_CURVATURE,
    P_DRIFT,
    P_DRIFT_LIMIT,
    P_LIMIT,
    P_OFFSET,
    P_ROAD_LEFT,
    P_ROAD_RIGHT,
    P_STEP,
    P_TX,
    P_TY,
    P_X,
    P_Y,
    PLAN_HEADER,
    PLAN_WIDTH,
)
from moongate.race.drivers.lap_time import Limits, fastest_entries
from moongate.race.drivers.line import Line, racing_line
from moongate.race.sim import tuning
from moongate.race.sim.layout import S_ROAD_LEFT, S_ROAD_RIGHT
from moongate.race.track import Track

GRIP_SHARE = 0.985
"""Share of the grip the driver plans with; the rest corrects errors."""
BRAKE_SHARE = 0.94
"""Share of the brakes the driver plans with."""

DRIFT_TURN_RATE = 1.55
"""How fast a held drift turns the velocity, rad/s, as planned."""
DRIFT_SPEED = 36.0
"""m/s that a held drift keeps up."""
DRIFT_BELOW = 39.5
"""A corner is worth drifting where grip holds less than this, m/s (the nitro repays the rest), …"""
DRIFT_MIN_TURN = 0.55
"""… and it turns by at least this, rad."""


@dataclass(frozen=True)
class Plan:
    """The racing line, and the array that drivers read: single-precision numbers as float64."""

    line: Line
    table: Floats


def driver_tables(track: Track) -> bytes:
    """The plan's table as the game loads it: little-endian float32, laid out as `kernel.tables`."""
    return plan_track(track).table.astype("<f4").tobytes()


def plan_track(track: Track) -> Plan:
    """The plan for a track, remembered for the last few tracks by their id."""
    return _plan(_Key(track))


class _Key:
    """A track that equals another of the same geometry."""

    def __init__(self, track: Track) -> None:
        self.track = track

    def __hash__(self) -> int:
        return hash(self.track.id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.track.id == self.track.id


@lru_cache(maxsize=16)
def _plan(key: _Key) -> Plan:
    track = key.track
    line = racing_line(track)
    limits = Limits(grip=GRIP_SHARE * tuning.GRIP_LATERAL, brake=BRAKE_SHARE * tuning.BRAKE)
    drift = _drift_corners(line, limits)
    table = np.zeros((track.n, PLAN_WIDTH))
    table[:, P_X], table[:, P_Y] = line.x_m, line.y_m
    table[:, P_TX], table[:, P_TY] = line.tangent_x, line.tangent_y
    table[:, P_CURVATURE] = line.curvature
    table[:, P_STEP] = line.step_m
    table[:, P_OFFSET] = line.offset_m
    table[:, P_LIMIT] = fastest_entries(line, limits)
    table[:, P_DRIFT] = drift
    # In a drift the tyres hold what turns the velocity at DRIFT_TURN_RATE.
    size = np.maximum(np.abs(line.curvature), 1e-9)
    held = np.minimum(DRIFT_TURN_RATE / size, DRIFT_SPEED)
    gripped = np.array([limits.grip_speed(k) for k in line.curvature.tolist()])
    table[:, P_DRIFT_LIMIT] = fastest_entries(
        replace(line, curvature=limits.grip / np.where(drift != 0, held, gripped) ** 2),
        limits,
    )
    table[:, P_ROAD_LEFT] = track.samples[:, S_ROAD_LEFT]
    table[:, P_ROAD_RIGHT] = track.samples[:, S_ROAD_RIGHT]
    whole = np.concatenate(([float(track.n)], table.ravel()))
    assert len(whole) == PLAN_HEADER + PLAN_WIDTH * track.n
    # As precise as the file the game loads, so that both drive alike.
    return Plan(line, whole.astype(np.float32).astype(np.float64))


def _drift_corners(line: Line, limits: Limits) -> Floats:
    """+1 or −1 along left or right corners tight and long enough to drift through, else 0."""
    tight = np.abs(line.curvature) > limits.grip / DRIFT_BELOW**2
    sign = np.where(tight, np.sign(line.curvature), 0.0)
    turn = line.curvature * line.step_m
    n = sign.size
    marked = np.zeros(n)
    if not np.any(sign == 0.0):
        return marked
    first = int(np.argmax(sign == 0.0))
    order = np.roll(np.arange(n), -first)
    # Runs of one sign, seen from a point that is in no corner.
    changes = np.flatnonzero(np.diff(sign[order], prepend=0.0, append=0.0))
    for start, end in pairwise(changes):
        run = order[start:end]
        if abs(float(turn[run].sum())) >= DRIFT_MIN_TURN:
            marked[run] = sign[run]
    return marked
