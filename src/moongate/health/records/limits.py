"""How often something of health may be done from one place."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

from moongate.social.errors import TooManyError

# What, how often, in how many seconds.
LIMITS: dict[str, tuple[int, int]] = {
    "open": (60, 3600),  # one link, whoever has it
    "print": (40, 3600),  # a report costs seconds of a core
    "incident": (10, 3600),
    "talk": (1200, 600),  # answers in conversations, from one household or school
    "ready": (60, 600),
    "mini": (600, 600),  # sign-ins of the Mini Program, from one household or school
}


def admit(what: str, who: str) -> None:
    """Count one more of `what` for `who`; raises TooManyError when the window is full."""
    most, window_s = LIMITS[what]
    window, elapsed = divmod(time.time(), window_s)
    name = hashlib.blake2b(who.encode(), digest_size=16).hexdigest()
    key = f"health-{what}:{name}:{int(window)}"
    cache.add(key, 0, window_s)
    try:
        done = cache.incr(key)
    except ValueError:  # it fell out between the two calls
        cache.set(key, 1, window_s)
        done = 1
    if done > most:
        raise TooManyError(max(1, round(window_s - elapsed)))
