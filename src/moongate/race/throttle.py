"""How many replays one person, and one address, may send."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.core.cache import cache

from moongate.accounts.addresses import household

WINDOW_S = 600
PER_PERSON = 30
PER_ADDRESS = 120  # a family, a school


def wait_s(person: str, address: str) -> int:
    """Count one upload; 0 when it may go on, else the seconds until it may."""
    limits = getattr(settings, "RACE_UPLOADS", (PER_PERSON, PER_ADDRESS))
    now = time.time()
    window, elapsed = divmod(now, WINDOW_S)
    keys = []
    for kind, who, most in (
        ("person", person, limits[0]),
        ("address", household(address), limits[1]),
    ):
        if not who:
            continue
        name = hashlib.blake2b(f"{kind}:{who}".encode(), digest_size=16).hexdigest()
        keys.append((f"race-upload:{name}:{int(window)}", most))
    for key, most in keys:
        cache.add(key, 0, WINDOW_S)
        try:
            sent = cache.incr(key)
        except ValueError:  # it fell out between the two calls
            cache.set(key, 1, WINDOW_S)
            sent = 1
        if sent > most:
            return max(1, round(WINDOW_S - elapsed))
    return 0
