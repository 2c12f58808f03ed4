"""AI drivers: they drive through the very inputs a person has, quantised and tick by tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moongate.race import runtime
from moongate.race.drivers.box_qp import Floats
from moongate.race.drivers.compiled import compiled_policy
from moongate.race.drivers.kernel import tables
from moongate.race.drivers.lap_time import flying_lap
from moongate.race.drivers.levels import Level, set_level, set_skill
from moongate.race.drivers.plan import plan_track
from moongate.race.sim import tuning
from moongate.race.sim.layout import (
    H_PHASE,
    HEADER,
    INPUT_STRIDE,
    K_FINISH_TICK,
    K_LAP,
    K_LAST_LAP,
    PHASE_FINISHED,
)
from moongate.race.track import Track

Inputs = NDArray[np.int32]

MAX_TICKS = 36_000
FLYING_LAPS = 3
"""Flying laps of which `lap` takes the best."""


@dataclass(frozen=True)
class DriveResult:
    """A race driven alone.

    inputs: int32[n_ticks, 2], steer and buttons from the countdown's first tick to the finish (or
    to ``max_ticks``). finish_ticks: ticks from GO, 0 for not finished. lap_ticks: each lap's ticks.
    state: the simulation's last state.
    """

    inputs: Inputs
    finish_ticks: int
    lap_ticks: tuple[int, ...]
    state: Floats

    @property
    def finished(self) -> bool:
        return self.finish_ticks > 0


class Driver:
    """Drives every kart of a race on one track.

    level: one of the five levels by name (`levels.LEVELS`), one for each kart, or a skill: 1.0 is
    its best; towards 0 it drives slower and less exactly. boost: drifts, mini-boosts and fires
    nitro; a named level decides that itself. wild: also does foolish things (leaves the road, rams,
    slides, mashes the buttons) as a fuzzer needs. The same seed makes the same choices in the same
    states.
    """

    def __init__(
        self,
        track: Track,
        n_karts: int = 1,
        *,
        level: float | Level | Sequence[Level] = 1.0,
        boost: bool = False,
        wild: bool = False,
        seed: int = 0,
    ) -> None:
        if not 1 <= n_karts <= 8:
            raise ValueError(f"n_karts must be 1 to 8, not {n_karts}")
        self.plan = plan_track(track)
        self._policy = compiled_policy()
        random = np.random.default_rng(seed)
        self._styles = np.zeros(tables.STYLE * n_karts)
        self._memories = np.zeros(tables.MEMORY * n_karts)
        self._row = np.zeros(INPUT_STRIDE * n_karts, dtype=np.int32)
        seeds = random.integers(1, 2**31 - 2, n_karts).tolist()
        levels = [level] * n_karts if isinstance(level, str | float | int) else list(level)
        if len(levels) != n_karts:
            raise ValueError(f"level must be one for each of {n_karts} karts, not {len(levels)}")
        for kart, each in enumerate(levels):
            if isinstance(each, str):
                set_level(self._styles, self._memories, kart, each, seeds[kart])
            else:
                set_skill(self._styles, self._memories, kart, each, boost or wild, seeds[kart])
        if wild:
            styles = self._styles.reshape(n_karts, tables.STYLE)
            styles[:, tables.Y_WILD] = 1.0
            # Karts of one pace would never meet.
            styles[:, tables.Y_SHARE] = random.uniform(0.85, 1.05, n_karts)
            styles[:, tables.Y_WANDER] = random.uniform(0.0, 1.5, n_karts)

    def act(self, state: Floats, kart: int = 0) -> tuple[int, int]:
        """Steer (−127..127, right positive) and buttons of one kart; ask once a tick."""
        self._policy.choose(state, self.plan.table, self._styles, self._memories, self._row, kart)
        steer, buttons = self._row[INPUT_STRIDE * kart : INPUT_STRIDE * (kart + 1)].tolist()
        return steer, buttons

    def act_all(self, state: Floats, inputs: Inputs) -> None:
        """Fills one tick's ``inputs``, int32[2 * n_karts], for every kart."""
        self._policy.choose_all(state, self.plan.table, self._styles, self._memories, inputs)


def drive_race(
    track: Track,
    laps: int,
    *,
    level: float | Level = 1.0,
    boost: bool = False,
    seed: int = 0,
    max_ticks: int = MAX_TICKS,
) -> DriveResult:
    """Drives a race of ``laps`` laps alone and returns its inputs and times."""
    driver = Driver(track, level=level, boost=boost, seed=seed)
    sim = runtime.load("numba")
    state = runtime.new_state(1)
    sim.init_race(state, track.table, 1, laps)
    inputs = np.zeros((max_ticks, INPUT_STRIDE), dtype=np.int32)
    lap_ticks: list[int] = []
    ticks = 0
    while ticks < max_ticks and state[H_PHASE] != PHASE_FINISHED:
        driver.act_all(state, inputs[ticks])
        sim.step(state, track.table, inputs[ticks])
        ticks += 1
        if state[HEADER + K_LAP] > len(lap_ticks):
            lap_ticks.append(int(state[HEADER + K_LAST_LAP]))
    return DriveResult(
        inputs=inputs[:ticks].copy(),
        finish_ticks=int(state[HEADER + K_FINISH_TICK]),
        lap_ticks=tuple(lap_ticks),
        state=state,
    )


def noisy_inputs(
    track: Track,
    rng: np.random.Generator,
    *,
    n_karts: int = 1,
    laps: int = 3,
    n_ticks: int = 3600,
) -> Inputs:
    """Inputs, int32[n_ticks, 2 * n_karts], of wild drivers racing each other.

    They drift, boost, hit walls and each other, and leave the road. Driven on the Numba runtime;
    any other must arrive at the same state from them.
    """
    driver = Driver(track, n_karts, wild=True, seed=int(rng.integers(2**31)))
    sim = runtime.load("numba")
    state = runtime.new_state(n_karts)
    sim.init_race(state, track.table, n_karts, laps)
    inputs = np.zeros((n_ticks, INPUT_STRIDE * n_karts), dtype=np.int32)
    for row in inputs:
        driver.act_all(state, row)
        sim.step(state, track.table, row)
    return inputs


def lap(track: Track, *, boost: bool = False) -> dict[str, float]:
    """How near the AI comes to the quasi-steady-state time: ``lap_s``, ``line_s``, ``ratio``.

    ``lap_s`` is the best of ``FLYING_LAPS`` flying laps (a first lap from standstill goes before),
    in whole ticks of the race's own clock. ``line_s`` is the flying lap of
    `moongate.race.drivers.lap_time` on the line of least curvature with the kart's full limits. By
    default the driver grips: no drift and no boost, as in ``line_s``; with ``boost`` it does both
    and the ratio may fall below 1.
    """
    line_s = flying_lap(plan_track(track).line).lap_s
    # Four laps of the longest track may take long; a stuck driver must not take for ever.
    max_ticks = int((FLYING_LAPS + 1) * 4.0 * line_s / tuning.DT)
    result = drive_race(track, FLYING_LAPS + 1, boost=boost, max_ticks=max_ticks)
    if len(result.lap_ticks) < 2:
        raise RuntimeError(f"the AI driver did not finish a flying lap of {track.name}")
    lap_s = min(result.lap_ticks[1:]) * tuning.DT
    return {"lap_s": lap_s, "line_s": line_s, "ratio": lap_s / line_s}
