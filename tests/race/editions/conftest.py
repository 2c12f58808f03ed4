"""The UK edition, built once for all its tests."""

import os
from pathlib import Path

import pytest

import moongate.race.editions as editions
from moongate.race.editions.build import build_edition

CACHE = Path(__file__).parents[3] / "var" / "cache" / "editions"


@pytest.fixture(scope="session")
def uk_source() -> Path:
    """The UK edition's folder."""
    return Path(editions.__file__).parent / "uk"


@pytest.fixture(scope="session")
def uk_built(uk_source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The UK edition as built from that folder."""
    out = tmp_path_factory.mktemp("editions") / "uk"
    # What `make client` made is taken again: the cache knows what has changed since.
    build_edition(uk_source, out, cache_dir=CACHE, jobs=os.cpu_count() or 1)
    return out
