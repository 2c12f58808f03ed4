"""One physics: the same bits on every runtime."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from moongate.cli import main
from moongate.race import runtime
from moongate.race.determinism import races as making
from moongate.race.determinism.fuzz import fuzz
from moongate.race.determinism.runtimes import CHROMIUM, RUNTIMES
from moongate.race.drivers.driver import drive_race
from moongate.race.track import Track
from tests.race.courses import stadium

GOLDEN = Path(__file__).parent / "golden.json"


def test_hundreds_of_races_are_bit_identical_on_python_numba_and_node(capsys):
    code = main(["race", "fuzz", "--races", "240", "--seed", "11", "--json"])
    result = json.loads(capsys.readouterr().out)
    assert (code, result["races"], result["mismatches"]) == (0, 240, 0)
    assert result["ticks"] == 240 * making.TICKS
    # What was not driven was not proven.
    assert min(result["coverage"].values()) > 500, result["coverage"]
    assert list(result["coverage"]) == list(making.COVERAGE)


def test_races_are_bit_identical_in_chromium(london: Track):
    if not any(map(shutil.which, CHROMIUM)):
        pytest.skip("no Chromium on this machine")
    result = fuzz(60, 5, ["chromium"], [london])
    assert (result["races"], result["mismatches"]) == (60, 0)


def test_a_runtime_that_differs_in_one_bit_is_caught(monkeypatch):
    def off_by_a_bit(races):
        with RUNTIMES["numba"]() as drive:
            answers = drive(races)
        answers[1][3] = "0" * 16
        return answers

    class Lying:
        def __enter__(self):
            return off_by_a_bit

        def __exit__(self, *_):
            return None

    monkeypatch.setitem(RUNTIMES, "node", Lying)
    result = fuzz(4, 2, ["node"], [])
    assert result["mismatches"] == 1
    expected = {"race": 1, "runtime": "node", "after_tick": 180, "by_tick": 240}
    assert result["differing"] == [expected]


def test_the_same_seed_makes_the_same_races():
    first, second = (list(making.make_races(6, 9, [])) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        assert (a.track.id, a.karts, a.hashes) == (b.track.id, b.karts, b.hashes)
        np.testing.assert_array_equal(a.inputs, b.inputs)


def test_a_whole_race_ends_in_the_same_state_on_every_runtime():
    track = stadium()
    driven = drive_race(track, 2, boost=True)
    assert driven.finished
    hashes = []
    state = runtime.new_state(1)
    sim = runtime.load("numba")
    sim.init_race(state, track.table, 1, 2)
    for start in range(0, len(driven.inputs), making.MARK):
        sim.drive(state, track.table, driven.inputs[start : start + making.MARK])
        hashes.append(runtime.state_hash(state))
    race = making.Race(0, track, 1, 2, driven.inputs, hashes)
    for name in ("python", "node"):
        with RUNTIMES[name]() as drive:
            assert drive([race]) == [hashes]


def test_golden_races_still_end_as_they_did():
    """A change of physics must be meant: it makes every record on the board an old one."""
    golden = json.loads(GOLDEN.read_text())
    assert golden["sim_version"] == runtime.SIM_VERSION, (
        "race/sim has changed: if that is meant, run python tests/race/determinism/golden.py"
    )
    found = [race.hashes[-1] for race in making.make_races(len(golden["hashes"]), 20, [stadium()])]
    assert found == golden["hashes"]
