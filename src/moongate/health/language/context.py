"""What stands around a finding: is it denied, doubted, feared, long past, or somebody else's?"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from moongate.health.language.lexicon import KIN, NOT, Lexicon
from moongate.health.language.matching import Match
from moongate.health.language.tokens import Token, spell

Status = Literal["present", "absent", "uncertain", "past", "feared"]
_PREPOSITIONS = frozenset(
    [
        "in",
        "on",
        "of",
        "at",
        "to",
        "with",
        "from",
        "when",
        "as",
        "while",
        "after",
        "before",
        "during",
        "if",
        "or",
        "for",
        "that",
        "by",
        "into",
        "over",
        "under",
        "around",
        "behind",
        "whenever",
    ]
)
_WORD = re.compile(r"[a-z]+(?:['’`][a-z]+)?|h/o")
_CROSSES_COMMAS_ZH = frozenset({"否认"})
_OTHERS = frozenset({"relatives", "dependants", "animals"})
_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "they", "他", "她"})


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
    subjects = _Subjects(cues, stops, text, taken, tokens)
    kin = {i for match in matches if _has_kin(match, tokens) for i in match.at}
    judged = []
    for match in matches:
        start, end = tokens[match.at[0]].start, tokens[match.at[-1]].end
        number = bisect_left(stops, start)
        low = stops[number - 1] if number else 0
        high = stops[number] if number < len(stops) else len(text)
        near = [cue for cue in free if low <= cue.start and cue.end <= high]
        status: Status = "present"
        if _denied(match, near, tokens, text, matches):
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


def _between(text: str, start: int, end: int) -> list[str]:
    return re.findall(r"[a-z]+|[\u3400-\u9fff]|[,，、:：]", text[start:end])


def _denied(
    match: Match, cues: list[Cue], tokens: list[Token], text: str, matches: list[Match]
) -> bool:
    start, end = tokens[match.at[0]].start, tokens[match.at[-1]].end
    inner = [c for c in cues if "negation" in c.roles and start < c.start and c.end < end]
    if any(not _only_its_verb(c, start, text) for c in inner):
        return True
    before = [cue for cue in cues if "negation" in cue.roles and cue.end <= start]
    # What says a denial itself ("that eye will not shut") is not denied by an earlier one.
    itself = any(tokens[i].key == NOT for i in match.at[1:])
    if before and not itself and _reaches(before[-1], match, cues, tokens, text):
        return True
    if len(before) > 1 and before[-1].chinese and _reaches(before[-2], match, cues, tokens, text):
        return True
    if _MINUS.match(text, end):
        return True
    after = [c for c in cues if "negation_after" in c.roles and c.start >= end]
    if after:
        gap = _between(text, end, after[0].start)
        firsts = {tokens[m.at[0]].start for m in matches}
        joined = _JOINING & set(gap)
        if _NOT_SO.search(text[: after[0].start]):
            return False
        if len(gap) <= 2 and not joined and not any(end <= s < after[0].start for s in firsts):
            follows = text[after[0].end :].lstrip()
            # "no fever" denies what follows it, not what stands before.
            opens = {"none": r"[a-z]", "negative": r"for\b|of\b", "normal": _OF_ELSE}
            pattern = opens.get(after[0].text)
            return pattern is None or not re.match(pattern, follows)
    return False


# A result written as a sign: "Murphy's sign (-)", "Murphy征（-）", "protein: neg".
_MINUS = re.compile(
    r"(?:['’]s)?\s*(?:sign|test|征|试验)?\s*(?:[(（\[]\s*(?:[-－–—﹣−]|neg|阴)\s*[)）\]]|[:：]\s*[-－–—]ve\b)"
)
_NOT_SO = re.compile(r"\b(?:not|no longer|never|nt|n't|far from|than|back to)\s*$|[不没未非欠]$")
# "normal vision": the word speaks of what follows.
_OF_ELSE = r"(?!(?:and|or|but|on|in|at|so|with|as|too|now|today|by|for|throughout|apart)\b)[a-z]"
_VERB_LEFT_OUT = re.compile(r"住|了|动|起|开|上|下|着|到|清|出|来|能|会|敢|想|得")


def _only_its_verb(cue: Cue, start: int, text: str) -> bool:
    """Whether a denial between the words of a finding leaves what stands before it as it is.

    "Hands shake so he cannot hold a cup" and "手抖得拿不住杯子" tell of what happens.
    """
    if cue.chinese:
        return cue.text == "不" and bool(_VERB_LEFT_OUT.match(text, cue.end))
    ahead = text[start : cue.start]
    return bool(re.search(r"\b(?:can|could|so|that|and)\b", ahead) or cue.text == "cannot") or bool(
        re.match(r"cannot|can['’]?t|couldn['’]?t", text[cue.start : cue.start + 9])
    )


def _reaches(cue: Cue, match: Match, cues: list[Cue], tokens: list[Token], text: str) -> bool:
    start = tokens[match.at[0]].start
    between = [c for c in cues if cue.end <= c.start and c.end <= start]
    if any("scope_end" in c.roles for c in between):
        return False
    gap = text[cue.end : start]
    if cue.chinese:
        return _reaches_zh(cue, gap, start, between, text)
    if re.match(r"\s*(?:,|and\b|but\b)", gap) or _FOR_TIME.search(gap):
        return False  # "3 days without and came round …", "no food for two days, …"
    verb = _denies_verb(cue, text)
    if "," in gap and (verb or not _continues(cue, match, tokens, text)):
        return False
    if verb and re.search(r"\b(?:and|so)\s+(?:that|the|this|one|left|right|both)\b", gap):
        return False
    inner = [t for t in tokens if cue.end <= t.start and t.end <= start]
    seen_word = False
    previous = ""
    for token in inner:
        if token.kind == "word":
            seen_word = True
        for word in token.raw.split() or [""]:
            if seen_word and word in _SUBJECTS and previous not in _PREPOSITIONS:
                return False
            previous = word
        if token.kind == "comma":
            previous = ","
    return True


def _reaches_zh(cue: Cue, gap: str, start: int, between: list[Cue], text: str) -> bool:
    words = _between(text, cue.end, start)
    if cue.text in ("不", "未"):
        return len(words) <= 1 and not any(w in ",，、:：" for w in words)
    if any(mark in gap for mark in ",，:："):
        if cue.text not in _CROSSES_COMMAS_ZH:
            return False
        piece = re.split(r"[,，。；;]", text[start:], maxsplit=1)[0]
        if any(_TIME_ZH.search(part) for part in (gap, piece)):
            return False
    return not any("clause_subject" in c.roles and c.chinese for c in between)


_JOINING = frozenset({"and", "or", "but", "和", "但", "还", ",", "，", "、"})
_LISTING = frozenset(
    [
        "have",
        "has",
        "had",
        "any",
        "feel",
        "experience",
        "experiencing",
        "get",
        "report",
        "complain",
        "notice",
    ]
)
_SUBJECTS = frozenset(
    [
        "i",
        "he",
        "she",
        "it",
        "they",
        "we",
        "my",
        "his",
        "her",
        "there",
        "this",
        "these",
        "have",
        "has",
        "had",
        "having",
        "is",
        "are",
        "was",
        "were",
        "started",
        "feel",
        "feels",
        "felt",
        "got",
        "get",
        "also",
        "please",
        "help",
        "woke",
        "been",
        "keep",
        "keeps",
        "now",
        "too",
        "isnt",
        "can",
        "cant",
        "so",
        "just",
        "came",
        "comes",
        "goes",
        "went",
        "going",
        "turned",
        "turns",
        "hurts",
        "first",
    ]
)
# Beside these, a piece of a list is a clause of its own: "no sleep, heart going fast".
_OWN_CLAUSE = _SUBJECTS | frozenset(
    [
        "will",
        "would",
        "does",
        "did",
        "do",
        "been",
        "being",
        "getting",
        "became",
        "becomes",
        "keeping",
        "says",
        "said",
        "since",
        "today",
        "yesterday",
        "tonight",
        "ago",
        "then",
        "still",
        "suddenly",
        "that",
        "though",
        "cannot",
        "could",
        "not",
        "no",
        "never",
        "ever",
        "more",
        "all",
        "both",
        "getting",
        "looks",
        "seems",
        "started",
        "starting",
        "feeling",
        "running",
        "shaking",
        "pouring",
    ]
)
_SPAN = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|few|several|couple)"
_FOR_TIME = re.compile(
    rf"\b(?:for|since|in|over|past|last)\s+(?:the\s+|about\s+|a\s+|past\s+|last\s+)*{_SPAN}?"
    r"\s*(?:of\s+)?(?:minute|hour|day|week|month|year|night|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|yesterday|morning)"
)
_TIME_ZH = re.compile(
    r"[\d一二两三四五六七八九十几半多]\s*(?:个)?(?:天|周|月|年|小时|日|星期|分钟)"
)
_LISTS_ALONE = frozenset({"denies", "denied", "deny", "denying", "negative for", "absence of"})


def _denies_verb(cue: Cue, text: str) -> bool:
    """Whether a denial belongs to a verb ("cannot whistle") and not to a noun ("has not any")."""
    if cue.text not in ("not", "never", "cannot", "cannot see any"):
        return False
    follows = re.match(r"[^a-z]*([a-z]+)", text[cue.end :])
    return not (follows and follows[1] in _LISTING)


def _continues(cue: Cue, match: Match, tokens: list[Token], text: str) -> bool:
    """Whether a denied list reaches the match over commas: "no fever, cough or rash".

    Its pieces are bare: a verb, a person or a time begins something else. It must close with a
    joining word, be led by "denies", or be of three pieces up to the end of the sentence.
    """
    start, end = tokens[match.at[0]].start, tokens[match.at[-1]].end
    stop = min((t.start for t in tokens if t.kind in ("stop", "turn") and t.start >= end),
               default=len(text))  # fmt: skip
    pieces: list[tuple[int, str]] = []
    place = cue.end
    for piece in text[cue.end : stop].split(","):
        pieces.append((place, piece))
        place += len(piece) + 1
    bare = 0
    closed = -1
    for number, (_, piece) in enumerate(pieces):
        words = re.findall(r"[a-z]+", piece)
        if number == 0 and words and words[0] in _LISTING:
            words = words[1:]
        if not words or len(words) > 7 or _clausal(words) or _FOR_TIME.search(piece):
            break
        bare += 1
        if {"or", "nor", "and"} & set(words):
            closed = number
    at = max(i for i, (low, _) in enumerate(pieces) if low <= start)
    if at >= bare:
        return False
    if closed >= 0:
        return at <= closed
    if cue.text in _LISTS_ALONE:
        return True
    return bare == len(pieces) and bare >= 3


def _clausal(words: list[str]) -> bool:
    return any(
        word in _OWN_CLAUSE and (i == 0 or words[i - 1] not in _PREPOSITIONS - {"or"})
        for i, word in enumerate(words)
    )


def _led_by(role: str, start: int, cues: list[Cue], text: str) -> bool:
    before = [cue for cue in cues if role in cue.roles and cue.end <= start]
    if not before:
        return False
    gap = text[before[-1].end : start]
    if re.search(r"[,，]|\bbut\b|但|\bi have\b|\bi am\b|\bmy\b", gap):
        return False
    return len(_between(text, before[-1].end, start)) <= 8


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
_DIED_OF = re.compile(
    r"\b(?:died|dies|dead|passed away)\s+(?:of|from|in|by|after)\b"
    r"(?:(?!\b(?:and|but|i|my|now)\b)[^,;.])*$|死于[^，。；]*$"
)


def _in_passing(text: str, cue: Cue, end: int) -> bool:
    """Whether the person is named in passing, and nothing else of them is told up to `end`."""
    before = text[max(0, cue.start - 24) : cue.start]
    return bool(_PASSING.search(before)) and not _THIRD_PERSON.search(text[cue.end : end])


def _opens_clause(text: str, place: int) -> bool:
    """Whether a word stands where a sentence's subject does, but for whose it is."""
    return bool(_SUBJECT_PLACE.search(text[max(0, place - 24) : place]))


class _Subjects:
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
            words = set(_between(text, low, high))
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
                    soon = [c for c in later if len(_between(text, cue.end, c.start)) <= 2]
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
                    close = next_cues and len(_between(text, cue.end, next_cues[0].start)) <= 2
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
