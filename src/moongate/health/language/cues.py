"""Words that say how a finding is meant: no, maybe, years ago, my mother, she says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moongate.health.language.lexicon import Lexicon
from moongate.health.language.tokens import spell

_WORD = re.compile(r"[a-z]+(?:['’`][a-z]+)?|h/o")


@dataclass(frozen=True)
class Cue:
    """A cue word at its place, with the parts it plays."""

    start: int
    end: int
    text: str
    roles: frozenset[str]
    chinese: bool


class CueFinder:
    """All cues of a text, longest first where they overlap in the same role."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._english: dict[tuple[str, ...], set[str]] = {}
        self._chinese: dict[str, set[str]] = {}
        for role, forms in lexicon.cues["en"].roles.items():
            for form in forms:
                self._english.setdefault(tuple(form.split()), set()).add(role)
        for role, forms in lexicon.cues["zh"].roles.items():
            for form in forms:
                self._chinese.setdefault(form, set()).add(role)
        self._longest = max(len(key) for key in self._english)
        self._longest_zh = max(len(key) for key in self._chinese)

    def cues(self, text: str) -> list[Cue]:
        """The cues of simplified text, in order of place."""
        words: list[tuple[int, int, str]] = []
        for piece in _WORD.finditer(text):
            spelt = spell(piece.group())
            words += [(piece.start(), piece.end(), word) for word in spelt]
        found = []
        for at in range(len(words)):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                key = tuple(word for *_, word in words[at : at + length])
                roles = self._english.get(key)
                if roles:
                    found.append(Cue(words[at][0], words[at + length - 1][1], " ".join(key),
                                     frozenset(roles), False))  # fmt: skip
        for at in range(len(text)):
            if not "\u3400" <= text[at] <= "\u9fff":
                continue
            for length in range(min(self._longest_zh, len(text) - at), 0, -1):
                roles = self._chinese.get(text[at : at + length])
                if roles:
                    found.append(
                        Cue(at, at + length, text[at : at + length], frozenset(roles), True)
                    )
        return _not_inside(found)


def _not_inside(cues: list[Cue]) -> list[Cue]:
    """Without negations that are part of a longer cue ("no idea", "不知道", "没有")."""
    wide = [c for c in cues if c.roles & {"not_negation", "negation", "uncertain", "hypothetical"}]
    kept = []
    for cue in cues:
        if cue.roles & {"negation", "negation_after"} and any(
            c is not cue and c.start <= cue.start and cue.end <= c.end
            and c.end - c.start > cue.end - cue.start for c in wide
        ):  # fmt: skip
            continue
        kept.append(cue)
    return sorted(kept, key=lambda c: (c.start, c.end))


def pieces_between(text: str, start: int, end: int) -> list[str]:
    return re.findall(r"[a-z]+|[\u3400-\u9fff]|[,，、:：]", text[start:end])
