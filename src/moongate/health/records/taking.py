"""Taking the snapshot of an assessment, with the engine that made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from moongate.health.assessment import Assessment, Engine
from moongate.health.explanation import Explained
from moongate.health.inference.questions import Question
from moongate.health.knowledge.schema import LANGS
from moongate.health.records.snapshot import (
    VERSION,
    Answer,
    Answered,
    Asked,
    Both,
    Flag,
    Named,
    Possible,
    Snapshot,
)
from moongate.health.wording import finding_name, question_text

MOST_REASONS = 6


def take_snapshot(
    engine: Engine, assessment: Assessment, *, words: Sequence[str], most: int = 10
) -> Snapshot:
    """What the assessment comes to now. `words`: the person's messages; `most` conditions."""
    result = engine.result(assessment, most=most)
    evidence = engine.network.closed(assessment.evidence)
    table, base = engine.base.levels, engine.base
    explained = {e.condition: e for e in result.explained}
    level = result.triage.level
    return Snapshot(
        version=VERSION,
        knowledge=base.edition,
        lang=assessment.lang,
        country=evidence.country,
        about=assessment.about,
        age_years=evidence.age,
        sex=evidence.sex,
        course=evidence.course,
        words=tuple(words),
        present=_named(engine, sorted(evidence.present)),
        absent=_named(engine, sorted(evidence.absent)),
        unknown=_named(engine, sorted(evidence.unknown)),
        asked=tuple(_asked(engine, assessment, question) for question in assessment.asked),
        level=level,
        level_name=Both(table[level].name.en, table[level].name.zh),
        do=Both(table[level].do.en, table[level].do.zh),
        reason=result.triage.reason,
        crisis=result.in_crisis,
        flags=tuple(
            Flag(
                fire.id,
                fire.rule.level,
                Both(fire.rule.why.en, fire.rule.why.zh),
                _named(engine, fire.because),
                fire.rule.crisis,
            )
            for fire in result.triage.flags
        ),
        levels=tuple(round(float(p), 4) for p in result.triage.probability),
        conditions=tuple(
            _possible(engine, name, probability, explained.get(name))
            for name, probability in result.conditions
        ),
        withheld=len(result.withheld),
        method=result.posterior.method,
        tail=round(float(result.posterior.tail), 4),
    )


def _possible(
    engine: Engine, name: str, probability: float, explained: Explained | None
) -> Possible:
    condition = engine.base.conditions[name]
    reasons: tuple[tuple[Named, ...], ...] = ((), (), ())
    if explained is not None:
        parts = (
            [finding for finding, _value in explained.for_],
            [finding for finding, _value in explained.against],
            explained.open,
        )
        reasons = tuple(_named(engine, part[:MOST_REASONS]) for part in parts)
    return Possible(
        name,
        Both(condition.name.en, condition.name.zh),
        round(probability, 4),
        Both(condition.about.en, condition.about.zh),
        condition.icd10,
        condition.icpc2,
        *reasons,
    )


def _asked(engine: Engine, assessment: Assessment, question: Question) -> Asked:
    network, evidence = engine.network, assessment.evidence
    text = Both(*(question_text(network, question, lang) for lang in LANGS))
    if question.kind == "course":
        course = None
        if evidence.course is not None:
            course = Both(*(finding_name(network, f"course_{evidence.course}", x) for x in LANGS))
        return Asked(question.kind, text, (), course)
    answers: list[Answered] = []
    for finding in _named(engine, question.findings):
        if finding.id in evidence.present:
            answer: Answer = "present"
        elif finding.id in evidence.absent:
            answer = "absent"
        else:
            answer = "unknown"
        answers.append(Answered(finding, answer))
    return Asked(question.kind, text, tuple(answers))


def _named(engine: Engine, findings: Iterable[str]) -> tuple[Named, ...]:
    """Findings by name; the course, which stands in a field of its own, is left out."""
    network = engine.network
    return tuple(
        Named(name, Both(finding_name(network, name, "en"), finding_name(network, name, "zh")))
        for name in findings
        if name in engine.base.findings
    )
