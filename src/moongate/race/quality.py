"""What a course is like to race on, measured: lap times, overtakes, drifts, jumps and pads.

One driver alone says what the course asks for; a field of eight mixed levels says what happens in
company. Everything is counted by the simulation itself, so the same course gives the same figures.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moongate.race import runtime
from moongate.race.drivers.driver import Driver, Inputs, drive_race
from moongate.race.drivers.lap_time import flying_lap
from moongate.race.drivers.levels import Level
from moongate.race.drivers.plan import plan_track
from moongate.race.sim import tuning
from moongate.race.sim.layout import (
    H_PHASE,
    HEADER,
    INPUT_STRIDE,
    K_AIR,
    K_DRIFT,
    K_FINISH_TICK,
    K_PAD_LEFT,
    K_PROGRESS,
    KART_STRIDE,
    PHASE_COUNTDOWN,
    PHASE_FINISHED,
)
from moongate.race.track import Track, TrackError

LAPS = 3
# From the front of the grid to its back: quick and slow ones everywhere, as in a room of friends.
FIELD: tuple[Level, ...] = (
    "club", "expert", "amateur", "master", "club", "novice", "expert", "master",
)  # fmt: skip
HELD_TICKS = 60  # a change of places counts once it has lasted a second
SLOWEST = 2.0  # of the ideal lap: what a beginner in traffic may take a lap
JUMP_TICKS = 6  # in the air; less is a bump in the road


@dataclass(frozen=True)
class Quality:
    """One course. Times in seconds, shares of racing time from 0 to 1, the rest are counts.

    grip_s, best_s: the AI's best lap without and with drifts and boosts. drift, air: what the
    latter slides and flies. jumps, pads: flights and pads a lap of it. overtakes: of a field of
    eight over three laps; settled: those of them after the first lap. finished: how many arrive.
    """

    track: str
    length_m: float
    grip_s: float
    best_s: float
    drift: float
    air: float
    jumps: float
    pads: float
    overtakes: int
    settled: int
    finished: int

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, rounded as far as they mean anything."""
        return {
            key: round(value, 4) if isinstance(value, float) else value
            for key, value in asdict(self).items()
        }


def measure(name: str, track: Track) -> Quality:
    """Drives the course alone twice and once in company; takes a second or two.

    Raises TrackError when a driver alone does not finish: then it is no course to race on.
    """
    most = _most_ticks(track)
    grip = drive_race(track, LAPS, max_ticks=most)
    best = drive_race(track, LAPS, boost=True, max_ticks=most)
    if not (grip.finished and best.finished):
        raise TrackError(
            f"{name}: the AI driver does not finish {LAPS} laps; widen its tightest corners"
        )
    karts = _drive_again(track, best.inputs)
    progress = _race(track)
    laps_done = progress / track.length_m
    first = int(np.argmax(laps_done.max(axis=1) >= 1.0))
    return Quality(
        track=name,
        length_m=track.length_m,
        grip_s=min(grip.lap_ticks) * tuning.DT,
        best_s=min(best.lap_ticks) * tuning.DT,
        drift=float(np.mean(karts[:, K_DRIFT] != 0.0)),
        air=float(np.mean(karts[:, K_AIR] > 0.0)),
        jumps=_flights(karts[:, K_AIR]) / LAPS,
        pads=_starts(karts[:, K_PAD_LEFT] > 0.0) / LAPS,
        overtakes=overtakes(progress),
        settled=overtakes(progress[first:]),
        finished=int(np.count_nonzero(laps_done[-1] >= LAPS)),
    )


def overtakes(progress: NDArray[np.float64]) -> int:
    """Changes of order between two karts that last; progress is float64[ticks, karts] in metres.

    A change counts once for each pair when the new order has held for HELD_TICKS; a kart that
    falls back again before that has not been overtaken.
    """
    count = 0
    karts = progress.shape[1]
    for one in range(karts):
        for other in range(one + 1, karts):
            ahead = progress[:, one] > progress[:, other]
            edges = np.flatnonzero(np.diff(ahead, prepend=~ahead[:1]))
            lasting = np.diff(edges, append=len(ahead)) >= HELD_TICKS
            orders = ahead[edges[lasting]]
            count += int(np.count_nonzero(np.diff(orders)))
    return count


def as_table(courses: list[Quality]) -> str:
    """A Markdown table, one row a course."""
    head = (
        "| Course | Lap, gripping | Lap, drifting | Drift | In the air | Jumps | Pads "
        "| Overtakes | After the first lap |"
    )
    rows = [
        f"| {one.track} | {one.grip_s:.1f} s | {one.best_s:.1f} s | {one.drift:.0%} "
        f"| {one.air:.1%} | {one.jumps:.1f} | {one.pads:.1f} | {one.overtakes} | {one.settled} |"
        for one in courses
    ]
    return "\n".join([head, "|---" * 9 + "|", *rows])


def _most_ticks(track: Track) -> int:
    return int(flying_lap(plan_track(track).line).lap_s * SLOWEST * (LAPS + 1) / tuning.DT)


def _drive_again(track: Track, inputs: Inputs) -> NDArray[np.float64]:
    """The kart's state in every tick from GO on: float64[ticks, KART_STRIDE]."""
    sim, state = runtime.load("numba"), runtime.new_state(1)
    sim.init_race(state, track.table, 1, LAPS)
    seen = []
    for row in inputs:
        sim.step(state, track.table, row)
        if state[H_PHASE] != PHASE_COUNTDOWN:
            seen.append(state[HEADER:].copy())
    return np.array(seen)


def _race(track: Track) -> NDArray[np.float64]:
    """Progress in metres of a field in every tick from GO on: float64[ticks, karts].

    Beyond the finish a kart only rolls out, so from there on it keeps its place.
    """
    n = len(FIELD)
    driver = Driver(track, n, level=FIELD, seed=1)
    sim, state = runtime.load("numba"), runtime.new_state(n)
    sim.init_race(state, track.table, n, LAPS)
    row = np.zeros(INPUT_STRIDE * n, np.int32)
    karts = state[HEADER:].reshape(n, KART_STRIDE)
    home = np.zeros(n)
    most = _most_ticks(track)
    seen = []
    for _tick in range(most):
        driver.act_all(state, row)
        sim.step(state, track.table, row)
        if state[H_PHASE] == PHASE_COUNTDOWN:
            continue
        arrived = (karts[:, K_FINISH_TICK] > 0.0) & (home == 0.0)
        # Whoever is home is ahead for good, by as much as he came in earlier.
        home[arrived] = (LAPS + 1) * track.length_m + most - karts[arrived, K_FINISH_TICK]
        seen.append(np.where(home > 0.0, home, karts[:, K_PROGRESS]))
        if state[H_PHASE] == PHASE_FINISHED:
            break
    return np.array(seen)


def _starts(on: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(on[1:] & ~on[:-1]))


def _flights(air: NDArray[np.float64]) -> int:
    """Flights of at least JUMP_TICKS: the field counts its ticks from take-off."""
    return int(np.count_nonzero((air[1:] == JUMP_TICKS) & (air[:-1] == JUMP_TICKS - 1)))
