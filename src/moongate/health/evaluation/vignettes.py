"""Measure the engine on clinical vignettes, by a deterministic simulated patient.

The patient says the complaint, then answers what it is asked: from its presentation, history and
present findings (yes), its absent ones (no), and "don't know" to anything else. It understands its
own story with the same language layer that reads what people write, so what that layer misses is
missed here too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from moongate.health.assessment import Answer, Assessment, Engine
from moongate.health.evaluation.intervals import wilson
from moongate.health.inference.questions import Question
from moongate.health.knowledge.schema import LEVELS, Course, Lang, Level, Sex
from moongate.health.language.names import Names

Mode = Literal["dialogue", "whole"]
TOPS = (1, 3, 5)
# The five levels against the three of published vignettes.
GOLD_OF_LEVEL: dict[Level, str] = {
    "emergency": "emergency",
    "today": "non_emergency",
    "gp": "non_emergency",
    "pharmacist": "self_care",
    "self_care": "self_care",
}
GOLD_ORDER = ("emergency", "non_emergency", "self_care")


class VignetteError(Exception):
    """A vignette file that cannot be read; names file, line and mend."""


class Gold(msgspec.Struct, frozen=True):
    """The right answer."""

    condition: str
    triage: Literal["emergency", "non_emergency", "self_care"] | None = None


class Vignette(msgspec.Struct, frozen=True):
    """One row of a vignette file (JSON Lines)."""

    id: str
    lang: Lang
    complaint: str
    gold: Gold
    age_years: float | None = None
    sex: Sex | None = None
    presentation: str = ""
    present: list[str] = []
    absent: list[str] = []
    history: str = ""
    candidates: list[str] = []


def read_vignettes(path: Path) -> list[Vignette]:
    """All rows of a file.

    Raises:
        VignetteError: names file, line and field of the first row that does not fit.
    """
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise VignetteError(f"{path}: {error}. Name a JSON Lines file in UTF-8.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(msgspec.json.decode(line, type=Vignette))
        except msgspec.DecodeError as error:
            raise VignetteError(f"{path}:{number}: {error}. See the format of vignettes.") from None
    if not rows:
        raise VignetteError(f"{path}: no vignettes. Name a file with at least one row.")
    return rows


@dataclass(frozen=True)
class Patient:
    """What the simulated patient knows of itself."""

    yes: frozenset[str]
    no: frozenset[str]
    course: Course | None

    def answer(self, engine: Engine, finding: str) -> Answer:
        """present when told, absent when denied (also through its parent), else unknown."""
        if finding in self.yes:
            return "present"
        name: str | None = finding
        while name is not None:
            if name in self.no:
                return "absent"
            name = engine.network.parent.get(name)
        return "unknown"


def patient_of(engine: Engine, vignette: Vignette) -> Patient:
    """The patient behind a vignette."""
    told = engine.begin(lang=vignette.lang)
    for text in _told(vignette):
        told = engine.tell(told, text, vignette.lang)
    no = set(told.evidence.absent) | _denied(engine, vignette)
    return Patient(
        told.evidence.present, frozenset(no - told.evidence.present), told.evidence.course
    )


def _told(vignette: Vignette) -> list[str]:
    parts = [vignette.complaint, vignette.presentation, vignette.history, *vignette.present]
    return [part for part in parts if part and part.strip().lower() not in ("none", "none; none")]


def _denied(engine: Engine, vignette: Vignette) -> set[str]:
    """Every finding of the `absent` entries, whether they are written with "No" or without."""
    denied: set[str] = set()
    for text in vignette.absent:
        heard = engine.reader.understand(text, vignette.lang)
        denied |= {m.finding for m in heard.mentions if m.status in ("present", "absent", "past")}
    return denied


def _whole(engine: Engine, vignette: Vignette) -> Assessment:
    assessment = _begin(engine, vignette)
    for text in _told(vignette):
        assessment = engine.tell(assessment, text, vignette.lang)
    denied = _denied(engine, vignette) - assessment.evidence.present
    evidence = assessment.evidence
    for finding in sorted(denied):
        evidence = evidence.with_(finding, "absent")
    return replace(assessment, evidence=engine.network.closed(evidence))


def _begin(engine: Engine, vignette: Vignette) -> Assessment:
    return engine.begin(lang=vignette.lang, age=vignette.age_years, sex=vignette.sex)


def _dialogue(engine: Engine, vignette: Vignette, times: list[float]) -> Assessment:
    patient = patient_of(engine, vignette)
    assessment = engine.tell(_begin(engine, vignette), vignette.complaint, vignette.lang)
    while True:
        start = time.perf_counter()
        question = engine.question(assessment)
        times.append(time.perf_counter() - start)
        if question is None:
            return assessment
        assessment = _reply(engine, assessment, question, patient)


def _reply(
    engine: Engine, assessment: Assessment, question: Question, patient: Patient
) -> Assessment:
    if question.kind == "course":
        return engine.answer(assessment, question, {}, patient.course)
    answers = {finding: patient.answer(engine, finding) for finding in question.findings}
    return engine.answer(assessment, question, answers)


def evaluate(
    engine: Engine,
    vignettes: list[Vignette],
    mode: Mode = "dialogue",
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary of the contract, and a row a case."""
    names = Names(engine.base)
    times: list[float] = []
    rows = []
    for done, vignette in enumerate(vignettes, start=1):
        if mode == "whole":
            assessment = _whole(engine, vignette)
        else:
            assessment = _dialogue(engine, vignette, times)
        rows.append(_row(engine, names, vignette, assessment))
        progress(done)
    return _summary(rows, times), rows


