"""What the chat's templates need: lists in the reader's language, numbers for drawings."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language

from moongate.accounts.consents import Purpose

register = template.Library()


@register.filter
def listed(words: Iterable[str]) -> str:
    """Words one after the other."""
    return ("、" if (get_language() or "en").startswith("zh") else ", ").join(words)


@register.filter
def svg(number: float) -> str:
    """A number as drawings have it, whatever the reader's language."""
    return f"{number:g}"


@register.filter
def purpose_text(purpose: Purpose) -> str:
    """What a purpose asks, in the reader's language."""
    chinese = (get_language() or "en").startswith("zh")
    return purpose.text["zh-hans" if chinese else "en"]
