"""The replay file: a race as its track and its inputs, in a few kilobytes.

`docs/replay-format.md` describes it byte by byte. `decode` believes nothing: it bounds its memory
before it reads, and takes a race in one spelling only. `moongate.race.replay` proves it.
"""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moongate.race.sim import layout as at

MAGIC = b"MGRP"
FORMAT_VERSION = 1
MAX_BYTES = 1 << 20
MAX_TICKS = 36_000  # ten minutes at 60 Hz
MAX_KARTS = 8
MAX_LAPS = 9

_HEAD = struct.Struct("<4sB4s8sBBI")
_RUNS = struct.Struct("<I")
_CLAIMS = struct.Struct("<I8s")
_CRC = struct.Struct("<I")
_MIN_RUN_BYTES = 3
_NO_INPUT = (-999, -999)  # equals no input

RECORD_AGAIN = "Record the race again and send the file as it was written."
UPDATE = "Reload the game, so that it and the server drive by the same rules."


class ReplayError(ValueError):
    """Why a replay is refused, and what mends it.

    `template` and `values` are kept apart, so that a page can say the same in another language.
    """

    def __init__(self, template: str, mend: str = RECORD_AGAIN, **values: object) -> None:
        self.template, self.mend, self.values = template, mend, values
        self.reason = template.format(**values)
        super().__init__(self.reason)


@dataclass(frozen=True, eq=False)
class Replay:
    """One race: what was driven, by which rules, where, and what its recorder claims of it."""

    sim_version: str  # 8 hex digits
    track_id: str  # 16 hex digits
    laps: int
    inputs: NDArray[np.int32]  # [tick, 2 * kart]: steer, buttons
    finish_ticks: int  # kart 0's, since GO; 0 for not finished
    hash: str  # 16 hex digits, of the state after the last tick

    @property
    def n_ticks(self) -> int:
        return int(self.inputs.shape[0])

    @property
    def n_karts(self) -> int:
        return int(self.inputs.shape[1]) // at.INPUT_STRIDE

    def _facts(self) -> tuple[object, ...]:
        return (
            self.sim_version,
            self.track_id,
            self.laps,
            self.finish_ticks,
            self.hash,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Replay):
            return NotImplemented
        return self._facts() == other._facts() and np.array_equal(self.inputs, other.inputs)

    def __hash__(self) -> int:
        return hash(self._facts())


def encode(replay: Replay) -> bytes:
    """The replay as a file. Raises ReplayError for a race that the format cannot hold."""
    inputs = np.asarray(replay.inputs)
    check_counts(replay.laps, replay.n_karts, replay.n_ticks)
    out = bytearray(
        _HEAD.pack(
            MAGIC,
            FORMAT_VERSION,
            _from_hex(replay.sim_version, 4, "simulation version"),
            _from_hex(replay.track_id, 8, "track"),
            replay.laps,
            replay.n_karts,
            replay.n_ticks,
        )
    )
    for kart in range(replay.n_karts):
        _put_runs(out, inputs[:, 2 * kart], inputs[:, 2 * kart + 1])
    out += _CLAIMS.pack(replay.finish_ticks, _from_hex(replay.hash, 8, "state hash"))
    out += _CRC.pack(zlib.crc32(out))
    if len(out) > MAX_BYTES:
        raise ReplayError(
            "the replay has {size} bytes; at most {most} are taken",
            size=len(out),
            most=MAX_BYTES,
        )
    return bytes(out)


def decode(data: bytes) -> Replay:
    """The replay in a file. Raises ReplayError, and nothing else, for what is not one."""
    if len(data) > MAX_BYTES:
        raise ReplayError(
            "the replay has {size} bytes; at most {most} are taken",
            size=len(data),
            most=MAX_BYTES,
        )
    if data[: len(MAGIC)] != MAGIC:
        raise ReplayError(
            "this is not a Moongate replay (it does not begin with MGRP)",
            "Choose a file that the game saved (its name ends in .mgrp).",
        )
    if len(data) > len(MAGIC) and data[len(MAGIC)] != FORMAT_VERSION:
        raise ReplayError(
            "the replay has format version {version}; this one reads version {known}",
            UPDATE,
            version=data[len(MAGIC)],
            known=FORMAT_VERSION,
        )
    least = _HEAD.size + _RUNS.size + _CLAIMS.size + _CRC.size
    if len(data) < least:
        raise ReplayError("the replay is cut off after {size} bytes", size=len(data))
    body, crc = data[: -_CRC.size], _CRC.unpack(data[-_CRC.size :])[0]
    if zlib.crc32(body) != crc:
        raise ReplayError("the replay is damaged or cut off (its checksum does not fit)")
    return _decode_body(body)


