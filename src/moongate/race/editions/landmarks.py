"""What the game and the site know of a landmark: its card and where it is seen from."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

APOSTROPHES = re.compile(r"['’]")
OTHERS = re.compile(r"[^a-z0-9]+")


def slug_of(name: str) -> str:
    """A short name for addresses and counts: "St Paul’s" → "st-pauls"."""
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", name)).encode("ascii", "ignore")
    return OTHERS.sub("-", plain.decode().lower()).strip("-")[:40] or "landmark"


def landmark_facts(mark: Any, x: float, y: float) -> dict[str, Any]:
    """A landmark as edition.json tells it; x and y in metres."""

    def text(words: Any) -> dict[str, str]:
        return {"en": words.en, "zh-hans": words.zh_hans}

    return {
        "slug": slug_of(mark.name.en),
        "name": text(mark.name),
        "what": text(mark.card.what),
        "why": text(mark.card.why),
        "x": round(x, 1),
        "y": round(y, 1),
    }
