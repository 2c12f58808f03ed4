"""Text to tokens: words by stem and idea, Chinese by longest known word, with their places."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import opencc
import rjieba
from ahocorasick_rs import AhoCorasick, MatchKind
from rapidfuzz import process
from rapidfuzz.distance import OSA

from moongate.health.language.lexicon import NOT, Lexicon, stem

_PIECE = re.compile(
    r"[a-z]+(?:['’`][a-z]+)?(?:/[a-z]\b)?|\d+(?:[.:/]\d+)*|[\u3400-\u9fff]+|[.!?。！？；;\n…]+|[,，、:：()（）\[\]\-–—]+|[^\s]"
)
_VERBS = [
    "do",
    "can",
    "wo",
    "does",
    "did",
    "is",
    "are",
    "was",
    "have",
    "has",
    "could",
    "had",
    "were",
    "would",
    "should",
]
_WRITTEN_OUT = {f"{verb}nt": (verb, "not") for verb in _VERBS} | {
    "cannot": ("can", "not"), "cant": ("can", "not"), "can't": ("can", "not"),
    "wont": ("will", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"),
    "aint": ("is", "not"), "ain't": ("is", "not"),
    "im": ("i", "am"), "i'm": ("i", "am"), "ive": ("i", "have"),
}  # fmt: skip
_NEGATORS_EN = frozenset({"not", "no", "without", "never", "neither", "nor", "none"})
_NEGATORS_ZH = frozenset({"不", "没", "没有", "无", "未"})
_CONJUNCTIONS = frozenset(
    {"and", "or", "plus", "&", "和", "及", "或", "与", "以及", "跟", "还有", "nor"}
)
_TURNS = frozenset({"but", "however", "although", "though", "except", "但", "但是", "不过", "可是"})
_TO_SIMPLE = opencc.OpenCC("t2s")


@dataclass(frozen=True)
class Token:
    """A piece of the text: `key` is its idea, stem or Chinese word; `kind` what it is.

    kind: word, skip (says little), number, comma, stop, and (a conjunction), turn ("but").
    `raw` is the lower-case text, `start` and `end` its place in the original.
    """

    start: int
    end: int
    raw: str
    key: str
    kind: str
    typo: bool = False


def spell(raw: str) -> tuple[str, ...]:
    """An English word written out: "don't" is ("do", "not"), "she's" is ("she",)."""
    raw = raw.replace("’", "'").replace("`", "'")
    if raw in _WRITTEN_OUT:
        return _WRITTEN_OUT[raw]
    if raw.endswith("n't"):
        return (raw[:-3], "not")
    return (raw.split("'")[0],) if "'" in raw else (raw,)


def simplify(text: str) -> str:
    """Lower case, plain width, simplified characters; every place stays where it was."""
    if text.isascii():
        return text.lower()
    plain = []
    for char in text:
        folded = unicodedata.normalize("NFKC", char).lower()
        plain.append(folded if len(folded) == 1 else char)
    joined = "".join(plain)
    simple = _TO_SIMPLE.convert(joined)
    return simple if len(simple) == len(joined) else joined


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Words that are spelt right (82,765 from symspellpy's list): never taken for typos."""
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8")
    return frozenset(line.split(" ", 1)[0].lstrip("\ufeff") for line in text.splitlines())


def _untruths(words: list[str]) -> list[str]:
    """With "lying" and "lies" as untruth where they are not about how somebody lies in bed."""
    out = list(words)
    for i, word in enumerate(words):
        if word not in ("lie", "lies", "lying", "lied"):
            continue
        before, after = words[max(0, i - 2) : i], words[i + 1 : i + 2]
        told = {"tell", "tells", "telling", "told", "constantly"} & set(before)
        if told or word == "lied" or after in (["to"], ["about"]):
            out[i] = "untruth"
    return out


