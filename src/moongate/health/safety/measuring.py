"""The evaluation report of one version of the knowledge: figures measured now, or none at all."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from moongate.health.assessment import Engine
from moongate.health.evaluation.red_flags import evaluate_red_flags, suite
from moongate.health.evaluation.vignettes import evaluate, read_vignettes
from moongate.health.knowledge.check import check
from moongate.health.knowledge.schema import LEVELS
from moongate.health.knowledge.show import stats

Progress = Callable[[str], None]
NOT_MEASURED = "not measured"
ROWS = (
    ("cases", "n"),
    ("of a condition that the base knows", "covered"),
    ("right condition first", "top1"),
    ("among the first three", "top3"),
    ("among the first five", "top5"),
    ("cases with a right urgency", "triage.n"),
    ("urgency right", "triage.accuracy"),
    ("less urgent than right", "triage.under"),
    ("more urgent than right", "triage.over"),
    ("emergencies missed", "triage.emergencies_missed"),
)


@dataclass(frozen=True)
class Measured:
    """What was measured on one version; a set of vignettes is a file's name and its summary."""

    version: str
    stats: dict[str, Any]
    grave_faults: int
    advices: int
    red_flags: dict[str, Any]
    vignettes: tuple[tuple[str, dict[str, Any]], ...]


def measure(engine: Engine, files: list[Path], tell: Progress = lambda line: None) -> Measured:
    """Run the engine's own evaluations. `files` are vignettes, read whole.

    Raises VignetteError for a file that cannot be read.
    """
    read = [(path.name, read_vignettes(path)) for path in files]
    faults = check(engine.base)
    tell("red flags")
    flags, _rows = evaluate_red_flags(engine, suite())
    sets = []
    for name, rows in read:
        tell(f"{name}: {len(rows)} vignettes")
        summary, _details = evaluate(engine, rows, "whole")
        sets.append((name, summary))
    return Measured(
        engine.base.edition,
        stats(engine.base),
        sum(fault.grave for fault in faults),
        sum(not fault.grave for fault in faults),
        flags,
        tuple(sets),
    )


def report_lines(measured: Measured, when: datetime) -> list[str]:
    """The report as Markdown. Every figure in it comes from `measured`."""
    flags = measured.red_flags
    lines = [
        "# Evaluation report",
        "",
        f"*Knowledge {measured.version}, measured on {when:%Y-%m-%d} by `moongate health "
        f"safety-report` (Python {platform.python_version()}). Do not edit: make it anew.*",
        "",
        "Written cases and a simulated patient; no trial with patients has been made. Rates carry",
        "Wilson 95 % intervals. What these figures are worth, and how the cases were kept apart",
        "from the knowledge, stands in `docs/evaluation.md`.",
        "",
        "## The knowledge",
        "",
        "| what | count |",
        "| --- | --- |",
        *(f"| {key.replace('_', ' ')} | {value} |" for key, value in _flat(measured.stats)),
        f"| grave faults of `knowledge check` | {measured.grave_faults} |",
        f"| advices of `knowledge check` | {measured.advices} |",
        "",
        "## Red flags",
        "",
        f"Our own suite of {flags['n']} sentences: {flags['dangers']} dangers, {flags['calm']} "
        "harmless ones with much the same words.",
        "",
        "| what | rate | interval |",
        "| --- | --- | --- |",
        f"| dangers that escalate | {_rate(flags, 'escalated')} | {_span(flags, 'escalated')} |",
        f"| dangers that reach the wanted level | {_rate(flags, 'level_reached')} | – |",
        f"| harmless ones that alarm | {_rate(flags, 'false_alarms')} | "
        f"{_span(flags, 'false_alarms')} |",
        "",
        "## Vignettes",
        "",
    ]
    if not measured.vignettes:
        return [*lines, f"On this version: {NOT_MEASURED}.", ""]
    for name, summary in measured.vignettes:
        lines += [f"### {name}", "", *_vignette_lines(summary)]
    return lines


def _vignette_lines(summary: dict[str, Any]) -> list[str]:
    """One set: a column for all of it and one for each language; then urgency against the right."""
    groups = {"all": summary, **summary.get("languages", {})}
    lines = [f"| what | {' | '.join(groups)} |", "| --- |" + " --- |" * len(groups)]
    for label, place in ROWS:
        cells = [_cell(group, place) for group in groups.values()]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    confusion = (summary.get("triage") or {}).get("confusion")
    if confusion:
        lines += ["", f"| right ↓, said → | {' | '.join(LEVELS).replace('_', ' ')} |"]
        lines.append("| --- |" + " --- |" * len(LEVELS))
        for right, said in confusion.items():
            cells = [str(said.get(level, 0)) for level in LEVELS]
            lines.append(f"| {right.replace('_', ' ')} | {' | '.join(cells)} |")
    return [*lines, ""]


def _cell(group: dict[str, Any], place: str) -> str:
    part, _, key = place.rpartition(".")
    value = ((group.get(part) or {}) if part else group).get(key)
    if value is None:
        return NOT_MEASURED
    if not isinstance(value, float):
        return str(value)
    name = "triage_accuracy" if key == "accuracy" else key
    span = group.get("intervals", {}).get(name)
    shown = f"{value:.1%}".replace("%", " %")
    return f"{shown} ({100 * span[0]:.0f} to {100 * span[1]:.0f} %)" if span else shown


def _flat(summary: dict[str, Any], above: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, value in summary.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            rows += _flat(value, f"{name}: ")
        else:
            rows.append((name, value))
    return rows


def _rate(summary: dict[str, Any], key: str) -> str:
    return f"{summary[key]:.1%}".replace("%", " %")


def _span(summary: dict[str, Any], key: str) -> str:
    low, high = summary["intervals"][key]
    return f"{low:.1%} to {high:.1%}".replace("%", " %")
