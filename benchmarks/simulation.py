"""Kart steps a second on one thread, beside two public driving simulators in the same run.

    python benchmarks/simulation.py

A step is one tick of one kart here, one step of the environment there: CarRacing-v3 moves one car
by 1/50 s and draws it; highway-v0 moves its cars for the second between two decisions.
"""

import sys

from moongate.race.bench import bench
from moongate.race.tracks import find_track


def main() -> int:
    result = bench(find_track("london"))
    ours = result["kart_steps_per_s"]
    print(f"moongate       {ours:>14,.0f} kart steps/s ({result['rooms']} rooms of 8)")
    for name, peer in result["peers"].items():
        if peer["steps_per_s"]:
            print(f"{name:<14} {peer['steps_per_s']:>14,.1f} steps/s    ratio {peer['ratio']:,}")
        else:
            print(f"{name:<14} not measured: {peer['reason']}")
    multiple = result["verify_real_time_multiple"]
    print(f"verification   {multiple:>14,.0f} times real time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
