"""The engine over the base that ships, made once."""

import pytest

from moongate.health.assessment import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.load()
