"""The trained ear: three probabilities for a message, and the urgency that follows from them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moongate.health.alarm.features import Features
from moongate.health.knowledge.faults import Fault, KnowledgeError

Floats = NDArray[np.float64]
WEIGHTS = Path(__file__).parent / "weights.npz"
HEADS = ("danger", "emergency", "crisis")
# A shorter message names a complaint and tells nothing of how it is; a Chinese character is one.
LEAST_WORDS = 5
_WORDS = re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9'’]+")


@dataclass(frozen=True)
class Sounds:
    """What one message sounds like; `level` is the urgency that it asks for, if any.

    danger: care the same day or sooner; emergency: care at once; crisis: someone may take their
    life or be killed. All are probabilities among messages that may or may not tell of danger.
    """

    danger: float
    emergency: float
    crisis: float
    level: Literal["emergency", "today"] | None
    in_crisis: bool

    def or_worse(self, other: Sounds) -> Sounds:
        """Of two messages the more urgent; the likelier where both ask for the same."""
        rank = {"emergency": 0, "today": 1, None: 2}
        worse = min(self, other, key=lambda s: (rank[s.level], -s.danger))
        return replace(worse, in_crisis=self.in_crisis or other.in_crisis)


@dataclass(frozen=True)
class Weights:
    """`heads` (3, F), `bias` (3,), `limits` (3,) probabilities, `rarity` (PIECES,)."""

    heads: Floats
    bias: Floats
    limits: Floats
    rarity: Floats
    sentences: str  # digest of what it was trained on

    def probabilities(self, vectors: sparse.csr_matrix) -> Floats:
        """(n, 3) for n message vectors."""
        found: Floats = 1 / (1 + np.exp(-(vectors @ self.heads.T + self.bias)))
        return found


@dataclass
class Alarm:
    """Listens to messages. The first one takes a second, when the encoder is loaded."""

    path: Path = WEIGHTS
    _features: Features = field(default_factory=Features)

    @cached_property
    def weights(self) -> Weights:
        return read_weights(self.path)

    def hear(self, text: str) -> Sounds:
        """How dangerous a message sounds. Too short a message sounds like nothing."""
        if len(_WORDS.findall(text)) < LEAST_WORDS:
            return SILENT
        chance = self.weights.probabilities(self._features.vectors([text], self.weights.rarity))[0]
        danger, emergency, crisis = (float(p) for p in chance)
        over = chance >= self.weights.limits
        level: Literal["emergency", "today"] | None = None
        if over[1] or over[2]:
            level = "emergency"
        elif over[0]:
            level = "today"
        return Sounds(danger, emergency, crisis, level, bool(over[2]))


SILENT = Sounds(0.0, 0.0, 0.0, None, False)


def read_weights(path: Path) -> Weights:
    """The weights in a file.

    Raises:
        KnowledgeError: the file is not there, or is none.
    """
    try:
        with np.load(path, allow_pickle=False) as kept:
            return Weights(
                kept["heads"].astype(np.float64),
                kept["bias"].astype(np.float64),
                kept["limits"].astype(np.float64),
                kept["rarity"].astype(np.float64),
                str(kept["sentences"]),
            )
    except (OSError, KeyError, ValueError) as error:
        mend = "Run `moongate health alarm train`."
        raise KnowledgeError([Fault(str(path), 0, str(error), mend)]) from None


def write_weights(weights: Weights, path: Path) -> None:
    """Writes the weights; half precision is more than they need."""
    np.savez_compressed(
        path,
        heads=weights.heads.astype(np.float16),
        bias=weights.bias.astype(np.float32),
        limits=weights.limits.astype(np.float32),
        rarity=weights.rarity.astype(np.float16),
        sentences=np.array(weights.sentences),
    )
