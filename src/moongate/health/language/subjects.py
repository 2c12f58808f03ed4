"""Whose findings a place in the text speaks of."""

from __future__ import annotations

import re
from itertools import pairwise

from moongate.health.language.cues import Cue, pieces_between
from moongate.health.language.tokens import Token

_OTHERS = frozenset({"relatives", "dependants", "animals"})
_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "they", "他", "她"})
_SUBJECT_PLACE = re.compile(
    r"(?:^|[.,;!?。，；！？\n]|\band\b|\bbut\b)\s*"
    r"(?:(?:my|our|the|a|his|her)\s+(?:\w+\s+)?|我家的?|我的?|家里的?)?$"
)
_MET = re.compile(
    r"(contact with|exposed to|lives? with|\bas|\blike|\bthan|接触|和|跟)\W*(my |a |an |的|我)*$"
)
# Who is only met, visited, lifted or fallen out with is not who is ill.
_PASSING = re.compile(
    r"\b(?:at|from|with|after|by|near|beside|to|visit(?:ed|ing)?|saw|seeing|told|lift(?:ed|ing)|"
    r"picked up|carr(?:ied|ying)|held|holding|help(?:ed|ing))"
    r"\s+(?:(?:my|a|an|the|our|both)\s+){0,2}$|"
    r"(?:跟|和|与|陪着?|抱着?|被|在|去)(?:我|我们|一个|个)?的?$"
)
_THIRD_PERSON = re.compile(r"\b(?:he|she|they|his|her|him|who|whose)\b|[他她]")


def _in_passing(text: str, cue: Cue, end: int) -> bool:
    """Whether the person is named in passing, and nothing else of them is told up to `end`."""
    before = text[max(0, cue.start - 24) : cue.start]
    return bool(_PASSING.search(before)) and not _THIRD_PERSON.search(text[cue.end : end])


def _opens_clause(text: str, place: int) -> bool:
    """Whether a word stands where a sentence's subject does, but for whose it is."""
    return bool(_SUBJECT_PLACE.search(text[max(0, place - 24) : place]))


class Subjects:
    """Whose findings a place in the text speaks of."""

    def __init__(
        self, cues: list[Cue], stops: list[int], text: str, taken: set[tuple[int, int]],
        tokens: list[Token],
    ) -> None:  # fmt: skip
        self._changes: list[tuple[int, str]] = [(0, "self")]
        first_person = any("self_words" in c.roles for c in cues)
        carried = "self"
        bounds = [0, *stops, len(text)]
        for low, high in pairwise(bounds):
            inside = [c for c in cues if low <= c.start < high]
            subject = carried if first_person else "self"
            words = set(pieces_between(text, low, high))
            if any("self_words" in c.roles for c in inside):
                subject = "self"
            elif carried != "self" and not words & _PRONOUNS and first_person:
                subject = carried
            self._changes.append((low, subject))
            for i, cue in enumerate(inside):
                other = cue.roles & _OTHERS
                if text[: cue.start].endswith("隔壁"):
                    continue  # the one next door, whoever it is
                if other == {"animals"} and not _opens_clause(text, cue.start):
                    continue
                if other and (cue.start, cue.end) not in taken:
                    later = [c for c in inside[i + 1 :] if c.start >= cue.end]
                    soon = [c for c in later if len(pieces_between(text, cue.end, c.start)) <= 2]
                    if any("reporting" in c.roles for c in soon):
                        continue
                    if _MET.search(text[max(0, cue.start - 24) : cue.start]):
                        continue
                    if _in_passing(text, cue, high):
                        continue
                    subject = cue.text
                    self._changes.append((cue.start, subject))
                elif "self_words" in cue.roles and subject != "self":
                    owner = text[cue.end : cue.end + 14]
                    possessive = cue.text in ("my", "我", "me", "mine")
                    next_cues = [c for c in inside[i + 1 :] if c.start >= cue.end]
                    close = (
                        next_cues and len(pieces_between(text, cue.end, next_cues[0].start)) <= 2
                    )
                    if possessive and close and next_cues[0].roles & _OTHERS:
                        continue
                    if owner.strip():
                        subject = "self"
                        self._changes.append((cue.start, subject))
            carried = subject
        self._changes.sort(key=lambda change: change[0])

    def of(self, place: int) -> str:
        """The subject at a place of the text."""
        subject = "self"
        for start, who in self._changes:
            if start > place:
                break
            subject = who
        return subject
