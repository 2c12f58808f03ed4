"""`{{ text|told }}`: a text of a kept assessment in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language

from moongate.health.records.snapshot import Both, Named
from moongate.health.wording import say

register = template.Library()


def _chinese() -> bool:
    return (get_language() or "en").startswith("zh")


@register.filter
def told(text: Both) -> str:
    """The text in the reader's language."""
    return text.in_("zh" if _chinese() else "en")


@register.filter
def named(findings: Iterable[Named]) -> str:
    """The findings' names, one after the other."""
    return ("、" if _chinese() else ", ").join(told(found.name) for found in findings)


@register.filter
def percent(probability: float | None) -> str:
    """A probability in whole per cent; below half a per cent it says so."""
    if probability is None:
        return "–"
    return "<1 %" if 0 < probability < 0.005 else f"{probability:.0%}".replace("%", " %")


@register.filter
def bar(probability: float | None) -> str:
    """How many hundredths of a bar's width."""
    return f"{max(0.6, 100 * (probability or 0)):.1f}"


@register.simple_tag
def engine_says(key: str) -> str:
    """One of the engine's own texts, in the reader's language."""
    return say(key, "zh" if _chinese() else "en")
