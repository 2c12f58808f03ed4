"""The replay file: what is written is read, and nothing but the truth is believed."""

import dataclasses
import random
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.race import replay_format, runtime
from moongate.race.replay import (
    AFTER_FINISH_TICKS,
    MAX_BYTES,
    Replay,
    ReplayError,
    decode,
    encode,
    record_inputs,
    verify,
    warm_up,
)
from tests.race.circuit import drive, oval

HEAD = 23  # bytes before the first kart's runs
CLAIMS = 16  # bytes at the end: finish, hash, checksum


@pytest.fixture(scope="module")
def track():
    return oval()


@pytest.fixture(scope="module")
def good(track):
    return record_inputs(track, drive(track, laps=2), laps=2)


def find(track):
    return {track.id: track}.get


def resealed(data: bytes) -> bytes:
    """The file with its checksum made right again, as a forger would."""
    return data[:-4] + struct.pack("<I", zlib.crc32(data[:-4]))


def refusal(data: bytes) -> str:
    with pytest.raises(ReplayError) as caught:
        decode(data)
    assert caught.value.mend
    return caught.value.reason


steers, buttons = st.integers(-127, 127), st.integers(0, 63)


@st.composite
def replays(draw) -> Replay:
    n_karts = draw(st.integers(1, 8))
    karts = []
    n_ticks = draw(st.integers(1, 700))
    for _ in range(n_karts):
        runs = draw(st.lists(st.tuples(st.integers(1, 400), steers, buttons), max_size=8))
        rows = [(steer, button) for count, steer, button in runs for _ in range(count)]
        rows = (rows + [(0, 0)] * n_ticks)[:n_ticks]
        karts.append(np.array(rows, dtype=np.int32))
    digits = st.text("0123456789abcdef", min_size=16, max_size=16)
    return Replay(
        sim_version=draw(digits)[:8],
        track_id=draw(digits),
        laps=draw(st.integers(1, 9)),
        inputs=np.hstack(karts),
        finish_ticks=draw(st.integers(0, n_ticks)),
        hash=draw(digits),
    )


@given(replays())
@settings(deadline=None, max_examples=60)
def test_what_is_written_is_read_again(replay):
    data = encode(replay)
    assert decode(data) == replay
    assert encode(decode(data)) == data


def test_a_driven_race_verifies_with_the_times_that_were_driven(track, good):
    verdict = verify(encode(good), find(track))
    assert verdict.as_json()["valid"] is True
    assert verdict.finish_ticks == good.finish_ticks == sum(verdict.lap_ticks)
    assert verdict.hash == good.hash
    assert verdict.time_ms == sum(verdict.lap_ms)
    exact = (verdict.finish_ticks - 1 + verdict.finish_frac) * 1000 / 60
    assert verdict.time_ms == round(exact)
    assert 0.0 <= verdict.finish_frac <= 1.0
    for ticks, ms in zip(verdict.lap_ticks, verdict.lap_ms, strict=True):
        assert abs(ms - ticks * 1000 / 60) < 17


def test_verification_agrees_with_the_simulation_as_it_is_written(track, good):
    sim, state = runtime.load("python"), runtime.new_state(1)
    sim.init_race(state, track.table, 1, 2)
    sim.drive(state, track.table, good.inputs)
    assert runtime.state_hash(state) == verify(encode(good), find(track)).hash


def test_verification_of_a_race_of_several_karts_follows_the_first(track):
    alone = drive(track)
    both = np.hstack([alone, np.zeros_like(alone)])
    replay = record_inputs(track, both, laps=1)
    verdict = verify(encode(replay), find(track))
    assert verdict.as_json()["n_karts"] == 2
    assert len(verdict.lap_ticks) == 1


def test_every_truncation_is_refused(good):
    data = encode(good)
    for size in range(len(data)):
        with pytest.raises(ReplayError):
            decode(data[:size])


