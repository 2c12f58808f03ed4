"""One driver: the same steering and buttons on CPython, Numba and Node, to the bit."""

import json
import subprocess
from array import array
from pathlib import Path

import numpy as np
import pytest

from moongate.race import runtime
from moongate.race.determinism.runtimes import find_node
from moongate.race.dialect import link, link_drivers
from moongate.race.drivers.driver import Driver
from moongate.race.drivers.kernel import numbers, policy, tables
from moongate.race.drivers.levels import LEVELS, set_level
from moongate.race.sim.layout import (
    BUTTON_BRAKE,
    BUTTON_DRIFT,
    BUTTON_NITRO,
    H_FINISHED,
    HEADER,
    INPUT_STRIDE,
    K_FINISH_TICK,
    KART_STRIDE,
)
from moongate.race.track import Track
from moongate.race.transpile import drivers_to_javascript, to_javascript
from tests.race.drivers.conftest import TrackOf

KARTS = 8
TICKS = 420


class Field:
    """Eight karts under way: two of each level, or wild ones."""

    def __init__(self, track: Track, seed: int, warm: int, wild: bool) -> None:
        self.track = track
        driver = Driver(track, KARTS, wild=wild, seed=seed)
        self.plan = driver.plan.table
        self.styles, self.memories = driver._styles, driver._memories
        if not wild:
            for kart in range(KARTS):
                level = LEVELS[(kart + seed) % len(LEVELS)]
                set_level(self.styles, self.memories, kart, level, 7919 * (seed + kart) + 1)
        self.state = runtime.new_state(KARTS)
        sim = runtime.load("numba")
        sim.init_race(self.state, track.table, KARTS, 1)
        row = np.zeros(INPUT_STRIDE * KARTS, np.int32)
        for _ in range(warm):
            driver.act_all(self.state, row)
            sim.step(self.state, track.table, row)
            if self.state[H_FINISHED] > 0:
                break

    def as_message(self) -> dict[str, object]:
        return {
            "karts": KARTS,
            "ticks": TICKS,
            "state": self.state.tolist(),
            "track": self.track.table.tolist(),
            "plan": self.plan.tolist(),
            "styles": self.styles.tolist(),
            "memories": self.memories.tolist(),
        }

    def on_numba(self) -> dict[str, object]:
        from moongate.race.drivers.compiled import compiled_policy

        choose_all, step = compiled_policy().choose_all, runtime.load("numba").step
        state, memories = self.state.copy(), self.memories.copy()
        row = np.zeros(INPUT_STRIDE * KARTS, np.int32)
        rows = []
        for _ in range(TICKS):
            choose_all(state, self.plan, self.styles, memories, row)
            rows.append(row.tolist())
            step(state, self.track.table, row)
        return {"rows": rows, "hash": runtime.state_hash(state), "memories": memories.tolist()}

    def on_python(self) -> dict[str, object]:
        step = runtime.load("python").step
        state, memories = array("d", self.state), array("d", self.memories)
        plan, styles = array("d", self.plan), array("d", self.styles)
        track = array("d", self.track.table)
        row = array("i", bytes(4 * INPUT_STRIDE * KARTS))
        rows = []
        for _ in range(TICKS):
            policy.choose_all(state, plan, styles, memories, row)
            rows.append(row.tolist())
            step(state, track, row)
        hash_ = runtime.state_hash(np.array(state))
        return {"rows": rows, "hash": hash_, "memories": memories.tolist()}


def on_node(fields: list[Field], folder: Path) -> list[dict[str, object]]:
    sim, drivers = link(), link_drivers()
    (folder / "sim.js").write_text(to_javascript(sim))
    (folder / "drivers.js").write_text(drivers_to_javascript(drivers, sim))
    (folder / "package.json").write_text('{"type": "module"}')
    script = folder / "drive_field.mjs"
    script.write_bytes((Path(__file__).parent / "drive_field.mjs").read_bytes())
    done = subprocess.run(
        [find_node(), str(script)],
        input=json.dumps([field.as_message() for field in fields]),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answer: list[dict[str, object]] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def fields() -> list[Field]:
    from tests.race.drivers.conftest import random_circuit

    return [
        Field(random_circuit(3), 1, warm=0, wild=False),
        Field(random_circuit(11), 2, warm=900, wild=False),
        Field(random_circuit(0), 3, warm=9000, wild=False),
        Field(random_circuit(5), 4, warm=400, wild=True),
    ]


def test_thousands_of_states_get_the_same_inputs_everywhere(fields, tmp_path: Path):
    on_numba = [field.on_numba() for field in fields]
    assert [field.on_python() for field in fields] == on_numba
    assert on_node(fields, tmp_path) == on_numba

    rows = np.array([one["rows"] for one in on_numba]).reshape(-1, INPUT_STRIDE)
    assert len(rows) == len(fields) * TICKS * KARTS > 10_000
    # What no driver did was not compared.
    for button in (BUTTON_BRAKE, BUTTON_DRIFT, BUTTON_NITRO):
        assert np.count_nonzero(rows[:, 1] & button) > 20
    assert len(np.unique(rows[:, 0])) > 200
    ended = fields[2].state[HEADER:].reshape(KARTS, KART_STRIDE)[:, K_FINISH_TICK]
    assert ended.any(), "no kart had finished, so none was seen to roll out"


def test_the_arctangent_is_that_of_the_library():
    x = np.concatenate([np.linspace(-40.0, 40.0, 4001), [0.0, 1e-9, 1e6, -1e6]])
    ours = [numbers.arctangent(value) for value in x]
    np.testing.assert_allclose(ours, np.arctan(x), atol=1e-8)


def test_the_generator_is_lehmers_to_the_last_number():
    memories = np.zeros(tables.MEMORY)
    seed = memories[tables.M_SEED] = 16_807
    for _ in range(20_000):
        share = numbers.random_share(memories, 0)
        seed = int(seed) * 48_271 % (2**31 - 1)
        assert memories[tables.M_SEED] == seed
        assert share == seed / (2**31 - 1)


def test_the_wave_swings_evenly_between_minus_one_and_one():
    x = np.linspace(-3.0, 3.0, 2401)
    y = np.array([numbers.wave(value) for value in x])
    assert (y.min(), y.max()) == (-1.0, 1.0)
    np.testing.assert_allclose(y, np.sin(2.0 * np.pi * x), atol=0.06)


def test_unknown_levels_are_refused(random_track: TrackOf):
    with pytest.raises(ValueError, match=r"level must be one of novice, .*, master, not champion"):
        Driver(random_track(0), level="champion")
