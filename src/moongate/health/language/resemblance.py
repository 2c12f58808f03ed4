"""How much a message resembles the way a condition is described, whatever was understood of it.

Each condition has a document: its names, what it is about, and every way to say what it causes,
weighed by how often it causes it. A message is scored against them by BM25 (Robertson & Zaragoza
2009) over ideas and stems. So a telling word that no phrase matched ("kettle", for an elbow) still
counts for the conditions in whose words it stands.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moongate.health.knowledge.loader import Base
from moongate.health.language.index import cache_folder
from moongate.health.language.tokens import Token, Tokeniser, simplify

Floats = NDArray[np.float64]
NAME_WEIGHT = 3.0  # a word of the name, against one of a finding that is always there
SAYS_WEIGHT = 0.5
SATURATION, LENGTH = 1.2, 0.4  # BM25's k1 and b


class Resemblance:
    """Scores of all conditions for a set of words; made in seconds, then kept in the cache."""

    def __init__(self, base: Base, lexicon: str, tokeniser: Tokeniser) -> None:
        self._base = base
        self._tokeniser = tokeniser
        words, table = self._kept(_mark(base, lexicon))
        self._place = {word: i for i, word in enumerate(words)}
        self._table = table.tocsc()

    def scores(self, words: frozenset[str]) -> Floats:
        """(conditions,) BM25 scores, 0 where no word is shared; in the order of the base."""
        at = sorted(self._place[word] for word in words if word in self._place)
        if not at:
            return np.zeros(self._table.shape[0])
        return np.asarray(self._table[:, at].sum(axis=1), dtype=np.float64).ravel()

    def _kept(self, mark: str) -> tuple[list[str], sparse.csr_matrix]:
        file = cache_folder() / f"health-resemblance-{mark}.npz"
        try:
            with np.load(file, allow_pickle=False) as kept:
                parts = (kept["data"], kept["indices"], kept["indptr"])
                words = kept["words"].tolist()
                shape = (len(self._base.conditions), len(words))
                return words, sparse.csr_matrix(parts, shape=shape)
        except (OSError, KeyError, ValueError):
            words, table = self._make()
        part = file.with_suffix(f".{os.getpid()}.npz")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            for old in file.parent.glob("health-resemblance-*.npz"):
                old.unlink(missing_ok=True)
            np.savez_compressed(part, data=table.data, indices=table.indices, indptr=table.indptr,
                                words=np.array(words))  # fmt: skip
            part.replace(file)
        except OSError:
            part.unlink(missing_ok=True)
        return words, table

    def _make(self) -> tuple[list[str], sparse.csr_matrix]:
        """The words, and the BM25 weight of each in each condition's document."""
        said = {name: self._said(name) for name in self._base.findings}
        documents = [self._document(name, said) for name in self._base.conditions]
        words = sorted({word for document in documents for word in document})
        place = {word: i for i, word in enumerate(words)}
        rows = [i for i, document in enumerate(documents) for _ in document]
        columns = [place[word] for document in documents for word in document]
        counts = np.array([n for document in documents for n in document.values()])
        shape = (len(documents), len(words))
        table = sparse.csr_matrix((counts, (rows, columns)), shape=shape)
        holding = np.asarray((table > 0).sum(axis=0)).ravel()
        rarity = np.log((1 + shape[0]) / (1 + holding))
        length = np.asarray(table.sum(axis=1)).ravel()
        row = np.repeat(np.arange(shape[0]), np.diff(table.indptr))
        stretch = SATURATION * (1 - LENGTH + LENGTH * length[row] / max(length.mean(), 1e-9))
        table.data = rarity[table.indices] * table.data * (SATURATION + 1) / (table.data + stretch)
        return words, table

    def _document(self, condition: str, said: dict[str, dict[str, float]]) -> dict[str, float]:
        entry = self._base.conditions[condition]
        found: dict[str, float] = defaultdict(float)
        for lang in ("en", "zh"):
            for text in (entry.name.in_(lang), *entry.also.in_(lang)):
                for word in self._words(text):
                    found[word] += NAME_WEIGHT
            for text in (*entry.narrower.in_(lang), entry.about.in_(lang)):
                for word in self._words(text):
                    found[word] += 1.0
        for finding, figure, *_ in (*entry.findings, *entry.risks):
            value = float(figure)
            weight = value if value <= 1 else min(1.0, 0.2 * math.log(value))
            for word, share in said[str(finding)].items():
                found[word] += weight * share
        return found

    def _said(self, finding: str) -> dict[str, float]:
        """Each word of a finding, by the number of ways to say it that hold the word."""
        entry = self._base.findings[finding]
        ways: Counter[str] = Counter()
        for lang in ("en", "zh"):
            for text in (entry.name.in_(lang), *entry.says.in_(lang)):
                ways.update(set(self._words(text)))
        return {word: SAYS_WEIGHT * math.log1p(n) for word, n in ways.items()}

    def _words(self, text: str) -> list[str]:
        return [t.key for t in self._tokeniser.tokens(simplify(text)) if t.key and t.kind == "word"]


_DENYING = frozenset(
    [
        "no",
        "without",
        "denies",
        "denied",
        "deny",
        "never",
        "nil",
        "没有",
        "没",
        "无",
        "否认",
        "未见",
    ]
)


class Told(Protocol):
    """A finding that a text speaks of."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def whose(self) -> str: ...


def told_words(tokens: list[Token], mentions: Sequence[Told]) -> frozenset[str]:
    """The words that tell how the person is: none of what is denied, feared or another's."""
    left_out = [
        (m.start, m.end) for m in mentions if m.whose != "self" or m.status in ("absent", "feared")
    ]
    found = set()
    denying = False
    for token in tokens:
        if token.kind in ("comma", "stop", "turn"):
            denying = False
        elif token.raw in _DENYING:
            denying = True
        elif token.kind == "word" and token.key and not denying:
            if not any(a <= token.start and token.end <= b for a, b in left_out):
                found.add(token.key)
    return frozenset(found)


def _mark(base: Base, lexicon: str) -> str:
    digest = hashlib.sha256(f"{base.edition}\0{lexicon}".encode())
    for name in ("resemblance.py", "lexicon.py", "tokens.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()[:16]
