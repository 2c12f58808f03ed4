"""Drives the same races on every runtime and compares the bits."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Any

from moongate.race.determinism.races import COVERAGE, MARK, Race, make_races
from moongate.race.determinism.runtimes import RUNTIMES
from moongate.race.track import Track

BATCH = 20  # races sent to a runtime at once


def fuzz(
    races: int,
    seed: int,
    runtimes: Sequence[str],
    tracks: list[Track],
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Drives `races` races of `seed` on each of `runtimes` and compares their state hashes.

    Returns races, ticks, mismatches, coverage (kart-ticks of each thing that happened) and, for
    each race that differed, its number, runtime and the ticks between which it parted. Every race
    is also driven once by Numba tick by tick, which is what all are compared with.
    """
    coverage: Counter[str] = Counter(dict.fromkeys(COVERAGE, 0))
    differing: list[dict[str, Any]] = []
    ticks = done = 0
    with ExitStack() as stack:
        started = {name: stack.enter_context(RUNTIMES[name]()) for name in runtimes}
        for batch in _batched(make_races(races, seed, tracks)):
            for name, drive in started.items():
                for race, hashes in zip(batch, drive(batch), strict=True):
                    differing += _difference(race, name, hashes)
            for race in batch:
                coverage.update(race.coverage)
                ticks += len(race.inputs)
            done += len(batch)
            progress(done)
    return {
        "races": races,
        "ticks": ticks,
        "runtimes": list(runtimes),
        "mismatches": len(differing),
        "coverage": dict(coverage),
        "differing": differing,
    }


def _batched(races: Any) -> Any:
    while batch := list(islice(races, BATCH)):
        yield batch


def _difference(race: Race, name: str, hashes: list[str]) -> list[dict[str, Any]]:
    if hashes == race.hashes:
        return []
    pairs = zip(race.hashes, hashes, strict=False)
    first = next((k for k, (a, b) in enumerate(pairs) if a != b), len(hashes))
    after, before = first * MARK, min((first + 1) * MARK, len(race.inputs))
    return [{"race": race.number, "runtime": name, "after_tick": after, "by_tick": before}]
