"""Replays, recorded and proven: the inputs are driven again, and what that shows is the truth.

The file itself is `moongate.race.replay_format`'s; its names are here too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from moongate.race import runtime
from moongate.race.replay_format import (
    MAX_BYTES,
    MAX_KARTS,
    MAX_LAPS,
    MAX_TICKS,
    UPDATE,
    Replay,
    ReplayError,
    check_counts,
    decode,
    encode,
)
from moongate.race.sim import layout as at

if TYPE_CHECKING:
    from moongate.race.track import Track

__all__ = [
    "MAX_BYTES",
    "MAX_KARTS",
    "MAX_LAPS",
    "MAX_TICKS",
    "Replay",
    "ReplayError",
    "Verdict",
    "decode",
    "encode",
    "record_inputs",
    "verify",
    "warm_up",
]

TICKS_PER_S = 60
AFTER_FINISH_TICKS = 600  # a client may go on recording while the kart rolls out
_CHUNK_TICKS = 64


@dataclass(frozen=True)
class Verdict:
    """What the server found when it drove a replay again. Times are its own, never the claims."""

    valid: bool
    error: ReplayError | None = None
    replay: Replay | None = field(default=None, repr=False)
    finish_ticks: int = 0
    lap_ticks: tuple[int, ...] = ()
    finish_frac: float = 0.0
    line_ms: tuple[int, ...] = ()  # when the line was crossed, since GO
    hash: str = ""
    drive_id: str = ""  # the same for two files with the same motion up to the line

    @property
    def reason(self) -> str:
        return self.error.reason if self.error else ""

    @property
    def mend(self) -> str:
        return self.error.mend if self.error else ""

    @property
    def time_ms(self) -> int:
        """The race's time in ms, finer than a tick."""
        return self.line_ms[-1]

    @cached_property
    def lap_ms(self) -> tuple[int, ...]:
        """Each lap's time in ms; together they are `time_ms`."""
        starts = (0, *self.line_ms[:-1])
        return tuple(end - start for start, end in zip(starts, self.line_ms, strict=True))

    def as_json(self) -> dict[str, Any]:
        """The verdict as `moongate race verify --json` prints it."""
        if not self.valid or self.replay is None:
            return {"valid": False, "reason": self.reason, "mend": self.mend}
        return {
            "valid": True,
            "finish_ticks": self.finish_ticks,
            "lap_ticks": list(self.lap_ticks),
            "hash": self.hash,
            "time_ms": self.time_ms,
            "lap_ms": list(self.lap_ms),
            "laps": self.replay.laps,
            "n_karts": self.replay.n_karts,
            "n_ticks": self.replay.n_ticks,
            "track_id": self.replay.track_id,
            "sim_version": self.replay.sim_version,
        }


def record_inputs(track: Track, inputs: NDArray[np.int32], *, laps: int) -> Replay:
    """The replay of a race driven with these inputs, cut off where kart 0 crosses the line.

    `inputs` is int32 [tick, 2 * kart], from the countdown's first tick.
    """
    inputs = np.ascontiguousarray(inputs, dtype=np.int32)
    n_karts = inputs.shape[1] // at.INPUT_STRIDE
    check_counts(laps, n_karts, inputs.shape[0])
    driven = _drive(track, inputs, laps)
    finish = driven.finish_ticks
    if finish:
        inputs = inputs[: finish + int(driven.state[at.H_COUNTDOWN])].copy()
        driven = _drive(track, inputs, laps)
    inputs.setflags(write=False)
    return Replay(runtime.SIM_VERSION, track.id, laps, inputs, finish, driven.hash)


def warm_up(track: Track) -> None:
    """Load or compile what `verify` runs, which takes seconds once in a process."""
    record_inputs(track, np.zeros((1, at.INPUT_STRIDE), dtype=np.int32), laps=1)
    sim, state = runtime.load("numba"), runtime.new_state(1)
    sim.init_race(state, track.table, 1, 1)
    sim.step(state, track.table, np.zeros(at.INPUT_STRIDE, dtype=np.int32))


def verify(data: bytes, find_track: Callable[[str], Track | None]) -> Verdict:
    """Drive the replay in `data` again and say what is true of it.

    `find_track` gives the track with an id, or None. Never raises for a bad replay.
    """
    try:
        replay = decode(data)
        return _verify(replay, find_track(replay.track_id))
    except ReplayError as error:
        return Verdict(valid=False, error=error)