def _row(
    engine: Engine, names: Names, vignette: Vignette, assessment: Assessment
) -> dict[str, Any]:
    result = engine.result(assessment, most=len(engine.network.conditions))
    order = [name for name, _ in result.conditions]
    gold = names.find(vignette.gold.condition)
    rank = min((order.index(name) + 1 for name in gold), default=None)
    probability = dict(result.conditions)
    right: bool | None = None
    if vignette.candidates:
        right = _candidate(names, vignette, probability)
    return {
        "id": vignette.id,
        "lang": vignette.lang,
        "gold": vignette.gold.condition,
        "mapped": list(gold),
        "rank": rank,
        "top5": [[name, round(p, 4)] for name, p in result.conditions[:5]],
        "questions": len(assessment.asked),
        "candidate_right": right,
        "level": result.triage.level,
        "reason": result.triage.reason,
        "flags": [fire.id for fire in result.triage.flags],
        "gold_triage": vignette.gold.triage,
        "present": sorted(assessment.evidence.present),
        "absent": sorted(assessment.evidence.absent),
        "unknown": sorted(assessment.evidence.unknown),
        "method": result.posterior.method,
    }


def _candidate(names: Names, vignette: Vignette, probability: dict[str, float]) -> bool:
    """Whether the likeliest of the candidates is the gold one, by its very name.

    Candidates that name one condition tie; the longest name, as the most specific, is chosen,
    then the one named first.
    """
    best: tuple[float, int, int] | None = None
    for place, candidate in enumerate(vignette.candidates):
        for name in names.find(candidate):
            key = (-probability[name], -len(candidate), place)
            best = key if best is None or key < best else best
    return best is not None and vignette.candidates[best[2]] == vignette.gold.condition


def _summary(rows: list[dict[str, Any]], times: list[float]) -> dict[str, Any]:
    n = len(rows)
    covered = sum(row["rank"] is not None for row in rows)
    summary: dict[str, Any] = {"n": n, "covered": covered}
    intervals: dict[str, list[float]] = {"covered": _interval(covered, n)}
    for top in TOPS:
        hits = sum(row["rank"] is not None and row["rank"] <= top for row in rows)
        summary[f"top{top}"] = hits / n
        intervals[f"top{top}"] = _interval(hits, n)
    summary["questions_mean"] = sum(row["questions"] for row in rows) / n
    judged = [row["candidate_right"] for row in rows if row["candidate_right"] is not None]
    if judged:
        summary["candidates_top1"] = sum(judged) / len(judged)
        intervals["candidates_top1"] = _interval(sum(judged), len(judged))
    languages = sorted({row["lang"] for row in rows})
    if len(languages) > 1:
        summary["languages"] = {
            lang: _summary([row for row in rows if row["lang"] == lang], []) for lang in languages
        }
    summary["triage"], triage_intervals = _triage(rows)
    intervals |= triage_intervals
    summary["p95_question_ms"] = round(1000 * float(np.quantile(times, 0.95)), 1) if times else None
    summary["intervals"] = intervals
    return summary


def _interval(hits: int, n: int) -> list[float]:
    return [round(bound, 4) for bound in wilson(hits, n)]


def _triage(rows: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, list[float]]]:
    judged = [row for row in rows if row["gold_triage"] is not None]
    confusion = {gold: dict.fromkeys(LEVELS, 0) for gold in GOLD_ORDER}
    right = under = over = missed = 0
    for row in judged:
        confusion[row["gold_triage"]][row["level"]] += 1
        ours = GOLD_ORDER.index(GOLD_OF_LEVEL[row["level"]])
        gold = GOLD_ORDER.index(row["gold_triage"])
        right += ours == gold
        under += ours > gold
        over += ours < gold
        # "Seen today" is too late for an emergency (under), but it is not sent away (missed).
        missed += gold == 0 and LEVELS.index(row["level"]) > LEVELS.index("today")
    n = len(judged)
    result = {
        "n": n,
        "accuracy": right / n if n else None,
        "under": under,
        "over": over,
        "emergencies_missed": missed,
        "confusion": confusion,
    }
    intervals = (
        {"triage_accuracy": _interval(right, n), "no_under_triage": _interval(n - under, n)}
        if n
        else {}
    )
    return result, intervals


def write_details(path: Path, rows: list[dict[str, Any]]) -> None:
    """A JSON line a case."""
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