def _decode_body(body: bytes) -> Replay:
    _, _, sim_version, track_id, laps, n_karts, n_ticks = _HEAD.unpack_from(body)
    check_counts(laps, n_karts, n_ticks)
    inputs = np.empty((n_ticks, at.INPUT_STRIDE * n_karts), dtype=np.int32)
    end = len(body) - _CLAIMS.size
    here = _HEAD.size
    for kart in range(n_karts):
        here = _take_runs(body, here, end, inputs[:, 2 * kart : 2 * kart + 2], kart)
    if here != end:
        raise ReplayError(
            "{extra} bytes too many stand between inputs and claims", extra=end - here
        )
    finish_ticks, state_hash = _CLAIMS.unpack_from(body, end)
    if finish_ticks > n_ticks:
        raise ReplayError(
            "the claimed finish ({finish} ticks) lies after the last tick ({ticks})",
            finish=finish_ticks,
            ticks=n_ticks,
        )
    inputs.setflags(write=False)
    return Replay(sim_version.hex(), track_id.hex(), laps, inputs, finish_ticks, state_hash.hex())


def check_counts(laps: int, n_karts: int, n_ticks: int) -> None:
    for name, value, most in (
        ("laps", laps, MAX_LAPS),
        ("karts", n_karts, MAX_KARTS),
        ("ticks", n_ticks, MAX_TICKS),
    ):
        if not 1 <= value <= most:
            raise ReplayError(
                "{name} must be 1 to {most}, not {value}",
                name=name,
                most=most,
                value=value,
            )


def _from_hex(text: str, size: int, name: str) -> bytes:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != size or text != raw.hex():
        raise ReplayError(
            "{name} must be {digits} hexadecimal digits, not {value}",
            name=name,
            digits=2 * size,
            value=repr(text),
        )
    return raw


def _check_input(steer: int, buttons: int, kart: int) -> None:
    if not -at.STEER_MAX <= steer <= at.STEER_MAX:
        raise ReplayError(
            "steering must be -127 to 127, not {value} (kart {kart})",
            value=steer,
            kart=kart,
        )
    if not 0 <= buttons <= at.BUTTONS_ALL:
        raise ReplayError(
            "unknown buttons are pressed: {value} (kart {kart})",
            value=buttons,
            kart=kart,
        )


def _put_runs(out: bytearray, steer: NDArray[np.int32], buttons: NDArray[np.int32]) -> None:
    changes = np.flatnonzero((np.diff(steer) != 0) | (np.diff(buttons) != 0)) + 1
    starts = [0, *changes.tolist()]
    out += _RUNS.pack(len(starts))
    for start, end in zip(starts, [*starts[1:], len(steer)], strict=True):
        _check_input(int(steer[start]), int(buttons[start]), 0)
        count = end - start
        while count > 0x7F:
            out.append(count & 0x7F | 0x80)
            count >>= 7
        out.append(count)
        out.append(int(steer[start]) & 0xFF)
        out.append(int(buttons[start]))


def _take_runs(body: bytes, here: int, end: int, into: NDArray[np.int32], kart: int) -> int:
    """Fill one kart's inputs from its runs; returns where the next kart begins."""
    if here + _RUNS.size > end:
        raise ReplayError("the inputs of kart {kart} are cut off", kart=kart)
    runs = _RUNS.unpack_from(body, here)[0]
    here += _RUNS.size
    n_ticks = len(into)
    if runs > n_ticks or runs * _MIN_RUN_BYTES > end - here:
        raise ReplayError(
            "{runs} runs of inputs are announced (kart {kart}); they do not fit",
            runs=runs,
            kart=kart,
        )
    tick, last = 0, _NO_INPUT
    for _ in range(runs):
        count, here = _take_count(body, here, end, kart)
        if here + 2 > end:
            raise ReplayError("the inputs of kart {kart} are cut off", kart=kart)
        steer, buttons = body[here], body[here + 1]
        here += 2
        steer = steer - 256 if steer > 127 else steer
        _check_input(steer, buttons, kart)
        if count > n_ticks - tick:
            raise ReplayError("the inputs of kart {kart} last longer than the race", kart=kart)
        if (steer, buttons) == last:
            raise ReplayError(
                "two runs of the same input follow each other (kart {kart})", kart=kart
            )
        into[tick : tick + count] = (steer, buttons)
        tick, last = tick + count, (steer, buttons)
    if tick != n_ticks:
        raise ReplayError(
            "the inputs of kart {kart} end at tick {tick} of {ticks}",
            kart=kart,
            tick=tick,
            ticks=n_ticks,
        )
    return here


def _take_count(body: bytes, here: int, end: int, kart: int) -> tuple[int, int]:
    count = 0
    for shift in (0, 7, 14):
        if here >= end:
            raise ReplayError("the inputs of kart {kart} are cut off", kart=kart)
        byte = body[here]
        here += 1
        count |= (byte & 0x7F) << shift
        if byte < 0x80:
            if byte == 0:
                break
            return count, here
    raise ReplayError("the length of a run is malformed (kart {kart})", kart=kart)
