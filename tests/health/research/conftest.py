"""The same surroundings as the records have."""

from tests.health.records.conftest import apart  # noqa: F401
