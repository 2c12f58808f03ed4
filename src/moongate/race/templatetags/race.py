"""Times and names as a reader wants them."""

from __future__ import annotations

from typing import Any

from django import template

from moongate.race.catalogue import words

register = template.Library()


@register.filter
def race_time(ms: int) -> str:
    """Milliseconds as 1:23.456."""
    minutes, rest = divmod(int(ms), 60_000)
    return f"{minutes}:{rest // 1000:02}.{rest % 1000:03}"


@register.filter
def behind(ms: int, best_ms: int) -> str:
    """The gap to the best as +1.234 s; nothing for the best itself."""
    gap = int(ms) - int(best_ms)
    return f"+{gap // 1000}.{gap % 1000:03}" if gap > 0 else ""


@register.filter
def said(names: dict[str, Any]) -> str:
    """A text of the edition in the reader's language."""
    return words(names)
