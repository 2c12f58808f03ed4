"""Races a fuzzer makes: a circuit, one to eight karts, and inputs that really drive."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from moongate.race import runtime
from moongate.race.determinism.courses import random_circuit
from moongate.race.drivers.driver import Driver
from moongate.race.sim import layout
from moongate.race.track import Track

TICKS = 1800  # three seconds of countdown, twenty-seven of racing
MARK = 60  # ticks between state hashes
CIRCUITS = 12  # random circuits a fuzz run drives on, beside an edition's
NOISE_EVERY = 4  # each fourth race is pure noise
HELD_TICKS = 12  # ticks that noise holds an input, about
COVERAGE = {  # what a fuzz run counts, and the field that is not 0 while it happens
    "drift": layout.K_DRIFT,
    "nitro": layout.K_NITRO_LEFT,
    "mini_boost": layout.K_MINI_LEFT,
    "double_boost": layout.K_DOUBLE_LEFT,
    "pad": layout.K_PAD_LEFT,
    "slipstream": layout.K_DRAFT_LEFT,
    "air": layout.K_AIR,
    "wall": layout.K_WALL,
    "kart_contact": layout.K_CONTACT,
    "off_road": layout.K_OFF_ROAD,
}


@dataclass(frozen=True)
class Race:
    """One race to drive on every runtime; inputs is int32[ticks, 2 * karts]."""

    number: int
    track: Track
    karts: int
    laps: int
    inputs: npt.NDArray[np.int32]
    hashes: list[str]  # what Numba arrived at, one for every MARK ticks and the last
    coverage: dict[str, int] = field(default_factory=dict)  # kart-ticks

    def as_message(self) -> dict[str, object]:
        """The race as a JavaScript worker reads it."""
        # A button mask stays under 64 and a steer within ±127: a signed byte each.
        return {
            "track": self.track.id,
            "karts": self.karts,
            "laps": self.laps,
            "ticks": len(self.inputs),
            "mark": MARK,
            "inputs": base64.b64encode(self.inputs.astype(np.int8).tobytes()).decode(),
        }


def make_races(count: int, seed: int, tracks: list[Track]) -> Iterator[Race]:
    """Races 0 to count - 1 of a seed, on the given tracks and on random circuits."""
    rng = np.random.default_rng(seed)
    courses = tracks + [random_circuit(rng) for _ in range(CIRCUITS)]
    for number in range(count):
        own = np.random.default_rng([seed, number])
        yield make_race(number, courses[number % len(courses)], own)


def make_race(number: int, track: Track, rng: np.random.Generator) -> Race:
    """Drives one race on Numba, keeping its inputs, its hashes and what it covered."""
    karts = 1 + number % 8
    laps = int(rng.integers(1, 4))
    sim = runtime.load("numba")
    state = runtime.new_state(karts)
    sim.init_race(state, track.table, karts, laps)
    if number % NOISE_EVERY == NOISE_EVERY - 1:
        inputs = _noise(karts, rng)
        driver = None
    else:
        inputs = np.zeros((TICKS, layout.INPUT_STRIDE * karts), np.int32)
        driver = Driver(track, karts, wild=True, seed=int(rng.integers(2**31)))
    rows = state[layout.HEADER :].reshape(karts, layout.KART_STRIDE)
    watched = np.array(list(COVERAGE.values()))
    seen = np.zeros(len(COVERAGE), np.int64)
    hashes = []
    for tick, row in enumerate(inputs):
        if driver:
            driver.act_all(state, row)
        sim.step(state, track.table, row)
        seen += np.count_nonzero(rows[:, watched], axis=0)
        if (tick + 1) % MARK == 0 or tick + 1 == len(inputs):
            hashes.append(runtime.state_hash(state))
    covered = dict(zip(COVERAGE, seen.tolist(), strict=True))
    return Race(number, track, karts, laps, inputs, hashes, covered)


def _noise(karts: int, rng: np.random.Generator) -> npt.NDArray[np.int32]:
    """Random buttons and steering, held long enough to get somewhere."""
    held = -(-TICKS // HELD_TICKS)
    inputs = np.zeros((held, karts, layout.INPUT_STRIDE), np.int32)
    inputs[:, :, 0] = rng.integers(-layout.STEER_MAX, layout.STEER_MAX + 1, (held, karts))
    buttons = rng.integers(0, layout.BUTTONS_ALL + 1, (held, karts))
    # Mostly forwards, or noise would stand on its brakes.
    forwards = rng.random((held, karts)) < 0.8
    buttons = np.where(forwards, (buttons | layout.BUTTON_THROTTLE) & ~layout.BUTTON_BRAKE, buttons)
    buttons = np.where(rng.random((held, karts)) < 0.95, buttons & ~layout.BUTTON_RESCUE, buttons)
    inputs[:, :, 1] = buttons
    return np.repeat(inputs.reshape(held, -1), HELD_TICKS, axis=0)[:TICKS]
