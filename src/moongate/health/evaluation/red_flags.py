"""Our own suite of dangerous sentences: each must escalate, its twins must not.

`red_flags.jsonl` holds a row a sentence: `id`, `lang`, `text`, `want` ("emergency", "today" or
"calm"), `kind` ("danger", "negated", "other", "past", "harmless"), `group`, and, where they matter,
`age_years` and `sex`. "calm" means: this sentence must not be answered with a red flag.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import msgspec

from moongate.health.assessment import Engine
from moongate.health.evaluation.intervals import wilson
from moongate.health.knowledge.schema import LEVELS, Lang, Sex


class Sentence(msgspec.Struct, frozen=True):
    """A row of the suite."""

    id: str
    lang: Lang
    text: str
    want: Literal["emergency", "today", "calm"]
    kind: Literal["danger", "negated", "other", "past", "harmless"]
    group: str
    age_years: float | None = None
    sex: Sex | None = None


class SentenceError(Exception):
    """A file of sentences that cannot be read; names file, line and mend."""


def suite() -> list[Sentence]:
    """The sentences that ship."""
    return read_sentences(Path(str(files("moongate.health.evaluation"))) / "red_flags.jsonl")


def read_sentences(path: Path) -> list[Sentence]:
    """All rows of a file.

    Raises:
        SentenceError: names file, line and field of the first row that does not fit.
    """
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SentenceError(f"{path}: {error}. Name a JSON Lines file in UTF-8.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(msgspec.json.decode(line, type=Sentence))
        except msgspec.DecodeError as error:
            raise SentenceError(f"{path}:{number}: {error}. See `Sentence` for the form.") from None
    if not rows:
        raise SentenceError(f"{path}: no sentences. Name a file with at least one row.")
    return rows


def evaluate_red_flags(
    engine: Engine, sentences: list[Sentence]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Share of dangers that escalate, share of false alarms among the twins, a row a sentence.

    "escalated" and "false_alarms" count red flags and the alarm; "level_reached" the dangers whose
    urgency comes out as wanted, for whatever reason.
    """
    rows: list[dict[str, Any]] = []
    for sentence in sentences:
        begun = engine.begin(lang=sentence.lang, age=sentence.age_years, sex=sentence.sex)
        told = engine.tell(begun, sentence.text)
        triage = engine.result(told).triage
        flags = triage.flags
        levels: set[str] = {fire.rule.level for fire in flags}
        sounds = told.sounds.level
        # The alarm speaks also where the level was that urgent without it.
        if sounds is not None and LEVELS.index(triage.level) <= LEVELS.index(sounds):
            levels.add(sounds)
        if sentence.want == "calm":
            right = not levels
        else:
            right = "emergency" in levels or (sentence.want == "today" and bool(levels))
        rows.append({
            "id": sentence.id, "lang": sentence.lang, "text": sentence.text, "want": sentence.want,
            "kind": sentence.kind, "right": right, "flags": [fire.id for fire in flags],
            "sounds": sounds, "level": triage.level,
            "understood": [[m.finding, m.status, m.whose] for m in told.heard[-1].mentions],
        })  # fmt: skip
    dangers = [row for row in rows if row["want"] != "calm"]
    calm = [row for row in rows if row["want"] == "calm"]
    caught = sum(row["right"] for row in dangers)
    reached = sum(LEVELS.index(row["level"]) <= LEVELS.index(row["want"]) for row in dangers)
    false = sum(not row["right"] for row in calm)
    summary = {
        "n": len(rows),
        "dangers": len(dangers),
        "escalated": caught / max(1, len(dangers)),
        "level_reached": reached / max(1, len(dangers)),
        "calm": len(calm),
        "false_alarms": false / max(1, len(calm)),
        "by_language": {
            lang: sum(r["right"] for r in rows if r["lang"] == lang)
            / max(1, sum(r["lang"] == lang for r in rows))
            for lang in ("en", "zh")
        },
        "intervals": {
            "escalated": list(wilson(caught, len(dangers))),
            "false_alarms": list(wilson(false, len(calm))),
        },
        "wrong": [row["id"] for row in rows if not row["right"]],
    }
    return summary, rows
