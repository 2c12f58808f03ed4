"""How much one person, and one address, may send."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.core.cache import cache

from moongate.accounts.addresses import household

WINDOW_S = 600
PER_PERSON = 30
PER_ADDRESS = 120  # a family, a school
CARDS_PER_ADDRESS = 60


def wait_s(person: str, address: str) -> int:
    """Count one upload; 0 when it may go on, else the seconds until it may."""
    limits = getattr(settings, "RACE_UPLOADS", (PER_PERSON, PER_ADDRESS))
    return _wait_s(
        "race-upload", (("person", person, limits[0]), ("address", household(address), limits[1]))
    )


def card_wait_s(address: str) -> int:
    """Count one telling of collected cards; 0 when it may go on, else the seconds until it may."""
    return _wait_s("race-cards", (("address", household(address), CARDS_PER_ADDRESS),))


def _wait_s(what: str, who_may: tuple[tuple[str, str, int], ...]) -> int:
    window, elapsed = divmod(time.time(), WINDOW_S)
    keys = []
    for kind, who, most in who_may:
        if not who:
            continue
        name = hashlib.blake2b(f"{kind}:{who}".encode(), digest_size=16).hexdigest()
        keys.append((f"{what}:{name}:{int(window)}", most))
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
