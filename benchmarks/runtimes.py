"""The same race on Numba, Node and CPython: what one physics costs on each.

python benchmarks/runtimes.py
"""

import sys
import time

from moongate.race.determinism.races import make_races
from moongate.race.determinism.runtimes import RUNTIMES

RACES = 40


def main() -> int:
    races = list(make_races(RACES, 3, []))
    steps = sum(len(race.inputs) * race.karts for race in races)
    speeds = {}
    for name in ("numba", "node", "python"):
        with RUNTIMES[name]() as drive:
            drive(races[:2])
            began = time.perf_counter()
            drive(races)
            speeds[name] = steps / (time.perf_counter() - began)
    for name, speed in speeds.items():
        ratio = speed / speeds["python"]
        print(f"{name:<8} {speed:>12,.0f} kart steps/s   ratio to CPython {ratio:.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
