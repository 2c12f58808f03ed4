"""Sealing with the house's own keys: from MOONGATE_HEALTH_KEYS, or from a file in the data home.

The file is read again when it changes, so keys rotate without a restart.
"""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from moongate.health.records.keyring import (
    KeyFileError,
    Keyring,
    KeyUnknownError,
    SealError,
    ensure_key_file,
    read_key_file,
    read_keys,
)

__all__ = [
    "KeyFileError",
    "KeyUnknownError",
    "SealError",
    "check_keys",
    "keyring",
    "seal",
    "unseal",
]

_lock = threading.Lock()
_read: dict[Path, tuple[tuple[int, int, int], Keyring]] = {}


def seal(plain: bytes, context: str) -> bytes:
    """Seal with the newest key; `context` names where it belongs (`health.assessment.talk:ID`)."""
    return keyring().seal(plain, context)


def unseal(sealed: bytes, context: str) -> bytes:
    """What was sealed for that place. Raises SealError."""
    return keyring().unseal(bytes(sealed), context)


def keyring() -> Keyring:
    """The keys as they stand now. Raises KeyFileError naming the variable or the file."""
    if settings.HEALTH_KEYS:
        return read_keys(settings.HEALTH_KEYS, "MOONGATE_HEALTH_KEYS")
    path = Path(settings.HEALTH_KEY_FILE)
    with _lock:
        ensure_key_file(path)
        state = path.stat()
        seen = (state.st_mtime_ns, state.st_size, state.st_ino)
        known = _read.get(path)
        if known is None or known[0] != seen:
            known = _read[path] = (seen, read_key_file(path))
        return known[1]


def check_keys() -> None:
    """Refuse to start on keys in the environment that cannot be used."""
    if settings.HEALTH_KEYS:
        try:
            keyring()
        except KeyFileError as error:
            raise ImproperlyConfigured(str(error)) from None
