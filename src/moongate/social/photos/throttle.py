"""How many photos one person may send in an hour; each costs a second of decoding."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache

WINDOW_S = 3600
PER_PERSON = 120


def wait_s(person: Any) -> int:
    """Count one photo; 0 when it may go on, else the seconds until it may."""
    window, elapsed = divmod(time.time(), WINDOW_S)
    key = f"social-photo:{person.pk}:{int(window)}"
    cache.add(key, 0, WINDOW_S)
    try:
        sent = cache.incr(key)
    except ValueError:  # it fell out between the two calls
        cache.set(key, 1, WINDOW_S)
        sent = 1
    if sent > getattr(settings, "SOCIAL_PHOTOS_PER_HOUR", PER_PERSON):
        return max(1, round(WINDOW_S - elapsed))
    return 0
