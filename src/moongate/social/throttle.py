"""How often one person may do something. A refusal says how many seconds to wait."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache

from moongate.social.errors import TooManyError

# What, how often, in how many seconds.
LIMITS: dict[str, tuple[int, int]] = {
    "post": (30, 600),
    "comment": (60, 600),
    "follow": (120, 3600),
    "like": (300, 600),
    "gift": (30, 3600),
    "report": (20, 3600),
    "photo": (120, 3600),  # each costs a second of decoding
    "search": (60, 60),
    "api": (1200, 600),
}


def admit(what: str, person: Any) -> None:
    """Count one more of `what`; raises TooManyError when the person's window is full."""
    if seconds := wait_s(what, person):
        raise TooManyError(seconds)


def wait_s(what: str, person: Any) -> int:
    """Count one more of `what`; 0 when it may go on, else the seconds until it may."""
    limits = {**LIMITS, **getattr(settings, "SOCIAL_LIMITS", {})}
    most, window_s = limits[what]
    window, elapsed = divmod(time.time(), window_s)
    key = f"social-{what}:{person.pk}:{int(window)}"
    cache.add(key, 0, window_s)
    try:
        done = cache.incr(key)
    except ValueError:  # it fell out between the two calls
        cache.set(key, 1, window_s)
        done = 1
    return max(1, round(window_s - elapsed)) if done > most else 0
