"""What every test shares: where the measuring data are, and the tracks."""

from pathlib import Path

import pytest

from moongate.race.track import Track
from moongate.race.tracks import edition_tracks

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of measuring data; it is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the measuring data (../shared/data) are not here")
    return SHARED


@pytest.fixture(scope="session")
def london() -> Track:
    """The London track, as built."""
    return edition_tracks()["london"]
