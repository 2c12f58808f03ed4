"""The exact posterior beside pyAgrum on one network, and the time to the next question."""

import sys

from moongate.health.evaluation.speed import bench, bench_lines

result = bench()
print("\n".join(bench_lines(result)))
if result["peer"] is None:
    sys.exit("pyAgrum is missing: make bench installs it")
