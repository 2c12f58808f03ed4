"""Phrases of the knowledge base found in tokens: the same ideas close together, in any order."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from ahocorasick_rs import AhoCorasick

from moongate.health.knowledge.schema import Finding
from moongate.health.language.index import Claims, Compiled, kept_index
from moongate.health.language.lexicon import KIN, NOT, Lexicon
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
        return best(matches)

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
                for match in _place(phrase, places, tokens, barrier, set()):
                    first = match.at[0]
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
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            at = tuple(i for i, t in enumerate(tokens) if t.start < end and t.end > start)
            if not at:
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
            if phrase.ordered and taken != sorted(taken):
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
