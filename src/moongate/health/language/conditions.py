"""Conditions called by their names in free text: "I have shingles", "痛风又犯了"."""

from __future__ import annotations

from ahocorasick_rs import AhoCorasick, MatchKind

from moongate.health.knowledge.loader import Base
from moongate.health.knowledge.schema import LANGS
from moongate.health.language.matching import Match
from moongate.health.language.tokens import Token, simplify

SHORTEST = {"en": 5, "zh": 2}


class ConditionNames:
    """The own names of every condition (not the broader ones), found as whole words."""

    def __init__(self, base: Base) -> None:
        self._owner: dict[str, str] = {}
        for condition_id, condition in base.conditions.items():
            for lang in LANGS:
                names = [getattr(condition.name, lang), *getattr(condition.also, lang)]
                for name in [*names, *getattr(condition.narrower, lang)]:
                    text = simplify(name)
                    if len(text) >= SHORTEST["en" if text.isascii() else lang]:
                        self._owner.setdefault(text, condition_id)
        self._names = sorted(self._owner)
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str, tokens: list[Token]) -> list[Match]:
        """Matches whose `finding` is a condition's id."""
        found = []
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            if _within_word(text, start, end):
                continue
            at = tuple(i for i, t in enumerate(tokens) if t.start < end and t.end > start)
            if at:
                found.append(Match(self._owner[self._names[index]], at, 0, literal=True))
        return found


def _within_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 2]
    if after[:1] == "s" and not after[1:].isalnum():
        after = ""  # a plural
    left = before.isascii() and before.isalnum() and text[start].isascii()
    right = after[:1].isascii() and after[:1].isalnum() and text[end - 1].isascii()
    return left or right
