"""A condition as a clinician would read it; counts of a base; the base as one document."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from moongate.health.knowledge.loader import Base
from moongate.health.knowledge.ranges import (
    letter_of,
    probability_range,
    ratio_range,
    source_of,
)
from moongate.health.knowledge.schema import AGE_BANDS, COURSES, LEVELS, Lang


def show_condition(base: Base, condition_id: str, lang: Lang) -> list[str]:
    """Lines of text: names, frequency, urgency, findings with figures, ranges and sources."""
    c = base.conditions[condition_id]
    other = "en" if lang == "zh" else "zh"
    lines = [
        f"{getattr(c.name, lang)} · {getattr(c.name, other)}  [{condition_id}]",
        f"  ICD-10 {', '.join(c.icd10)}   ICPC-2 {', '.join(c.icpc2) or '-'}",
        f"  {c.about.in_(lang)}",
        f"  also: {', '.join([*c.also.en, *c.also.zh]) or '-'}",
        f"  kinds of it: {', '.join([*c.narrower.en, *c.narrower.zh]) or '-'}",
        "",
        f"  new episodes a year per 100,000: UK {c.rate['uk']:g}, China {c.rate['cn']:g} "
        f"({c.rate_confidence or c.confidence}, {c.rate_source or c.source})",
        "  by age: " + "  ".join(f"{a}+ ×{m:g}" for a, m in zip(AGE_BANDS, c.age, strict=True)),
        f"  female {c.female:.0%}",
        "  course: " + "  ".join(f"{k} {c.course.get(k, 0):.0%}" for k in COURSES),
        "  urgency: " + "  ".join(f"{k} {c.triage.get(k, 0):.0%}" for k in LEVELS),
        "",
        f"  {'finding':44} {'p':>5}  {'90 % range':>11}  conf.  source",
    ]
    rows = sorted(c.findings, key=lambda row: -float(row[1]))
    for row in rows:
        finding = base.findings[str(row[0])]
        p = float(row[1])
        low, high = probability_range(p, letter_of(c, row))
        name = getattr(finding.name, lang)
        if finding.parent:
            name = f"↳ {name}"
        lines.append(
            f"  {name:44} {p:5.2f}  {low:.2f} – {high:.2f}  {letter_of(c, row)}      "
            f"{source_of(c, row)}"
        )
    if c.risks:
        lines += ["", f"  {'risk factor':44} {'RR':>5}  {'90 % range':>11}  conf.  source"]
    for row in sorted(c.risks, key=lambda row: -float(row[1])):
        value = float(row[1])
        low, high = ratio_range(value, letter_of(c, row))
        name = getattr(base.findings[str(row[0])].name, lang)
        lines.append(
            f"  {name:44} {value:5.1f}  {low:.1f} – {high:.1f}  {letter_of(c, row)}      "
            f"{source_of(c, row)}"
        )
    flags = [name for name, flag in base.red_flags.items() if condition_id in flag.think]
    used = dict.fromkeys([c.source, *[source_of(c, r) for r in [*c.findings, *c.risks]]])
    lines += ["", f"  red flags: {', '.join(flags) or '-'}", f"  {c.advice.in_(lang)}", ""]
    for source in used:
        work = base.sources[source]
        lines.append(f"  [{source}] {work.title}. {work.publisher}, {work.year}.")
    return lines


def stats(base: Base) -> dict[str, Any]:
    """Counts: entries, figures by confidence, findings a condition, words a finding."""
    letters: Counter[str] = Counter()
    for c in base.conditions.values():
        letters.update(letter_of(c, row) for row in [*c.findings, *c.risks])
    rows = [len(c.findings) for c in base.conditions.values()]
    kinds = Counter(f.kind for f in base.findings.values())
    says = {
        lang: sum(len(getattr(f.says, lang)) for f in base.findings.values())
        for lang in ("en", "zh")
    }
    return {
        "version": base.edition,
        "conditions": len(base.conditions),
        "findings": len(base.findings),
        "findings_by_kind": dict(sorted(kinds.items())),
        "attributes": sum(f.parent is not None for f in base.findings.values()),
        "figures": sum(letters.values()),
        "figures_by_confidence": dict(sorted(letters.items())),
        "findings_per_condition": round(sum(rows) / max(1, len(rows)), 1),
        "phrases": says,
        "red_flags": len(base.red_flags),
        "sources": len(base.sources),
    }


def export(base: Base) -> dict[str, Any]:
    """The whole base as plain data; every figure with its range, confidence and source."""
    conditions: dict[str, Any] = {}
    for name, c in base.conditions.items():
        plain = msgspec.to_builtins(c)
        plain["findings"] = [_figure(base, c, row, probability_range) for row in c.findings]
        plain["risks"] = [_figure(base, c, row, ratio_range) for row in c.risks]
        conditions[name] = plain
    return {
        "version": base.version,
        "sha256": base.digest,
        "sources": msgspec.to_builtins(base.sources),
        "findings": msgspec.to_builtins(base.findings),
        "conditions": conditions,
        "red_flags": msgspec.to_builtins(base.red_flags),
        "levels": msgspec.to_builtins(base.levels),
    }


def _figure(base: Base, c: Any, row: Any, range_of: Any) -> dict[str, Any]:
    low, high = range_of(float(row[1]), letter_of(c, row))
    return {
        "id": row[0],
        "value": row[1],
        "low": round(low, 4),
        "high": round(high, 4),
        "confidence": letter_of(c, row),
        "source": source_of(c, row),
    }
