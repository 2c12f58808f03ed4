"""The result of a conversation in words: urgency, possibilities, reasons, what to watch for."""

from __future__ import annotations

from moongate.health.assessment import Result
from moongate.health.inference.network import Evidence, Network
from moongate.health.knowledge.schema import LEVELS, Lang
from moongate.health.talk.help import Number, numbers
from moongate.health.talk.replaying import MOST_SHOWN, State
from moongate.health.talk.shapes import Outcome, Possible
from moongate.health.talk.steps import Country
from moongate.health.talk.words import band, text
from moongate.health.wording import condition_name, finding_name, say

LEAST_SHOWN = 0.02  # a condition less likely than this is not worth a line
LEAST_WATCHED = 0.1  # of what is less likely, only signs that begin with what is there are named
MOST_REASONS, MOST_OPEN, MOST_WATCHED = 6, 4, 8


def outcome(state: State, lang: Lang, country: Country) -> Outcome:
    """The result as it stands, in a language."""
    engine, result = state.engine, state.result
    network = engine.network
    evidence = network.closed(state.assessment.evidence)
    level = engine.base.levels[result.triage.level]
    return Outcome(
        level=result.triage.level,
        name=level.name.in_(lang),
        do=level.do.in_(lang),
        reasons=tuple(because(network, result, lang)),
        conditions=_possible(state, lang),
        watch_for=_watch_for(network, evidence, result, lang),
        notes=tuple(_notes(result, lang)),
        numbers=_numbers(result, country, lang),
        crisis=say("crisis", lang) if result.in_crisis else "",
        edition=engine.base.edition,
    )


def because(network: Network, result: Result, lang: Lang) -> list[str]:
    """Why it is this urgent, where a rule, ignorance or the person's words decided it."""
    told = []
    stop, joint = ("。", "、") if lang == "zh" else (". ", ", ")
    for fire in result.triage.flags:
        names = joint.join(finding_name(network, f, lang) for f in fire.because)
        told.append(f"{names}{stop}{fire.rule.why.in_(lang)}")
    if result.triage.reason == "little known":
        told.append(say("little", lang))
    if result.triage.reason == "alarm":
        told.append(say("alarm", lang))
    return told


def _notes(result: Result, lang: Lang) -> list[str]:
    """What must be said of how the result came about."""
    told = []
    if result.posterior.method == "approximate":
        told.append(say("approximate", lang, tail=result.posterior.tail))
    if result.withheld:
        told.append(text("withheld", lang, x=len(result.withheld)))
    return told


def _possible(state: State, lang: Lang) -> tuple[Possible, ...]:
    network, result = state.engine.network, state.result
    shown = [(name, p) for name, p in result.conditions[:MOST_SHOWN] if p >= LEAST_SHOWN]
    explained = {part.condition: part for part in result.explained}

    def names(findings: list[str], most: int) -> tuple[str, ...]:
        return tuple(finding_name(network, f, lang) for f in findings[:most])

    told = []
    for name, probability in shown:
        entry, part = network.base.conditions[name], explained[name]
        low, high = state.ranges[name]
        told.append(
            Possible(
                id=name,
                name=condition_name(network, name, lang),
                about=entry.about.in_(lang),
                advice=entry.advice.in_(lang),
                probability=probability,
                low=low,
                high=high,
                words=band(probability, lang),
                speaks_for=names([f for f, _ in part.for_], MOST_REASONS),
                speaks_against=names([f for f, _ in part.against], MOST_REASONS),
                would_change=names(list(part.open), MOST_OPEN),
            )
        )
    return tuple(told)


def _watch_for(network: Network, evidence: Evidence, result: Result, lang: Lang) -> tuple[str, ...]:
    """Signs of danger that would go with what is there, the likelier ones first; none is there."""
    chance = {name: float(p) for name, p in zip(
        network.conditions, result.posterior.probability, strict=True)}  # fmt: skip
    ranked: list[tuple[float, int, str, list[str]]] = []
    for name, rule in network.base.red_flags.items():
        every = (*rule.all, *rule.any)
        missing = [f for f in every if f not in evidence.present]
        feared = sum(chance[condition] for condition in rule.think)
        begun = len(missing) < len(every)
        if not (begun or feared >= LEAST_WATCHED) or not _own(rule.sex, rule.age, evidence):
            continue
        if any(f in evidence.present for f in rule.none) or len(set(rule.all) & set(missing)) > 1:
            continue
        ranked.append((-feared, LEVELS.index(rule.level), name, missing))
    found: dict[str, None] = {}
    for *_, missing in sorted(ranked):
        for finding in missing:
            entry = network.base.findings[finding]
            if entry.kind in ("symptom", "sign") and _own(entry.sex, entry.age, evidence):
                found.setdefault(finding_name(network, finding, lang))
    general = (text(key, lang) for key in ("watch_worse", "watch_new", "watch_long"))
    return tuple(found)[:MOST_WATCHED] or tuple(general)


def _own(sex: str | None, age: tuple[float, float] | None, evidence: Evidence) -> bool:
    if sex is not None and evidence.sex is not None and sex != evidence.sex:
        return False
    return age is None or evidence.age is None or age[0] <= evidence.age <= age[1]


def _numbers(result: Result, country: Country, lang: Lang) -> tuple[Number, ...]:
    found = numbers("crisis", country, lang) if result.in_crisis else ()
    if result.triage.level == "emergency":
        found += numbers("emergency", country, lang)
    elif result.triage.level == "today":
        found += numbers("urgent", country, lang) + numbers("emergency", country, lang)
    first: dict[tuple[str, str], Number] = {}
    for number in found:
        first.setdefault((number.country, number.number), number)
    return tuple(first.values())
