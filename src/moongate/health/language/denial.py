"""Whether a finding is denied, and how far a denial reaches."""

from __future__ import annotations

import re

from moongate.health.language.cues import Cue, pieces_between
from moongate.health.language.lexicon import NOT
from moongate.health.language.matching import Match
from moongate.health.language.tokens import Token

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
_CROSSES_COMMAS_ZH = frozenset({"否认"})


def denied(
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
        gap = pieces_between(text, end, after[0].start)
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
    words = pieces_between(text, cue.end, start)
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
