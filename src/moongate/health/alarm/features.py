"""A message as numbers: its meaning by the sentence encoder, and its spelling by short pieces."""

from __future__ import annotations

import re
import zlib

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moongate.health.language.encoder import sentence_encoder
from moongate.health.language.tokens import simplify

Floats = NDArray[np.float64]
PIECES = 1 << 15  # places that the pieces of text are hashed into
LONGEST = 1_000  # characters of a message that are read
MEANING_WEIGHT = 1.5  # of the unit vector of meaning, against the unit vector of spelling
MEANING = 512  # numbers in a sentence vector
BATCH = 64
_SPACE = re.compile(r"\s+")


class Features:
    """Turns messages into vectors of MEANING + PIECES numbers. Make it once."""

    def vectors(self, texts: list[str], rarity: Floats) -> sparse.csr_matrix:
        """(n, MEANING + PIECES) for n messages; `rarity` (PIECES,) weighs the pieces."""
        plain = [plainly(text) for text in texts]
        meaning = np.concatenate(
            [
                sentence_encoder().encode(plain[at : at + BATCH])
                for at in range(0, len(plain), BATCH)
            ]
        )
        parts = [sparse.csr_matrix(MEANING_WEIGHT * meaning), spelling(plain, rarity)]
        return sparse.csr_matrix(sparse.hstack(parts, format="csr"))


def plainly(text: str) -> str:
    """Lower case, simplified characters, single spaces, at most LONGEST characters."""
    return _SPACE.sub(" ", simplify(text[:LONGEST])).strip()


def spelling(texts: list[str], rarity: Floats) -> sparse.csr_matrix:
    """(n, PIECES) unit vectors: 1 + log count of each piece, times its rarity."""
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        at, count = np.unique(_hashed(text), return_counts=True)
        value = (1 + np.log(count)) * rarity[at]
        rows.append(np.full(len(at), row))
        columns.append(at)
        values.append(value / max(float(np.linalg.norm(value)), 1e-12))
    place = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(values), place), shape=(len(texts), PIECES))


def rarities(texts: list[str]) -> Floats:
    """log((1 + n) / (1 + n with the piece)) + 1 of each hashed piece (PIECES,)."""
    seen = np.zeros(PIECES)
    for text in texts:
        seen[np.unique(_hashed(plainly(text)))] += 1
    found: Floats = np.log((1 + len(texts)) / (1 + seen)) + 1
    return found


def _hashed(text: str) -> NDArray[np.int64]:
    """Where the pieces of one to four characters fall (one to three where Chinese)."""
    padded = f" {text} "
    found = []
    for length in (1, 2, 3, 4):
        for start in range(len(padded) - length + 1):
            piece = padded[start : start + length]
            if length < 4 or piece.isascii():
                found.append(zlib.crc32(piece.encode()) % PIECES)
    return np.array(found, dtype=np.int64)
