"""Writes golden.json: run it when a change of physics is meant."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from moongate.race import runtime  # noqa: E402
from moongate.race.determinism.races import make_races  # noqa: E402
from tests.race.courses import stadium  # noqa: E402

hashes = [race.hashes[-1] for race in make_races(16, 20, [stadium()])]
document = {"sim_version": runtime.SIM_VERSION, "hashes": hashes}
(Path(__file__).parent / "golden.json").write_text(json.dumps(document, indent=1) + "\n")