def test_every_flipped_byte_is_refused(good):
    data, rng = encode(good), random.Random(1)
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= rng.randrange(1, 256)
        with pytest.raises(ReplayError):
            decode(bytes(flipped))


def test_a_flipped_byte_under_a_right_checksum_never_brings_another_time_in(track, good):
    data, rng = encode(good), random.Random(2)
    honest = verify(data, find(track))
    places = [*range(HEAD + 20), *range(len(data) - CLAIMS, len(data) - 4)]
    places += rng.sample(range(HEAD + 20, len(data) - CLAIMS), 200)
    for place in places:
        flipped = bytearray(data)
        flipped[place] ^= rng.randrange(1, 256)
        verdict = verify(resealed(bytes(flipped)), find(track))
        if verdict.valid:  # an input of the countdown moves nothing
            assert verdict.drive_id == honest.drive_id
            assert verdict.lap_ms == honest.lap_ms
        else:
            assert verdict.reason
            assert verdict.mend


@given(st.binary(max_size=400))
def test_random_bytes_are_refused(data):
    for candidate in (
        data,
        b"MGRP\x01" + data,
        resealed(b"MGRP\x01" + data + bytes(48)),
    ):
        with pytest.raises(ReplayError):
            decode(candidate)


def test_a_forged_finish_is_refused(track, good):
    forged = dataclasses.replace(good, finish_ticks=good.finish_ticks - 60)
    verdict = verify(encode(forged), find(track))
    assert verdict.as_json() == {
        "valid": False,
        "reason": f"the claimed finish ({good.finish_ticks - 60} ticks) is not what was driven "
        f"({good.finish_ticks})",
        "mend": replay_format.RECORD_AGAIN,
    }


def test_a_forged_hash_is_refused(track, good):
    verdict = verify(encode(dataclasses.replace(good, hash="0" * 16)), find(track))
    assert "0000000000000000 is not what was driven" in verdict.reason


def test_a_race_that_was_not_finished_is_refused(track, good):
    inputs = good.inputs[:-1]
    unfinished = record_inputs(track, inputs, laps=2)
    assert unfinished.finish_ticks == 0
    assert "1 of 2 laps are driven" in verify(encode(unfinished), find(track)).reason
    pretended = dataclasses.replace(unfinished, finish_ticks=good.finish_ticks - 1)
    assert "not finished" in verify(encode(pretended), find(track)).reason


def test_a_track_that_is_not_here_is_refused(good):
    assert "no track here has the id" in verify(encode(good), lambda _: None).reason


def test_a_race_under_other_rules_is_refused(track, good):
    other = dataclasses.replace(good, sim_version="00000000")
    verdict = verify(encode(other), find(track))
    assert verdict.reason == (
        f"the replay was driven by the rules 00000000; these are {runtime.SIM_VERSION}"
    )


def test_rolling_out_is_allowed_and_dawdling_is_not(track):
    for after, valid in ((AFTER_FINISH_TICKS, True), (AFTER_FINISH_TICKS + 1, False)):
        inputs = drive(track, after=after)
        state = runtime.new_state(1)
        sim = runtime.load("numba")
        sim.init_race(state, track.table, 1, 1)
        sim.drive(state, track.table, inputs)
        cut = record_inputs(track, inputs, laps=1)
        whole = dataclasses.replace(cut, inputs=inputs, hash=runtime.state_hash(state))
        verdict = verify(encode(whole), find(track))
        assert verdict.valid is valid
        if valid:
            assert verdict.drive_id == verify(encode(cut), find(track)).drive_id
        else:
            assert verdict.reason == "601 ticks follow the finish; at most 600 are taken"


def test_the_same_motion_is_the_same_drive_whatever_is_pressed_in_the_countdown(track, good):
    inputs = good.inputs.copy()
    inputs[:100, 0] = 55
    other = record_inputs(track, inputs, laps=2)
    assert encode(other) != encode(good)
    first, second = (verify(encode(replay), find(track)) for replay in (good, other))
    assert first.drive_id == second.drive_id


