"""Photos in tests: a media folder of their own, and no limits left from another test."""

import pytest
from django.core.cache import cache

from moongate.accounts.models import User


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    return settings.MEDIA_ROOT


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada", password=None)


@pytest.fixture
def bo(db):
    return User.objects.create_user("bo", password=None)
