"""How fast the simulation is, beside two public driving simulators in the same run."""

import importlib.util
import os
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from moongate.race import replay, runtime
from moongate.race.drivers.driver import Driver, drive_race
from moongate.race.sim import layout, tuning
from moongate.race.track import Track

KARTS = 8
ROOMS = 1000
WARM_TICKS = 480  # the countdown and five seconds, so that nobody stands still
TICKS = 240
ROUNDS = 3
VERIFY_LAPS = 3
PEERS = {"car_racing_v3": ("CarRacing-v3", 150), "highway_env": ("highway-v0", 60)}


def bench(track: Track) -> dict[str, Any]:
    """All figures on one thread; peers that are not installed are null with the reason."""
    steps = kart_steps_per_s(track)
    multiple = verify_multiple(track)
    result: dict[str, Any] = {
        "kart_steps_per_s": round(steps),
        "karts": KARTS,
        "rooms": ROOMS,
        "verify_real_time_multiple": round(multiple),
    }
    peers: dict[str, Any] = {}
    for name, (environment, count) in PEERS.items():
        speed, reason = peer_steps_per_s(environment, count)
        peers[name] = {"steps_per_s": speed, "reason": reason}
        if speed:
            peers[name]["ratio"] = round(steps / speed)
    return result | {"peers": peers}


def kart_steps_per_s(track: Track) -> float:
    """Kart ticks a second with ROOMS rooms of KARTS karts, all rooms taking each tick in turn.

    The karts race each other: every one is driven by the AI, drifting and boosting, and each
    round begins from states that are already under way.
    """
    inputs = np.zeros((WARM_TICKS + TICKS, layout.INPUT_STRIDE * KARTS), np.int32)
    state = runtime.new_state(KARTS)
    sim = runtime.load("numba")
    sim.init_race(state, track.table, KARTS, 9)
    driver = Driver(track, KARTS, wild=True, seed=1)
    for tick, row in enumerate(inputs):
        if tick == WARM_TICKS:
            warm = state.copy()
        driver.act_all(state, row)
        sim.step(state, track.table, row)
    drive_rooms = runtime.compiled().drive_rooms
    drive_rooms(np.tile(warm, (2, 1)), track.table, inputs[WARM_TICKS : WARM_TICKS + 1])
    best = min(
        _seconds(drive_rooms, np.tile(warm, (ROOMS, 1)), track.table, inputs[WARM_TICKS:])
        for _ in range(ROUNDS)
    )
    return ROOMS * KARTS * TICKS / best


def verify_multiple(track: Track) -> float:
    """Seconds of racing that one second of verifying its replay covers."""
    driven = drive_race(track, VERIFY_LAPS, boost=True)
    data = replay.encode(replay.record_inputs(track, driven.inputs, laps=VERIFY_LAPS))
    replay.verify(data, lambda _: track)
    best = min(_seconds(replay.verify, data, lambda _: track) for _ in range(10 * ROUNDS))
    return float(len(driven.inputs)) * tuning.DT / best


def peer_steps_per_s(environment: str, count: int) -> tuple[float | None, str | None]:
    """Steps a second of a Gymnasium environment with random actions, or None and why."""
    needed = "highway_env" if environment.startswith("highway") else "Box2D"
    for module in ("gymnasium", needed):
        if importlib.util.find_spec(module) is None:
            return None, f"{module} is not installed: pip install 'moongate[bench]'"
    import gymnasium

    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if needed == "highway_env":
            gymnasium.register_envs(importlib.import_module(needed))
        peer: Any = gymnasium.make(environment)
        peer.reset(seed=1)
        peer.action_space.seed(1)
        spent = 0.0
        for _ in range(count):
            action = peer.action_space.sample()
            began = time.perf_counter()
            _, _, ended, truncated, _ = peer.step(action)
            spent += time.perf_counter() - began
            if ended or truncated:
                peer.reset()
        peer.close()
    return round(count / spent, 1), None


def _seconds(work: Callable[..., Any], *arguments: Any) -> float:
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began
