"""Records in tests: a quick hash, keys of their own, and an empty cache of limits."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def apart(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HEALTH_KEYS = []
    settings.HEALTH_KEY_FILE = tmp_path / "health_keys"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    cache.clear()
