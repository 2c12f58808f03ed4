"""Social in tests: no limits and no cards left from another test."""

import pytest
from django.core.cache import cache

from moongate.social import cards


@pytest.fixture(autouse=True)
def afresh(monkeypatch):
    cache.clear()
    monkeypatch.setattr(cards, "_services", {})
