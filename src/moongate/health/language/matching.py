"""Phrases of the knowledge base found in tokens: the same ideas close together, in any order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import rjieba
from ahocorasick_rs import AhoCorasick

from moongate.health.knowledge.schema import Finding
from moongate.health.language.index import Claims, Compiled, kept_index
from moongate.health.language.lexicon import KIN, NOT, Lexicon, stem
from moongate.health.language.tokens import Token, Tokeniser, simplify

_COST = {"word": 1, "number": 0, "and": 1, "comma": 2, "skip": 0, "turn": 3}
_NEVER = 99


@dataclass(frozen=True)
class Phrase:
    """One way to say a finding: its keys in order, and how loosely they may stand."""

    finding: str
    keys: tuple[str, ...]
    slack: int
    ordered: bool


@dataclass(frozen=True)
class Match:
    """A finding said by the tokens at `at`, with what stood between them as `cost`."""

    finding: str
    at: tuple[int, ...]
    cost: int
    literal: bool = False

    @property
    def rank(self) -> tuple[int, int, bool, int, str]:
        return (-len(self.at), self.cost, not self.literal, self.at[0], self.finding)


class Phrases:
    """All phrases of a base, indexed by their keys."""

    def __init__(
        self, findings: dict[str, Finding], lexicon: Lexicon, tokeniser: Tokeniser
    ) -> None:
        self._lexicon = lexicon
        self._ideas = set(lexicon.english.values()) - {KIN}
        self._bare = {
            lexicon.english.get((stem(word),), stem(word)) for word in _CIRCUMSTANCES
        } | lexicon.circumstances
        self._findings = findings
        self._tokeniser = tokeniser
        self._phrases: list[Phrase] = []
        self._index: dict[str, list[int]] = defaultdict(list)
        said = [(fid, text) for fid, f in findings.items() for text in _texts(f)]
        compiled = kept_index(lexicon.digest, said, lambda: self._compile(said))
        tokeniser.learn(set(compiled.words))
        for keys, fid in compiled.owners:
            self._add(self._phrase(fid, keys))
        self._residual = self._residuals(compiled.owners)
        self._alone = {phrase.keys[0] for phrase in self._phrases if len(phrase.keys) == 1}
        self._literal_of, self._spelt_of = compiled.literal, compiled.spelt
        self._literals, self._spelt = sorted(compiled.literal), sorted(compiled.spelt)
        self._automaton = AhoCorasick(self._literals) if self._literals else None
        self._spelt_automaton = AhoCorasick(self._spelt) if self._spelt else None

    def _compile(self, said: list[tuple[str, str]]) -> Compiled:
        """Which finding owns which ideas, and which phrases count only in their very words."""
        plain = [(fid, simplify(text)) for fid, text in said]
        words = {form for forms in self._lexicon.english for form in forms if len(form) > 4}
        for _, text in plain:
            found = text.replace("'", " ").split()
            words |= {word for word in found if word.isascii() and word.isalpha()}
        self._tokeniser.learn(words)
        claims = Claims(self._above)
        for fid, text in plain:
            tokens = self._tokeniser.tokens(text)
            keys = tuple(t.key for t in tokens if t.key and t.kind in ("word", "skip", "number"))
            chinese = any("\u3400" <= c <= "\u9fff" for c in text)
            if chinese and len(text) > 1:
                claims.literal[text].append(fid)
            spelt = "" if chinese else _spelt(self._tokeniser, text)
            single = [t for t in tokens if t.key and t.end - t.start == 1]
            if chinese and len(keys) == len(single) == 2 and any(t.key == t.raw for t in single):
                continue  # a set phrase: its characters mean little alone (见红, but 见红色)
            if self._says_enough(keys, tokens):
                named = text == simplify(_name(self._findings[fid], chinese))
                looseness = sum(t.kind == "skip" for t in tokens) + 2 * (not named)
                claims.stake(fid, keys, looseness, spelt)
            elif spelt:
                claims.spelt[spelt].append(fid)
        return claims.settled(sorted(words))

    def _says_enough(self, keys: tuple[str, ...], tokens: list[Token]) -> bool:
        """Whether the ideas alone name the finding; else only the very words of the phrase do."""
        meaning = {key for key in keys if key != NOT}
        if meaning <= self._lexicon.circumstances:
            return False
        if len(meaning) == 1:
            whole = all(t.kind == "word" for t in tokens)
            return whole and NOT not in keys and not meaning <= self._lexicon.generic
        return True

    def _above(self, one: str, other: str) -> bool:
        """Whether `one` is a parent of `other`, so that it claims less."""
        above = self._findings[other].parent
        while above is not None and above != one:
            above = self._findings[above].parent
        return above is not None

    def _phrase(self, fid: str, keys: tuple[str, ...]) -> Phrase:
        loose = all(key.isascii() for key in keys)
        slack = min(3, len(keys)) if loose and NOT not in keys else 1 + (len(keys) > 3)
        return Phrase(fid, keys, slack if len(keys) > 1 else 0, NOT in keys or not loose)

    def _add(self, phrase: Phrase) -> None:
        for key in set(phrase.keys):
            self._index[key].append(len(self._phrases))
        self._phrases.append(phrase)

    def find(self, tokens: list[Token], text: str) -> list[Match]:
        """The best non-redundant matches, in order of place."""
        places: dict[str, list[int]] = defaultdict(list)
        for i, token in enumerate(tokens):
            if token.key:
                places[token.key].append(i)
        hits: dict[int, int] = defaultdict(int)
        for key in places:
            for number in self._index.get(key, ()):
                hits[number] += 1
        barrier = _barriers(tokens)
        matches = self._literal(tokens, text)
        for number, count in hits.items():
            phrase = self._phrases[number]
            if count == len(set(phrase.keys)):
                matches += _place(phrase, places, tokens, barrier, self._alone)
        return best([match for match in matches if self._holds(match, tokens)])

    def _holds(self, match: Match, tokens: list[Token]) -> bool:
        """Whether the words of a match belong together, and do not only stand in one list."""
        if match.literal:
            return True
        if _over_a_turn(match, tokens):
            return False
        bare = self._bare if self._findings[match.finding].parent else {"left", "right"}
        for a, b in pairwise(match.at):
            parts = [i for i in range(a + 1, b) if tokens[i].kind in ("comma", "and")]
            if not parts or tokens[a].key in self._bare - self._alone:
                continue
            after = tuple(i for i in match.at if i >= b)
            if {tokens[i].key for i in after} <= bare:
                return bool(_TAKES_UP.match(_said(tokens, parts[-1] + 1, after[-1] + 4)))
        return True

    def _residuals(self, owners: list[tuple[tuple[str, ...], str]]) -> dict[str, list[Phrase]]:
        """For each parent, what its attributes' phrases add to the parent's own words."""
        keys_of: dict[str, set[str]] = defaultdict(set)
        for keys, fid in owners:
            keys_of[fid] |= set(keys)
        residual: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        for keys, fid in owners:
            parent = self._findings[fid].parent
            if parent is None:
                continue
            own = keys_of[parent] | keys_of[self._findings[parent].parent or parent]
            rest = tuple(key for key in keys if key not in own and key != NOT)
            telling = len(rest) > 1 or (rest and rest[0] in self._ideas)
            if NOT not in keys and telling and len(rest) < len(keys):
                residual[parent, rest].add(fid)
        found: dict[str, list[Phrase]] = defaultdict(list)
        for (parent, rest), fids in sorted(residual.items()):
            if len(fids) == 1:
                found[parent].append(Phrase(min(fids), rest, 2 if len(rest) > 1 else 0, False))
        return found

    def attributes(self, tokens: list[Token], parents: list[tuple[str, int]]) -> list[Match]:
        """Attributes told apart from their parent: "chest pain … it is worse when I walk".

        `parents` are present findings with the token where each is said (-1: earlier than this
        text). Words count for the parent said last before them, up to two sentences on.
        """
        places: dict[str, list[int]] = defaultdict(list)
        sentence, number = [], 0
        for i, token in enumerate(tokens):
            if token.key:
                places[token.key].append(i)
            sentence.append(number)
            number += token.kind == "stop"
        barrier = _barriers(tokens)
        found = []
        spoken = defaultdict(set)
        for parent, at in parents:
            spoken[sentence[at] if at >= 0 else -1].add(self._root(parent))
        for parent, at in parents:
            here = sentence[at] if at >= 0 else 0
            for phrase in self._residual.get(parent, ()):
                if not all(places.get(key) for key in phrase.keys):
                    continue
                lone = set(phrase.keys) <= self._bare
                for match in _place(phrase, places, tokens, barrier, set()):
                    first = match.at[0]
                    if lone and not _joined(at, match.at, tokens):
                        continue
                    ahead = sentence[first] - here
                    if not 0 <= ahead <= 2:
                        continue
                    if ahead == 0 and self._nearest(parents, first) != self._root(parent):
                        continue
                    if ahead and spoken.get(sentence[first], set()) - {self._root(parent)}:
                        continue
                    found.append(match)
        return found

    def _root(self, finding: str) -> str:
        above = self._findings[finding].parent
        while above is not None:
            finding, above = above, self._findings[above].parent
        return finding

    def _nearest(self, parents: list[tuple[str, int]], place: int) -> str:
        """The complaint said last before the place, or the first after it."""
        before = [(at, name) for name, at in parents if at < place]
        chosen = max(before) if before else min((at, name) for name, at in parents)
        return self._root(chosen[1])

    def _literal(self, tokens: list[Token], text: str) -> list[Match]:
        if self._automaton is None:
            return []
        found = []
        borders: set[int] = set()
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            at = tuple(i for i, t in enumerate(tokens) if t.start < end and t.end > start)
            if not at:
                continue
            torn = [tokens[i] for i in {at[0], at[-1]} if _splits(tokens[i], start, end)]
            if torn:
                borders = borders or _borders(text)
                short = end - start == 2 and torn[-1].end > end
                sided = any(t.raw[0] in "左右" for t in torn)
                if short or sided or not {start, end} <= borders:
                    continue
            for finding in self._literal_of[self._literals[index]]:
                found.append(Match(finding, at, 0, literal=True))
        if self._spelt_automaton is not None:
            words = self._tokeniser.words(text)
            starts, joined = [], " "
            for *_, word in words:
                starts.append(len(joined))
                joined += word + " "
            for index, start, end in self._spelt_automaton.find_matches_as_indexes(
                joined, overlapping=True
            ):
                first = bisect_left(starts, start + 1)
                last = bisect_left(starts, end - 1) - 1
                low, high = words[first][0], words[last][1]
                at = tuple(i for i, t in enumerate(tokens) if t.start < high and t.end > low)
                if tokens[at[0]].start < low or tokens[at[-1]].end > high:
                    continue  # part of a longer idea ("poor" in "poor appetite")
                for finding in self._spelt_of[self._spelt[index]]:
                    found.append(Match(finding, at, 0, literal=True))
        return found


def _splits(token: Token, start: int, end: int) -> bool:
    """Whether characters from `start` to `end` take only a part of a longer word or number.

    早醒 does not stand in 今早醒来, nor 见红 in 见红色丘疹; "烧到39" does in "烧到39.5".
    """
    if start <= token.start and token.end <= end:
        return False
    if token.raw[: max(0, start - token.start)] in ("个", "一", "两", "几") and token.end <= end:
        return False
    if token.kind == "number":
        ahead = token.raw[end - token.start :] if token.end > end else ""
        return ahead[:1].isdigit() or start > token.start
    return token.kind == "word" and token.raw[0] > "\u3000"


def _borders(text: str) -> set[int]:
    """The places between words, as an ordinary dictionary cuts them."""
    return {place for _, start, end in rjieba.tokenize(text, "default") for place in (start, end)}


def _over_a_turn(match: Match, tokens: list[Token]) -> bool:
    """Whether a finding would be pieced together over "but" from something denied before it."""
    inside = range(match.at[0], match.at[-1])
    turns = [i for i in inside if tokens[i].kind == "turn"]
    if not turns or match.literal:
        return False
    for i in range(turns[0] - 1, -1, -1):
        if tokens[i].kind == "stop":
            return False
        if i not in match.at and (tokens[i].key == NOT or tokens[i].raw in _DENYING):
            return True
    return False


_DENYING = frozenset({"denies", "denied", "deny", "denying", "否认"})
# What a complaint may go along with without being its attribute.
_CIRCUMSTANCES = frozenset(
    [
        "eat",
        "cough",
        "sit",
        "lie",
        "walk",
        "stand",
        "bend",
        "breathe",
        "swallow",
        "sneeze",
        "morning",
        "evening",
        "night",
        "much",
        "often",
        "persistent",
        "left",
        "right",
        "worse",
        "better",
        "dry",
        "wet",
        "new",
        "recent",
        "long_time",
        "sudden",
        "exercise",
        "climb",
        "drink",
        "sleep",
        "water",
        "bed",
    ]
)
_JOINS = re.compile(
    r"\b(?:on|upon|when|whenever|while|after|before|by|with|during|if|at|in|every|each|worse|worst|"
    r"better|eases?|eased|relie\w+|brought|comes?|makes?|only|is|are|was|it|gets|than|to|for)\b|"
    r"[时后就前]|加重|缓解|减轻|厉害|更|越|以|为|明显"
)
_TAKES_UP = re.compile(
    r"(?:and |but |which |that |or )?(?:it|it's|its|they|they're|these|this|which|the pain|"
    r"the ache|worse|better|worst|eased|relieved|especially|mostly|mainly|constant\w*|"
    r"continuous\w*|always|on|when|after|brought on|only|made)\b|"
    r"(?:但|而且)?(?:这种|这个|疼|痛|它|持续|反复|阵发|呈|尤其|特别|"
    r"主要|以|一|每|在|越|加重|缓解|活动|(?:夜|晚|早|走|吃|躺|坐|站|爬|咳).{0,8}"
    r"(?:加重|缓解|减轻|更|明显|厉害|好转|好些|就好|[会就时还也]疼|[会就时还也]痛))"
)


def _joined(at: int, words: tuple[int, ...], tokens: list[Token]) -> bool:
    """Whether bare circumstances belong to the complaint at `at` and do not only stand beside it.

    They do in its clause with a word that joins them ("pain when I eat", "咳时疼"), or in a clause
    that takes the complaint up ("it is worse at night", "这种疼走路就加重").
    """
    first, last = words[0], words[-1]
    low, high = min(at, first) if at >= 0 else first, max(at, last)
    parts = [i for i in range(low, high) if tokens[i].kind in ("comma", "stop", "turn")]
    if at >= 0 and not parts:
        return bool(_JOINS.search(_said(tokens, low, min(high + 2, len(tokens)))))
    opening = first
    while opening and tokens[opening - 1].kind not in ("comma", "stop", "turn"):
        opening -= 1
    return bool(_TAKES_UP.match(_said(tokens, opening, last + 1)))


def _said(tokens: list[Token], low: int, high: int) -> str:
    joined = " ".join(t.raw for t in tokens[low:high])
    return joined if joined.isascii() else joined.replace(" ", "")


def _spelt(tokeniser: Tokeniser, text: str) -> str:
    return " " + " ".join(word for *_, word in tokeniser.words(text)) + " "


def _name(finding: Finding, chinese: bool) -> str:
    return finding.name.zh if chinese else finding.name.en


def _texts(finding: Finding) -> list[str]:
    names = [finding.name.en, finding.name.zh]
    plain = [name for name in names if not set("（(，,；;/") & set(name)]
    return [*finding.says.en, *finding.says.zh, *plain]


def _barriers(tokens: list[Token]) -> list[int]:
    """Running cost: the difference of two entries is what stands between two tokens."""
    total, out = 0, []
    previous = ""
    for token in tokens:
        out.append(total)
        if token.kind == "stop":
            total += _NEVER
        elif not (token.kind == "word" and previous == "number"):
            # A number and its unit come between without parting ("26 weeks pregnant").
            total += _COST.get(token.kind, 0)
        previous = token.kind
    out.append(total)
    return out


def _place(
    phrase: Phrase,
    places: dict[str, list[int]],
    tokens: list[Token],
    barrier: list[int],
    alone: set[str],
) -> list[Match]:
    anchor = min(phrase.keys, key=lambda key: len(places[key]))
    found = []
    for origin in places[anchor]:
        taken: list[int] = []
        for key in phrase.keys:
            free = [i for i in places[key] if i not in taken]
            if not free:
                break
            taken.append(origin if key == anchor and origin not in taken else
                         min(free, key=lambda i: (abs(i - origin), i)))  # fmt: skip
        else:
            if phrase.ordered and taken != sorted(taken) and not _moved_ahead(taken, tokens):
                continue
            low, high = min(taken), max(taken)
            if len(taken) < 4 and _listed(sorted(taken), tokens, alone):
                continue
            between = barrier[high] - barrier[low]
            own = sum(barrier[i + 1] - barrier[i] for i in taken if i != high)
            cost = between - own
            if cost <= phrase.slack:
                found.append(Match(phrase.finding, tuple(sorted(taken)), max(0, cost)))
    return found


def _moved_ahead(taken: list[int], tokens: list[Token]) -> bool:
    """Whether 把 or 被 has put the object before its verb (把磁铁吞了 for 吞了磁铁)."""
    low, rest = min(taken), taken[1:]
    turned = rest == sorted(rest) and taken[0] == max(taken)
    return turned and any(t.raw in ("把", "被", "将") for t in tokens[max(0, low - 3) : low])


def _listed(taken: list[int], tokens: list[Token], alone: set[str]) -> bool:
    """Whether two complaints that stand for themselves are joined by no more than a list."""
    for a, b in pairwise(taken):
        first, second = tokens[a].key in alone, tokens[b].key in alone
        between = [tokens[i] for i in range(a + 1, b) if tokens[i].kind in ("and", "comma")]
        if any(t.raw in ("and", "plus", "&", "和", "与") for t in between):
            if first and second:
                return True
        elif between and (first or second):
            return True
    return False


def best(matches: list[Match]) -> list[Match]:
    """The matches that no longer or closer match makes redundant, in order of place."""
    kept: list[Match] = []
    for match in sorted(set(matches), key=lambda m: m.rank):
        tokens = set(match.at)
        redundant = False
        for other in kept:
            inside = tokens <= set(other.at)
            closer = len(other.at) > len(tokens) or (other.literal and not match.literal)
            if inside and (closer or other.finding == match.finding):
                redundant = True
                break
        if not redundant and match.cost:
            cheaper = {
                i for o in kept if o.cost < match.cost and len(o.at) >= len(tokens) for i in o.at
            }
            redundant = tokens <= cheaper
        if not redundant:
            kept.append(match)
    return sorted(kept, key=lambda m: (m.at[0], m.at[-1], m.finding))
