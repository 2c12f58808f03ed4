"""Training the ear on our own sentences, and choosing its limits by cross-validation.

`sentences/*.jsonl` holds a row a message: `lang`, `text`, `want` ("emergency", "today" or "calm"),
and `crisis` where someone's life is in danger by their own or another's hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from moongate.health.alarm.features import Features, rarities
from moongate.health.alarm.model import HEADS, Weights
from moongate.health.knowledge.faults import Fault, KnowledgeError
from moongate.health.knowledge.schema import Lang

Floats = NDArray[np.float64]
SENTENCES = Path(__file__).parent / "sentences"
RIDGE = 0.1
FOLDS = 5
# Share of calm messages that may sound too urgent, by head; what is not shown the limit for.
FALSE_ALARMS = {"danger": 0.03, "emergency": 0.02, "crisis": 0.003}


class Sentence(msgspec.Struct, frozen=True):
    """A row of the sentences."""

    lang: Lang
    text: str
    want: Literal["emergency", "today", "calm"]
    crisis: bool = False


def read_sentences(folder: Path = SENTENCES) -> list[Sentence]:
    """All sentences of a folder, in the order of files and lines.

    Raises:
        KnowledgeError: names file, line and field of the first row that does not fit.
    """
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                rows.append(msgspec.json.decode(line, type=Sentence))
            except msgspec.DecodeError as error:
                mend = "See the fields in alarm/training.py."
                raise KnowledgeError([Fault(str(path), number, str(error), mend)]) from None
    return rows


def digest(sentences: list[Sentence]) -> str:
    """A mark of the sentences, by which stale weights are known."""
    return hashlib.sha256(msgspec.json.encode(sentences)).hexdigest()[:16]


def train(
    sentences: list[Sentence], progress: Callable[[str], None] = lambda line: None
) -> tuple[Weights, dict[str, Any]]:
    """Weights, and how the same training does on sentences it has not seen (FOLDS folds).

    A head's limit is the lowest probability that at most FALSE_ALARMS of the calm sentences reach
    when they were left out of training.
    """
    texts = [sentence.text for sentence in sentences]
    targets = _targets(sentences)
    calm = ~targets[0].astype(bool)
    rarity = rarities(texts)
    progress(f"reading {len(texts)} sentences")
    vectors = Features().vectors(texts, rarity)
    unseen = np.zeros((len(texts), len(HEADS)))
    fold = np.arange(len(texts)) % FOLDS
    for k in range(FOLDS):
        progress(f"fold {k + 1} of {FOLDS}")
        heads, bias = _fit(vectors[fold != k], targets[:, fold != k])
        unseen[fold == k] = 1 / (1 + np.exp(-(vectors[fold == k] @ heads.T + bias)))
    limits = np.array([_limit(unseen[calm, i], FALSE_ALARMS[name]) for i, name in enumerate(HEADS)])
    heads, bias = _fit(vectors, targets)
    over = unseen >= limits
    raised = np.asarray(over.any(axis=1))
    summary = {
        "n": len(texts),
        "dangers": int((~calm).sum()),
        "raised": float(raised[~calm].mean()),
        "false_alarms": float(raised[calm].mean()),
        "heads": {
            name: {
                "limit": float(limits[i]),
                "caught": float(over[targets[i] > 0, i].mean()) if targets[i].any() else None,
            }
            for i, name in enumerate(HEADS)
        },
    }
    return Weights(heads, bias, limits, rarity, digest(sentences)), summary


def _targets(sentences: list[Sentence]) -> Floats:
    """(3, n): is it a danger, an emergency, a crisis?"""
    return np.array(
        [
            [s.want != "calm" for s in sentences],
            [s.want == "emergency" for s in sentences],
            [s.crisis for s in sentences],
        ],
        dtype=np.float64,
    )


def _fit(vectors: sparse.csr_matrix, targets: Floats) -> tuple[Floats, Floats]:
    """Ridge-penalised logistic regressions, one a row of `targets`: (3, F) and (3,)."""
    found = [_regression(vectors, target) for target in targets]
    return np.array([w for w, _ in found]), np.array([b for _, b in found])


def _regression(x: sparse.csr_matrix, target: Floats) -> tuple[Floats, float]:
    across = x.T.tocsr()

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weight = parameters[:-1]
        z = x @ weight + parameters[-1]
        value = (np.logaddexp(0, z) - target * z).sum() + 0.5 * RIDGE * (weight @ weight)
        slope = 1 / (1 + np.exp(-z)) - target
        return float(value), np.append(across @ slope + RIDGE * weight, slope.sum())

    best = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B",
                    options={"maxiter": 300})  # fmt: skip
    return best.x[:-1], float(best.x[-1])


def _limit(chances: Floats, share: float) -> float:
    """The probability that at most `share` of the given ones exceed."""
    allowed = int(share * len(chances))
    return float(np.nextafter(np.sort(chances)[::-1][allowed], 1.0))
