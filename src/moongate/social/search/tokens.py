"""Text to terms: words of letters as they are and by their stem, Chinese as pairs of characters.

Chinese does not part its words, so each run of characters is written as its overlapping pairs and
its last character: 苹果派 → 苹果 果派 派. What is looked for is then found wherever it stands: two
characters or more as pairs in a row, a single one as the beginning of a pair. Pure: no Django.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import opencc
import snowballstemmer

TERM_MAX = 64
QUERY_MAX = 200
CLAUSES_MAX = 12
SNIPPET_MAX = 160
LEAD = 40

# Han with its extensions and compatibility forms, kana, hangul.
WIDE = (
    r"\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    r"\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd"
)
ACCENTS = r"\u0300-\u036f"
LETTER = rf"(?:(?![{WIDE}])[^\W_])"
RUNS = re.compile(rf"(?P<wide>(?:(?!\W)[{WIDE}])+)|(?P<word>{LETTER}(?:{LETTER}|[{ACCENTS}])*)")

_simple = opencc.OpenCC("t2s")
_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Term:
    """A term and where it stands in the text it was read from."""

    term: str
    start: int
    end: int


@dataclass(frozen=True)
class Word:
    """Part of a query: a word by its stem, or any word that begins like it."""

    stem: str
    prefix: str


@dataclass(frozen=True)
class Pairs:
    """Part of a query: pairs of characters in a row; a single character has one term, a prefix."""

    terms: tuple[str, ...]

    @property
    def is_prefix(self) -> bool:
        return len(self.terms) == 1 and len(self.terms[0]) == 1


Clause = Word | Pairs


@dataclass(frozen=True)
class Snippet:
    """A piece of a text; `ranges` are the places in it, [start, end), that were looked for."""

    text: str
    ranges: tuple[tuple[int, int], ...]
    cut_before: bool
    cut_after: bool

    def parts(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it was looked for; for a template to escape."""
        pieces = []
        at = 0
        for start, end in self.ranges:
            pieces += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        pieces.append((self.text[at:], False))
        return [piece for piece in pieces if piece[0]]


def terms_of(text: str) -> Iterator[Term]:
    """Every term of a text, in its order."""
    for run in RUNS.finditer(text):
        if run["wide"]:
            yield from _pairs(run["wide"], run.start())
        else:
            word = fold_word(run["word"])
            if word:
                yield Term(word, run.start(), run.end())
                stem = stem_of(word)
                if stem != word:
                    yield Term(stem, run.start(), run.end())


def index_text(*texts: str) -> str:
    """What is written into the full-text index: terms with a space between them."""
    return " ".join(term.term for text in texts for term in terms_of(text))


def parse_query(query: str) -> list[Clause]:
    """What is looked for; all of it must be found. Empty when there is not a letter in it."""
    clauses: dict[Clause, None] = {}
    for run in RUNS.finditer(query[:QUERY_MAX]):
        if run["wide"]:
            folded = fold_wide(run["wide"])
            pairs = tuple(folded[i : i + 2] for i in range(max(1, len(folded) - 1)))
            clauses[Pairs(pairs)] = None
        elif word := fold_word(run["word"]):
            clauses[Word(stem_of(word), word)] = None
    return list(clauses)[:CLAUSES_MAX]


def snippet(text: str, clauses: list[Clause]) -> Snippet:
    """The piece of the text around the first thing found, on one line, with all that is found."""
    text = "".join(" " if character.isspace() else character for character in text)
    found = _found(text, clauses)
    first = found[0][0] if found else 0
    start = 0 if first < SNIPPET_MAX - LEAD else first - LEAD
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + SNIPPET_MAX)
    inside = tuple(
        (low - start, min(high, end) - start) for low, high in found if start <= low < end
    )
    return Snippet(text[start:end], inside, start > 0, end < len(text))


def fold_word(word: str) -> str:
    """Without case, accents and width."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(character for character in plain if character.isalnum())[:TERM_MAX]


@functools.lru_cache(4096)
def stem_of(word: str) -> str:
    """The English stem of a folded word; other scripts stay as they are."""
    return _stemmer.stemWord(word) if word.isascii() and word.isalpha() else word


def fold_wide(run: str) -> str:
    """One simplified character for each character."""
    return "".join(map(_fold_character, run))


@functools.lru_cache(8192)
def _fold_character(character: str) -> str:
    folded = _simple.convert(unicodedata.normalize("NFKC", character))
    return folded if len(folded) == 1 and folded.isalnum() else character


def _pairs(run: str, at: int) -> Iterator[Term]:
    folded = fold_wide(run)
    for i in range(len(folded)):
        end = min(i + 2, len(folded))
        yield Term(folded[i:end], at + i, at + end)


def _found(text: str, clauses: list[Clause]) -> list[tuple[int, int]]:
    """Where the clauses are found in the text, in order, without overlaps."""
    words = [clause for clause in clauses if isinstance(clause, Word)]
    runs = [clause for clause in clauses if isinstance(clause, Pairs)]
    stems = {word.stem for word in words}
    beginnings = tuple(word.prefix for word in words)
    spans = []
    for run in RUNS.finditer(text):
        if run["wide"]:
            folded = fold_wide(run["wide"])
            for pairs in runs:
                wanted = _joined(pairs)
                at = folded.find(wanted)
                while at >= 0:
                    spans.append((run.start() + at, run.start() + at + len(wanted)))
                    at = folded.find(wanted, at + len(wanted))
        elif words:
            word = fold_word(run["word"])
            if word.startswith(beginnings) or stem_of(word) in stems:
                spans.append(run.span())
    return _merged(spans)


def _joined(pairs: Pairs) -> str:
    return pairs.terms[0] + "".join(term[1:] for term in pairs.terms[1:])


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
