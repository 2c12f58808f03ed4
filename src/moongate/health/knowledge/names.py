"""A diagnosis by name, from anywhere, to the conditions of the base."""

from __future__ import annotations

import re
from collections import defaultdict

from moongate.health.knowledge.check import own_names, plain
from moongate.health.knowledge.loader import Base
from moongate.health.knowledge.schema import LANGS
from moongate.health.language.lexicon import stem
from moongate.health.language.tokens import simplify

_SMALL = frozenset({"of", "the", "a", "an", "in", "with", "due", "to", "and", "or", "by", "disease", "syndrome", "disorder"})
MAX_BROAD = 8


class Names:
    """Looks names up: a condition's own and narrower names first, then broader ones.

    Only spelling is forgiven (case, accents, plural, word order, brackets, British or American,
    traditional characters); which names mean a condition stands in the base alone.
    """

    def __init__(self, base: Base) -> None:
        self._own: dict[str, str] = {}
        self._loose: dict[tuple[str, ...], str] = {}
        self._broad: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, condition in base.conditions.items():
            for text in own_names(condition):
                for form in _forms(text):
                    self._own.setdefault(form, name)
                    self._loose.setdefault(_key(form), name)
            for lang in LANGS:
                for text in getattr(condition.broader, lang):
                    for form in _forms(text):
                        if name not in self._broad[_key(form)]:
                            self._broad[_key(form)].append(name)

    def find(self, text: str) -> tuple[str, ...]:
        """The conditions that the name means; several for a broader name, none when unknown."""
        forms = _forms(text)
        for form in forms:
            if form in self._own:
                return (self._own[form],)
        for form in forms:
            if _key(form) in self._loose:
                return (self._loose[_key(form)],)
        for form in forms:
            broad = self._broad.get(_key(form))
            if broad:
                return tuple(broad[:MAX_BROAD])
        return ()


def _forms(text: str) -> list[str]:
    """The name as written, without its brackets, and what stands in them."""
    whole = simplify(text)
    outside = re.sub(r"[（(][^（）()]*[)）]", " ", whole)
    inside = re.findall(r"[（(]([^（）()]*)[)）]", whole)
    parts = [whole, outside, *inside, *re.split(r"\s*/\s*", outside)]
    return list(dict.fromkeys(form for form in (plain(part) for part in parts) if form))


def _key(form: str) -> tuple[str, ...]:
    words = [stem(word) for word in form.split()]
    kept = [word for word in words if word not in _SMALL]
    return tuple(sorted(kept or words))
