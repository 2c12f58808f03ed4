"""What stands around a finding: is it denied, doubted, feared, long past, or somebody else's?"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from moongate.health.language.cues import Cue, pieces_between
from moongate.health.language.denial import denied
from moongate.health.language.lexicon import KIN
from moongate.health.language.matching import Match
from moongate.health.language.subjects import Subjects
from moongate.health.language.tokens import Token

Status = Literal["present", "absent", "uncertain", "past", "feared"]


@dataclass(frozen=True)
class Judged:
    """A match with its context: `whose` is "self", or the word for the other person or animal."""

    match: Match
    start: int
    end: int
    status: Status
    whose: str


def judge(
    matches: list[Match], tokens: list[Token], cues: list[Cue], text: str, brief_days: bool
) -> list[Judged]:
    """Each match with its status and whose it is.

    `brief_days` says that the text tells of a short course, so that "history of" means now.
    """
    taken = _taken_spans(matches, tokens)
    free = [cue for cue in cues if not _inside(cue, taken, tokens)]
    stops = [token.start for token in tokens if token.kind == "stop"]
    subjects = Subjects(cues, stops, text, taken, tokens)
    kin = {i for match in matches if _has_kin(match, tokens) for i in match.at}
    judged = []
    for match in matches:
        start, end = tokens[match.at[0]].start, tokens[match.at[-1]].end
        number = bisect_left(stops, start)
        low = stops[number - 1] if number else 0
        high = stops[number] if number < len(stops) else len(text)
        near = [cue for cue in free if low <= cue.start and cue.end <= high]
        status: Status = "present"
        if denied(match, near, tokens, text, matches):
            status = "absent"
        elif _led_by("hypothetical", start, near, text):
            status = "feared"
        elif _led_by("uncertain", start, near, text):
            status = "uncertain"
        elif _beside("past", start, end, near, text, brief_days):
            status = "past"
        whose = subjects.of(start)
        if _in_fiction(start, end, near, text):
            whose = "somebody"
        if _DIED_OF.search(text[low:start]) or _of_kin(match, kin, tokens):
            whose = "somebody"
        judged.append(Judged(match, start, end, status, whose))
    return judged


def _has_kin(match: Match, tokens: list[Token]) -> bool:
    return any(tokens[i].key == KIN for i in match.at)


def _of_kin(match: Match, kin: set[int], tokens: list[Token]) -> bool:
    """Whether the words are part of what a relative has ("my mother has diabetes")."""
    return bool(kin.intersection(match.at)) and not _has_kin(match, tokens)


def _taken_spans(matches: list[Match], tokens: list[Token]) -> set[tuple[int, int]]:
    return {(tokens[i].start, tokens[i].end) for match in matches for i in match.at}


def _inside(cue: Cue, taken: set[tuple[int, int]], tokens: list[Token]) -> bool:
    """A cue that is part of what a finding says, or of a longer word, is no cue."""
    if any(start <= cue.start and cue.end <= end for start, end in taken):
        return True
    return any(
        t.start <= cue.start and cue.end <= t.end and t.end - t.start > cue.end - cue.start
        and t.kind == "word" for t in tokens
    )  # fmt: skip


def _led_by(role: str, start: int, cues: list[Cue], text: str) -> bool:
    before = [cue for cue in cues if role in cue.roles and cue.end <= start]
    if not before:
        return False
    gap = text[before[-1].end : start]
    if re.search(r"[,，]|\bbut\b|但|\bi have\b|\bi am\b|\bmy\b", gap):
        return False
    return len(pieces_between(text, before[-1].end, start)) <= 8


def _beside(role: str, start: int, end: int, cues: list[Cue], text: str, brief: bool) -> bool:
    """Whether a cue stands in the same clause; "ten years ago" only where something *was*.

    In a text of a short course (`brief`) only what is said right beside it: "seizure years ago".
    """
    for cue in cues:
        if role not in cue.roles:
            continue
        gap = text[cue.end : start] if cue.end <= start else text[end : cue.start]
        if len(gap) >= 40 or re.search(r"[,，;；]", gap):
            continue
        if cue.text.endswith(("ago", "年前")):
            if cue.start >= end and _SOME_YEARS.fullmatch(gap):
                return True
            around = text[max(0, min(start, cue.start) - 24) : max(end, cue.end) + 4]
            if not _WAS.search(around):
                continue
        if not brief:
            return True
    return False


_SOME_YEARS = re.compile(
    r"\s*(?:about|around|some|many|several|a few|few|a couple of|\d+|two|three|four|five|six|seven|"
    r"eight|nine|ten|twenty|\s)*\s*"
)


def _in_fiction(start: int, end: int, cues: list[Cue], text: str) -> bool:
    """Whether it was dreamt, seen in a film, sung or asked in an examination."""
    for cue in cues:
        if "fiction" not in cue.roles:
            continue
        if cue.end <= start:
            gap = text[cue.end : start]
            if not (_AWAKE if _DREAM.search(cue.text) else _MYSELF).search(gap):
                return True
        elif cue.start >= end and not re.search(
            r"[,，]|\b(?:and|but|while)\b", text[end : cue.start]
        ):
            return True
    return False


_DREAM = re.compile(r"dream|梦")
_AWAKE = re.compile(r"\b(?:but|now|woke|wake|waking|actually|really)\b|醒|现在|但|其实|真的")
_MYSELF = re.compile(r"\b(?:but|i|my|me|mine)\b|我|但|自己")
_WAS = re.compile(
    r"\b(had|was|were|took|suffered|got over)\b|"
    r"得过|患过|有过|曾|过(?=[一两几二三]?[次回场]|[,，。；]|$)"
)
_DIED_OF = re.compile(
    r"\b(?:died|dies|dead|passed away)\s+(?:of|from|in|by|after)\b"
    r"(?:(?!\b(?:and|but|i|my|now)\b)[^,;.])*$|死于[^，。；]*$"
)
