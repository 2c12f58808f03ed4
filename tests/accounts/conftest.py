"""Accounts in tests: a quick hash, since hundreds of slow ones prove nothing more."""

import pytest


@pytest.fixture(autouse=True)
def quick_hash(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
