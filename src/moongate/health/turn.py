"""One state of an assessment, for a program (JSON) and for a person (lines)."""

from __future__ import annotations

from typing import Any

from moongate.health.assessment import Assessment, Engine
from moongate.health.wording import (
    condition_name,
    finding_name,
    options,
    question_text,
    replies,
    result_lines,
    say,
    why,
)


def state_json(engine: Engine, assessment: Assessment, text: str = "") -> dict[str, Any]:
    """What was understood, what is asked next, and the result as it stands.

    `text` is the last message; `proposals` are findings it may mean, which count only once the
    person confirms them.
    Places (`start`, `end`) count characters of the message as received.
    """
    network, lang = engine.network, assessment.lang
    result = engine.result(assessment)
    question = engine.question(assessment)
    heard = assessment.heard[-1] if assessment.heard else None
    return {
        "knowledge": assessment.edition,
        "lang": lang,
        "about": assessment.about,
        "age_years": assessment.evidence.age,
        "sex": assessment.evidence.sex,
        "course": assessment.evidence.course,
        "replies": replies(network, assessment, heard) if heard else [],
        "notes": list(heard.notes) if heard else [],
        "understood": [
            {
                "finding": m.finding,
                "name": finding_name(network, m.finding, lang),
                "status": m.status,
                "whose": m.whose,
                "start": m.start,
                "end": m.end,
                "words": m.words,
                "how": m.how,
            }
            for m in (heard.mentions if heard else ())
        ],
        "not_understood": [{"start": a, "end": b} for a, b in (heard.unclear if heard else ())],
        "proposals": [
            {
                "finding": p.finding,
                "name": finding_name(network, p.finding, lang),
                "nearest": p.phrase,
                "cosine": round(p.cosine, 4),
            }
            for p in (engine.proposals(heard, text) if heard else ())
        ],
        "severity": heard.severity if heard else None,
        "present": sorted(assessment.evidence.present),
        "absent": sorted(assessment.evidence.absent),
        "contradictions": list(assessment.contradictions),
        "question": None
        if question is None
        else {
            "kind": question.kind,
            "findings": list(question.findings),
            "text": question_text(network, question, lang),
            "options": options(network, question, lang),
            "why": question.why,
            "about": list(question.about),
            "why_text": why(network, question, lang),
            "gain_nats": round(question.gain, 4),
        },
        "triage": {
            "level": result.triage.level,
            "name": getattr(engine.base.levels[result.triage.level].name, lang),
            "do": engine.base.levels[result.triage.level].do.in_(lang),
            "reason": result.triage.reason,
            "crisis": result.in_crisis,
            "sounds": {
                "level": assessment.sounds.level,
                "danger": round(assessment.sounds.danger, 4),
                "emergency": round(assessment.sounds.emergency, 4),
                "crisis": round(assessment.sounds.crisis, 4),
            },
            "probability": [round(float(p), 4) for p in result.triage.probability],
            "red_flags": [
                {
                    "id": fire.id,
                    "level": fire.rule.level,
                    "because": list(fire.because),
                    "why": fire.rule.why.in_(lang),
                    "crisis": fire.rule.crisis,
                }
                for fire in result.triage.flags
            ],
        },
        "conditions": [
            {"id": name, "name": condition_name(network, name, lang), "probability": round(p, 4)}
            for name, p in result.conditions
        ],
        "explanations": [
            {
                "condition": e.condition,
                "for": [[f, round(v, 3)] for f, v in e.for_],
                "against": [[f, round(v, 3)] for f, v in e.against],
                "not_asked": list(e.open),
            }
            for e in result.explained
        ],
        "withheld": len(result.withheld),
        "method": result.posterior.method,
        "approximation_tail": round(result.posterior.tail, 4),
        "disclaimer": say("disclaimer", lang),
    }


def state_lines(engine: Engine, assessment: Assessment) -> list[str]:
    """The same for a reader: replies, what was understood, the result, the next question."""
    network, lang = engine.network, assessment.lang
    heard = assessment.heard[-1]
    joint = "、" if lang == "zh" else ", "
    lines = replies(network, assessment, heard)
    names = [finding_name(network, f, lang) for f in heard.findings("present")]
    names += [
        say("not_present", lang, x=finding_name(network, f, lang)) for f in heard.findings("absent")
    ]
    if names:
        lines.append(say("understood", lang) + joint.join(names))
    if assessment.evidence.present or assessment.sounds.level:
        lines += ["", *result_lines(network, engine.result(assessment), lang)]
    question = engine.question(assessment)
    if question is not None and assessment.evidence.present:
        lines += ["", question_text(network, question, lang)]
    return lines
