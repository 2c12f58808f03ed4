"""`moongate race …` as a person at a terminal meets it."""

import json
from pathlib import Path

import pytest

from moongate.cli import main
from moongate.race import replay
from moongate.race.drivers.driver import drive_race
from moongate.race.track import Track, write_track
from tests.race.courses import ring


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = main(list(words))
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture(scope="module")
def track() -> Track:
    return ring()


@pytest.fixture
def replay_file(tmp_path: Path, track: Track) -> Path:
    driven = drive_race(track, 1)
    path = tmp_path / "lap.mgrp"
    path.write_bytes(replay.encode(replay.record_inputs(track, driven.inputs, laps=1)))
    write_track(tmp_path / "ring.json", track)
    return path


def test_verify_prints_what_was_driven(capsys, replay_file: Path, track: Track):
    words = ("race", "verify", str(replay_file), "--track", str(replay_file.parent / "ring.json"))
    code, out, _ = run(capsys, *words, "--json")
    driven = drive_race(track, 1)
    said = json.loads(out)
    assert (code, said["valid"]) == (0, True)
    assert said["finish_ticks"] == driven.finish_ticks
    assert said["lap_ticks"] == list(driven.lap_ticks)
    assert len(said["hash"]) == 16


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data[:4] + b"\x09" + data[5:],
        lambda data: data + b"\0" * (1 << 20),
        lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
        lambda data: b"",
    ],
)
def test_verify_refuses_with_a_reason_and_exit_code_1(capsys, replay_file: Path, spoil):
    bad = replay_file.with_name("bad.mgrp")
    bad.write_bytes(spoil(replay_file.read_bytes()))
    ring_file = str(replay_file.parent / "ring.json")
    code, out, err = run(capsys, "race", "verify", str(bad), "--track", ring_file, "--json")
    said = json.loads(out)
    assert (code, said["valid"]) == (1, False)
    assert said["reason"]
    assert said["mend"]
    assert "Traceback" not in err


def test_verify_of_a_missing_file_says_so(capsys, tmp_path: Path):
    code, out, _ = run(capsys, "race", "verify", str(tmp_path / "no.mgrp"), "--json")
    assert code == 1
    assert "cannot be read: No such file" in json.loads(out)["reason"]


def test_import_then_lap_on_silverstone(capsys, shared_data: Path, tmp_path: Path):
    out_file = tmp_path / "silverstone.json"
    source = shared_data / "circuits" / "silverstone.csv"
    words = ("race", "import-track", str(source), "--out", str(out_file), "--name", "Silverstone")
    code, out, _ = run(capsys, *words, "--json")
    facts = json.loads(out)
    assert (code, facts["name"]) == (0, "Silverstone")
    assert facts["length_m"] == pytest.approx(5887, rel=0.005)
    code, out, _ = run(capsys, "race", "lap", str(out_file), "--driver", "ai", "--json")
    lap = json.loads(out)
    assert code == 0
    assert lap["ratio"] == pytest.approx(lap["lap_s"] / lap["line_s"], abs=1e-3)
    assert lap["ratio"] <= 1.08


def test_the_ai_laps_london_near_the_ideal_time(capsys):
    code, out, _ = run(capsys, "race", "lap", "london", "--json")
    assert code == 0
    assert json.loads(out)["ratio"] <= 1.05


def test_a_broken_circuit_writes_nothing(capsys, tmp_path: Path):
    broken = tmp_path / "broken.csv"
    broken.write_text("# x_m,y_m,w_tr_right_m,w_tr_left_m\n0,0,5,5\n5,0,5,nan\n")
    target = tmp_path / "out.json"
    code, _, err = run(capsys, "race", "import-track", str(broken), "--out", str(target))
    assert code == 1
    assert err.startswith("moongate race: ")
    assert not target.exists()


def test_an_unknown_track_names_those_there_are(capsys):
    code, _, err = run(capsys, "race", "lap", "atlantis")
    assert code == 1
    assert "no track or track file 'atlantis'; the editions' tracks are: london" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("fuzz", "--races", "0"), "a number from 1 to 1000000"),
        (("fuzz", "--runtimes", "java"), "name some of python, numba, node, chromium"),
        (("verify",), "required: FILE"),
        (("lap",), "required: TRACK"),
    ],
)
def test_wrong_words_are_explained(capsys, words: tuple[str, ...], message: str):
    code, _, err = run(capsys, "race", *words)
    assert code == 2
    assert message in err


def test_bench_measures_itself_and_its_peers(capsys):
    code, out, _ = run(capsys, "race", "bench", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["kart_steps_per_s"] > 0
    assert said["verify_real_time_multiple"] > 0
    for peer in ("car_racing_v3", "highway_env"):
        entry = said["peers"][peer]
        assert bool(entry["steps_per_s"]) != bool(entry["reason"])