def head(laps=1, karts=1, ticks=10, version=1, magic=b"MGRP"):
    return struct.pack("<4sB4s8sBBI", magic, version, bytes(4), bytes(8), laps, karts, ticks)


def file(*runs: bytes, announced=None, finish=0, **facts) -> bytes:
    announced = len(runs) if announced is None else announced
    body = head(**facts) + struct.pack("<I", announced) + b"".join(runs)
    return resealed(body + struct.pack("<I8s", finish, bytes(8)) + bytes(4))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GIF89a", "this is not a Moongate replay (it does not begin with MGRP)"),
        (
            file(b"\x0a\0\0", version=2),
            "the replay has format version 2; this one reads version 1",
        ),
        (file(b"\x0a\0\0", laps=0), "laps must be 1 to 9, not 0"),
        (file(b"\x0a\0\0", laps=10), "laps must be 1 to 9, not 10"),
        (file(b"\x0a\0\0", karts=9), "karts must be 1 to 8, not 9"),
        (file(b"\x0a\0\0", ticks=0), "ticks must be 1 to 36000, not 0"),
        (file(b"\x0a\0\0", ticks=36_001), "ticks must be 1 to 36000, not 36001"),
        (file(b"\x0a\x80\0"), "steering must be -127 to 127, not -128 (kart 0)"),
        (file(b"\x0a\0\x40"), "unknown buttons are pressed: 64 (kart 0)"),
        (file(b"\x09\0\0"), "the inputs of kart 0 end at tick 9 of 10"),
        (file(b"\x0b\0\0"), "the inputs of kart 0 last longer than the race"),
        (
            file(b"\x05\0\0", b"\x05\0\0"),
            "two runs of the same input follow each other (kart 0)",
        ),
        (file(b"\x00\0\0"), "the length of a run is malformed (kart 0)"),
        (file(b"\x8a\x00\0\0"), "the length of a run is malformed (kart 0)"),
        (file(b"\xff\xff\xff\x7f\0\0"), "the length of a run is malformed (kart 0)"),
        (
            file(b"\x0a\0\0", b"!", announced=1),
            "1 bytes too many stand between inputs and claims",
        ),
        (
            file(b"\x0a\0\0", finish=11),
            "the claimed finish (11 ticks) lies after the last tick (10)",
        ),
        (file(b"\x0a\0\0", karts=2), "the inputs of kart 1 are cut off"),
    ],
)
def test_a_malformed_file_is_told_what_is_wrong(data, reason):
    assert refusal(data) == reason


def test_a_run_length_bomb_is_refused_before_anything_is_made_of_it():
    bomb = file(b"\x0a\0\0", announced=0xFFFFFFFF)
    assert refusal(bomb) == "4294967295 runs of inputs are announced (kart 0); they do not fit"
    stuffed = file(*[b"\x01\0\0"] * 300_000, ticks=10)
    assert refusal(stuffed) == "300000 runs of inputs are announced (kart 0); they do not fit"


def test_an_oversized_file_is_refused_unread():
    assert refusal(b"MGRP" + bytes(MAX_BYTES)) == (
        f"the replay has {MAX_BYTES + 4} bytes; at most {MAX_BYTES} are taken"
    )


@pytest.mark.parametrize("change", [{"hash": "XYZ"}, {"sim_version": "12"}, {"track_id": "A" * 16}])
def test_encoding_refuses_what_the_file_cannot_hold(good, change):
    with pytest.raises(ReplayError, match="hexadecimal digits"):
        encode(dataclasses.replace(good, **change))


def test_encoding_refuses_inputs_out_of_range(good):
    inputs = good.inputs.copy()
    inputs[5, 0] = -128
    with pytest.raises(ReplayError, match="steering must be -127 to 127, not -128"):
        encode(dataclasses.replace(good, inputs=inputs))


def test_warming_up_leaves_the_track_as_it_is(track):
    before = track.id, track.table.copy()
    warm_up(track)
    assert track.id == before[0]
    assert np.array_equal(track.table, before[1])