class Tokeniser:
    """Turns text into tokens with one lexicon; `learn` first what the phrases use."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known_words: set[str] = set()
        self._by_first: dict[str, list[str]] = {}
        self._skip_en = lexicon.cues["en"].skip
        zh = lexicon.cues["zh"]
        words = set(lexicon.chinese) | set(zh.skip) | _NEGATORS_ZH
        words |= {word for word in _CONJUNCTIONS | _TURNS if ord(word[0]) > 0x3000}
        for role in ("relatives", "hypothetical", "past", "not_negation", "uncertain", "negation"):
            words |= zh.roles[role]
        words |= {moment for moment in zh.moments if moment[0] in "今昨前刚"}
        words |= {unit for forms in zh.units.values() for unit in forms}
        self._zh_words = sorted(words)
        self._zh = AhoCorasick(self._zh_words, matchkind=MatchKind.LeftmostLongest)
        self._fixed: dict[str, str | None] = {}

    def learn(self, words: set[str]) -> None:
        """English words of the phrases, so that their misspellings can be mended."""
        self._known_words |= words
        self._by_first = {}
        for word in sorted(self._known_words):
            if len(word) >= 5:
                self._by_first.setdefault(word[0], []).append(word)

    def tokens(self, text: str) -> list[Token]:
        """The tokens of simplified text (`simplify`), in order."""
        found: list[Token] = []
        words: list[tuple[int, int, str, bool]] = []

        def flush() -> None:
            found.extend(self._english(words))
            words.clear()

        for piece in _PIECE.finditer(text):
            raw, start, end = piece.group(), piece.start(), piece.end()
            if raw[0].isascii() and raw[0].isalpha():
                words += [(start, end, word, False) for word in spell(raw)]
                continue
            if raw[0] in "-–—" and len(raw) == 1:
                continue
            flush()
            if raw[0].isdigit():
                found.append(Token(start, end, raw, raw, "number"))
            elif "\u3400" <= raw[0] <= "\u9fff":
                found.extend(self._chinese(raw, start))
            elif raw[0] in ".!?。！？；;\n…":
                found.append(Token(start, end, raw, "", "stop"))
            elif raw[0] == "&" or raw[0] == "、" or raw[0] == "/":
                found.append(Token(start, end, raw, "", "and"))
            else:
                found.append(Token(start, end, raw, "", "comma"))
        flush()
        return found

    def words(self, text: str) -> list[tuple[int, int, str]]:
        """Every English word with its place, written out and by stem (skipped words too)."""
        found = []
        for piece in _PIECE.finditer(text):
            raw = piece.group()
            if raw[0].isascii() and raw[0].isalpha():
                found += [(piece.start(), piece.end(), stem(self._mend(w))) for w in spell(raw)]
            elif raw[0] in ".!?;,:\n":
                found.append((piece.start(), piece.end(), "|"))
        return found

    def _english(self, words: list[tuple[int, int, str, bool]]) -> list[Token]:
        mended = [self._mend(word) for *_, word, _ in words]
        stems = [stem(word) for word in _untruths(mended)]
        found: list[Token] = []
        at = 0
        table = self._lexicon.english
        while at < len(words):
            for length in range(min(self._lexicon.longest, len(words) - at), 0, -1):
                idea = table.get(tuple(stems[at : at + length]))
                if idea is not None:
                    break
            else:
                idea, length = None, 1
            start, end = words[at][0], words[at + length - 1][1]
            raw = " ".join(word for *_, word, _ in words[at : at + length])
            typo = any(m != w[2] for m, w in zip(mended[at : at + length], words[at : at + length],
                                                 strict=True))  # fmt: skip
            if idea is not None:
                found.append(Token(start, end, raw, idea, "word", typo))
            elif mended[at] in _NEGATORS_EN:
                found.append(Token(start, end, raw, NOT, "skip"))
            elif mended[at] in _CONJUNCTIONS:
                found.append(Token(start, end, raw, "", "and"))
            elif mended[at] in _TURNS:
                found.append(Token(start, end, raw, "", "turn"))
            elif mended[at] in self._skip_en:
                found.append(Token(start, end, raw, "", "skip"))
            else:
                found.append(Token(start, end, raw, stems[at], "word", typo))
            at += length
        return found

    def _mend(self, word: str) -> str:
        """The phrase word that an unknown word of five letters or more is a slip of, or itself."""
        if len(word) < 5 or word in self._known_words or not self._by_first:
            return word
        if word not in self._fixed:
            if len(self._fixed) > 20_000:
                self._fixed.clear()
            self._fixed[word] = None
            if word not in english_words():
                slips = 1 if len(word) < 7 else 2
                best = process.extractOne(
                    word, self._by_first.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips
                )
                self._fixed[word] = best[0] if best else None
        return self._fixed[word] or word

    def _chinese(self, run: str, offset: int) -> list[Token]:
        found: list[Token] = []
        at = 0
        spans = [(self._zh_words[index], start, end)
                 for index, start, end in self._zh.find_matches_as_indexes(run)]  # fmt: skip
        for word, start, end in [*spans, ("", len(run), len(run))]:
            for place in range(at, start):
                char = run[place]
                found.append(Token(offset + place, offset + place + 1, char, char, "word"))
            if word:
                found.append(self._chinese_token(word, offset + start, offset + end))
            at = end
        return self._not_within_words(run, offset, found)

    def _not_within_words(self, run: str, offset: int, tokens: list[Token]) -> list[Token]:
        """Takes the idea from a single character that is part of an unknown word (累 in 累及)."""
        if not any(t.kind == "word" and t.end - t.start == 1 and t.key != t.raw for t in tokens):
            return tokens
        unknown = {t.start for t in tokens if t.kind in ("word", "and") and t.key in (t.raw, "")}
        inside = set()
        for word, start, end in rjieba.tokenize(run, "default"):
            if len(word) > 1 and any(offset + place in unknown for place in range(start, end)):
                inside |= set(range(offset + start, offset + end))
        return [
            replace(t, key=t.raw)
            if t.kind == "word" and t.end - t.start == 1 and t.start in inside else t
            for t in tokens
        ]  # fmt: skip

    def _chinese_token(self, word: str, start: int, end: int) -> Token:
        idea = self._lexicon.chinese.get(word)
        zh = self._lexicon.cues["zh"]
        if idea is not None:
            return Token(start, end, word, idea, "word")
        if word in _NEGATORS_ZH:
            return Token(start, end, word, NOT, "skip")
        if word in _CONJUNCTIONS:
            return Token(start, end, word, "", "and")
        if word in _TURNS:
            return Token(start, end, word, "", "turn")
        if word in zh.skip:
            return Token(start, end, word, "", "skip")
        if any(
            word in zh.roles[role]
            for role in ("past", "hypothetical", "not_negation", "uncertain", "negation")
        ):
            return Token(start, end, word, "", "skip")
        return Token(start, end, word, word, "word")
