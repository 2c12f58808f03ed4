"""The server reads a built edition without the tools that build it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from moongate.race.editions.build import build_edition
from moongate.race.editions.loader import load_edition
from moongate.race.editions.schema import EditionError
from moongate.race.sim import layout
from moongate.race.track import Track
from tests.race.editions.tiny import write_edition

BARE = """
import sys
for name in ("trimesh", "manifold3d", "shapely", "mapbox_earcut"):
    sys.modules[name] = None
from pathlib import Path
from moongate.race.editions.loader import load_edition
edition = load_edition(Path(sys.argv[1]))
print(edition.slug, list(edition.tracks))
"""


@pytest.fixture
def tiny_built(tmp_path):
    build_edition(write_edition(tmp_path / "tiny"), tmp_path / "out")
    return tmp_path / "out"


def table_of(built: Path) -> Path:
    index = json.loads((built / "edition.json").read_text("utf-8"))
    return built / index["tracks"][0]["table"]


def test_an_edition_from_any_folder_gives_its_tracks_by_slug_and_by_id(tiny_built):
    edition = load_edition(tiny_built)
    track = edition.tracks["pond"]
    assert edition.tracks_by_id == {track.id: track}
    assert edition.index["tracks"][0]["id"] == track.id


def test_the_loader_needs_no_geometry_packages(tiny_built):
    done = subprocess.run(
        [sys.executable, "-c", BARE, str(tiny_built)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "tiny ['pond']\n"


def test_a_table_that_was_changed_is_refused(tiny_built):
    table = table_of(tiny_built)
    data = bytearray(table.read_bytes())
    data[800] ^= 1
    table.write_bytes(data)
    with pytest.raises(EditionError, match=r"its id is \w+, not \w+\. Build the edition again"):
        load_edition(tiny_built)


def test_a_table_outside_the_edition_is_refused(tiny_built):
    file = tiny_built / "edition.json"
    index = json.loads(file.read_text("utf-8"))
    index["tracks"][0]["table"] = "../secret.bin"
    file.write_text(json.dumps(index), "utf-8")
    with pytest.raises(EditionError, match="it lies outside the edition"):
        load_edition(tiny_built)


def test_a_folder_without_an_edition_says_what_to_do(tmp_path):
    with pytest.raises(EditionError, match=r"it does not exist\. Build the edition first"):
        load_edition(tmp_path)


def test_a_table_that_names_more_samples_than_it_has_is_refused(tiny_built):
    """Compiled code would read beyond its end."""
    file = table_of(tiny_built)
    table = np.frombuffer(file.read_bytes(), "<f8").copy()
    table[layout.T_N] += 1
    file.write_bytes(table.tobytes())
    index = json.loads((tiny_built / "edition.json").read_text("utf-8"))
    index["tracks"][0]["id"] = Track("pond", table).id
    (tiny_built / "edition.json").write_text(json.dumps(index), "utf-8")
    with pytest.raises(EditionError, match="samples its header names"):
        load_edition(tiny_built)