def _verify(replay: Replay, track: Track | None) -> Verdict:
    known = runtime.SIM_VERSION
    if replay.sim_version != known:
        raise ReplayError(
            "the replay was driven by the rules {version}; these are {known}",
            UPDATE,
            version=replay.sim_version,
            known=known,
        )
    if track is None:
        raise ReplayError(
            "no track here has the id {track}",
            "Install the edition or give the track file that was driven.",
            track=replay.track_id,
        )
    driven = _drive(track, replay.inputs, replay.laps)
    if not driven.finish_ticks:
        raise ReplayError(
            "the race is not finished: {done} of {laps} laps are driven",
            "Drive to the line; a race given up sends its whole laps only.",
            done=len(driven.lap_ticks),
            laps=replay.laps,
        )
    if driven.finish_ticks != replay.finish_ticks:
        raise ReplayError(
            "the claimed finish ({claim} ticks) is not what was driven ({found})",
            claim=replay.finish_ticks,
            found=driven.finish_ticks,
        )
    if driven.hash != replay.hash:
        raise ReplayError(
            "the claimed state {claim} is not what was driven ({found})",
            claim=replay.hash,
            found=driven.hash,
        )
    rest = replay.n_ticks - int(driven.state[at.H_COUNTDOWN]) - driven.finish_ticks
    if rest > AFTER_FINISH_TICKS:
        raise ReplayError(
            "{rest} ticks follow the finish; at most {most} are taken",
            rest=rest,
            most=AFTER_FINISH_TICKS,
        )
    return Verdict(
        valid=True,
        replay=replay,
        finish_ticks=driven.finish_ticks,
        lap_ticks=driven.lap_ticks,
        finish_frac=driven.line_s[-1] * TICKS_PER_S - driven.finish_ticks + 1,
        line_ms=tuple(round(second * 1000) for second in driven.line_s),
        hash=driven.hash,
        drive_id=_drive_id(replay, driven),
    )


@dataclass(frozen=True)
class _Driven:
    state: NDArray[np.float64]  # after the last tick
    hash: str  # of the state
    lap_ticks: tuple[int, ...]
    line_s: tuple[float, ...]  # since GO
    finish_ticks: int
    at_line: bytes  # kart 0 in the tick that finished the race


def _drive(track: Track, inputs: NDArray[np.int32], laps: int) -> _Driven:
    """Drive the inputs, and find kart 0's every crossing of the line within its tick."""
    sim = runtime.load("numba")
    inputs = np.array(inputs, dtype=np.int32)  # ours and writable: one type to compile for
    n_karts = inputs.shape[1] // at.INPUT_STRIDE
    state = runtime.new_state(n_karts)
    sim.init_race(state, track.table, n_karts, laps)
    lap = at.HEADER + at.K_LAP
    lap_ticks: list[int] = []
    line_s: list[float] = []
    at_line = b""
    for start in range(0, len(inputs), _CHUNK_TICKS):
        before = state.copy()
        chunk = inputs[start : start + _CHUNK_TICKS]
        sim.drive(state, track.table, chunk)
        if state[lap] == before[lap] or len(lap_ticks) == laps:
            continue
        for row in chunk:
            x, y, done = (
                before[at.HEADER + at.K_X],
                before[at.HEADER + at.K_Y],
                before[lap],
            )
            sim.step(before, track.table, row)
            if before[lap] > done and len(lap_ticks) < laps:
                lap_ticks.append(int(before[at.HEADER + at.K_LAST_LAP]))
                frac = _line_frac(track, x, y, before)
                line_s.append((sum(lap_ticks) - 1 + frac) / TICKS_PER_S)
                at_line = _motion(before)
    finish = int(state[at.HEADER + at.K_FINISH_TICK])
    return _Driven(
        state, runtime.state_hash(state), tuple(lap_ticks), tuple(line_s), finish, at_line
    )


def _line_frac(track: Track, x: float, y: float, state: NDArray[np.float64]) -> float:
    """The part of the tick, 0..1, after which kart 0 came from (x, y) to the line."""
    kart = state[at.HEADER : at.HEADER + at.KART_STRIDE]
    if kart[at.K_FINISH_TICK]:
        return float(kart[at.K_FINISH_FRAC])
    line = track.samples[0]
    ahead = np.array([x - line[at.S_X], y - line[at.S_Y]])
    now = np.array([kart[at.K_X] - line[at.S_X], kart[at.K_Y] - line[at.S_Y]])
    tangent = line[[at.S_TX, at.S_TY]]
    before_m, after_m = float(ahead @ tangent), float(now @ tangent)
    if not before_m < 0.0 <= after_m:
        return 1.0
    return -before_m / (after_m - before_m)


def _motion(state: NDArray[np.float64]) -> bytes:
    kart = state[at.HEADER : at.HEADER + at.KART_STRIDE].copy()
    kart[at.K_BUTTONS] = 0  # what is pressed while crossing the line moves nothing any more
    return kart.tobytes()


def _drive_id(replay: Replay, driven: _Driven) -> str:
    facts = (
        replay.sim_version.encode(),
        replay.track_id.encode(),
        bytes([replay.laps]),
        driven.at_line,
    )
    return hashlib.sha256(b"|".join(facts)).hexdigest()
