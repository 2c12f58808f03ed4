"""A small circuit and a careful driver, for tests that need a race and not a fast one."""

from functools import cache

import numpy as np

from moongate.race import runtime
from moongate.race.sim import layout as at
from moongate.race.track import Track, build_track

AHEAD = 5  # samples the driver looks ahead


@cache
def oval(length: float = 60.0, name: str = "oval") -> Track:
    """A flat oval: two straights of `length` m and two half circles of 25 m radius."""
    half = np.linspace(-np.pi / 2, np.pi / 2, 13)
    right = np.column_stack([length / 2 + 25 * np.cos(half), 25 * np.sin(half)])
    xy = np.vstack([right, -right])
    widths = np.tile([0.0, 7.0, 7.0, 10.0, 10.0], (len(xy), 1))
    return build_track(name, np.column_stack([xy, widths]))


def drive(track: Track, *, laps: int = 1, seed: int = 0, after: int = 0) -> np.ndarray:
    """Inputs of a lone kart from the countdown to `after` ticks past the finish."""
    rng = np.random.default_rng(seed)
    sim, state = runtime.load("numba"), runtime.new_state(1)
    sim.init_race(state, track.table, 1, laps)
    kart, rows, rest = state[at.HEADER :], [], after
    wobble = 0.0
    while rest or not kart[at.K_FINISH_TICK]:
        if kart[at.K_FINISH_TICK]:
            rest -= 1
        if len(rows) % 12 == 0:
            wobble = rng.integers(-12, 13)
        ahead = track.samples[(int(kart[at.K_SEG]) + AHEAD) % track.n]
        dx, dy = ahead[at.S_X] - kart[at.K_X], ahead[at.S_Y] - kart[at.K_Y]
        left = (kart[at.K_HX] * dy - kart[at.K_HY] * dx) / np.hypot(dx, dy)
        steer = int(np.clip(-220 * left + wobble, -127, 127))
        fast = np.hypot(kart[at.K_VX], kart[at.K_VY]) > 22
        rows.append((steer, 0 if fast else at.BUTTON_THROTTLE))
        sim.step(state, track.table, np.array(rows[-1], dtype=np.int32))
        if len(rows) > 30_000:
            raise AssertionError("the test driver lost its way")
    return np.array(rows, dtype=np.int32)


def open_course(monkeypatch, *, laps: int = 2):
    """Let the site offer the oval as its only course, so that no edition need be built."""
    from moongate.race import catalogue

    track = oval()
    course = catalogue.Course(
        edition="test",
        slug="oval",
        names={"en": "The Oval", "zh-hans": "椭圆赛道"},
        track_id=track.id,
        laps=laps,
        table="editions/test/tracks/oval.bin",
        scenery="editions/test/tracks/oval.glb",
        facts={
            "length_m": track.length_m,
            "minimap": track.samples[:, :2].tolist(),
            "landmarks": [
                {
                    "name": {"en": "The Old Elm", "zh-hans": "老榆树"},
                    "what": {"en": "A tree of many summers.", "zh-hans": "一棵历经许多夏天的树。"},
                    "why": {"en": "Sit under it after the race.", "zh-hans": "赛后在树下坐一坐。"},
                    "x": 0.0,
                    "y": 400.0,
                }
            ],
        },
        track=track,
    )
    monkeypatch.setattr(catalogue, "courses", lambda: {"oval": course})
    return course


@cache
def replay_file(*, laps: int = 2, seed: int = 0) -> bytes:
    """A finished race on the oval, as a file; each seed drives its own."""
    from moongate.race.replay import encode, record_inputs

    return encode(record_inputs(oval(), drive(oval(), laps=laps, seed=seed), laps=laps))
