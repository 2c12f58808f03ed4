"""What must hold between the entries of a base: references, sums, contradictions, translations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from moongate.health.knowledge.faults import Fault, KnowledgeError
from moongate.health.knowledge.loader import BASE, Base, read_base
from moongate.health.knowledge.schema import LANGS, Condition, Finding, RedFlag, Row

TOLERANCE = 0.011  # shares are written with two decimals
LETTERS = frozenset("ABCD")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def load(folder: Path = BASE) -> Base:
    """The checked base.

    Raises:
        KnowledgeError: with every grave fault.
    """
    base, faults = read_base(folder)
    grave = [fault for fault in [*faults, *check(base)] if fault.grave]
    if grave:
        raise KnowledgeError(sorted(grave))
    return base


def check(base: Base) -> list[Fault]:
    """Every fault between entries; those not `grave` do not stop the engine."""
    faults: list[Fault] = []
    for finding_id, finding in base.findings.items():
        faults += _check_finding(base, finding_id, finding)
    for condition_id, condition in base.conditions.items():
        faults += _check_condition(base, condition_id, condition)
    for flag_id, flag in base.red_flags.items():
        faults += _check_red_flag(base, flag_id, flag)
    faults += _check_used(base)
    faults += _check_names(base)
    return faults


def _fault(
    base: Base, kind: str, entry: str, key: str, what: str, mend: str, grave: bool = True
) -> Fault:
    place = base.places[kind, entry]
    return Fault(place.file, place.line(entry, key), f"{entry}: {what}", mend, grave)


def _check_finding(base: Base, finding_id: str, finding: Finding) -> Iterator[Fault]:
    def fault(key: str, what: str, mend: str, grave: bool = True) -> Fault:
        return _fault(base, "findings", finding_id, key, what, mend, grave)

    yield from _translated(finding.name.zh, fault, "name.zh")
    yield from _translated(finding.ask.zh, fault, "ask.zh")
    for lang in LANGS:
        if not getattr(finding.says, lang):
            yield fault("says", f"no words in {lang}", f"Write says.{lang}.")
    if finding.age and not 0 <= finding.age[0] < finding.age[1] <= 130:
        yield fault("age", f"age {list(finding.age)}", "Write [from, to] in years, from below to.")
    for other in finding.excludes:
        if other not in base.findings:
            yield fault("excludes", f"no finding {other!r}", "Name one that exists.")
    chain = [finding_id]
    above = finding.parent
    while above is not None:
        if above not in base.findings:
            yield fault("parent", f"no finding {above!r}", "Name a parent that exists.")
            return
        if above in chain or len(chain) > 2:
            yield fault(
                "parent", f"parents {' → '.join([*chain, above])}", "At most two, no circle."
            )
            return
        chain.append(above)
        above = base.findings[above].parent


def _check_condition(base: Base, condition_id: str, condition: Condition) -> Iterator[Fault]:
    def fault(key: str, what: str, mend: str, grave: bool = True) -> Fault:
        return _fault(base, "conditions", condition_id, key, what, mend, grave)

    yield from _translated(condition.name.zh, fault, "name.zh")
    yield from _translated(condition.about.zh, fault, "about.zh")
    yield from _translated(condition.advice.zh, fault, "advice.zh")
    for key in ("course", "triage"):
        total = sum(getattr(condition, key).values())
        if abs(total - 1) > TOLERANCE:
            yield fault(key, f"{key} sums to {total:.2f}", "Make it sum to 1.")
    if set(condition.rate) != {"uk", "cn"}:
        yield fault("rate", "rate must have uk and cn", "Write both.")
    if max(condition.age) <= 0:
        yield fault("age", "no age band has it", "Give one a multiplier above 0.")
    for key in ("source", "rate_source"):
        source = getattr(condition, key)
        if source is not None and source not in base.sources:
            yield fault(key, f"no source {source!r}", "Add it to sources/ or name another.")
    named = {str(row[0]) for row in condition.findings}
    seen: set[str] = set()
    for key, rows in (("findings", condition.findings), ("risks", condition.risks)):
        for row in rows:
            yield from _check_row(base, condition, key, row, named, fault)
            if row[0] in seen:
                yield fault(str(row[0]), f"{row[0]} stands twice", "Keep one row.")
            seen.add(str(row[0]))


def _check_row(
    base: Base, condition: Condition, key: str, row: Row, named: set[str], fault: object
) -> Iterator[Fault]:
    make = fault if callable(fault) else None
    assert make is not None
    name, value = row[0], row[1]
    finding = base.findings.get(str(name))
    if finding is None:
        yield make(str(name), f"no finding {name!r}", "Name one that exists, or write it.")
        return
    if not isinstance(value, int | float):
        yield make(str(name), f"{name}: {value!r} is no number", "Write the figure second.")
        return
    if len(row) > 2 and row[2] not in LETTERS:
        yield make(str(name), f"{name}: confidence {row[2]!r}", "Use A, B, C or D.")
    if len(row) > 3 and row[3] not in base.sources:
        yield make(str(name), f"{name}: no source {row[3]!r}", "Add it to sources/.")
    if key == "risks":
        if not 0.005 <= value <= 500:
            yield make(str(name), f"{name}: relative risk {value}", "From 0.005 to 500.")
        return
    if finding.kind == "risk":
        yield make(str(name), f"{name} is a risk, no finding", "List it in risks.")
    if not 0.005 <= value <= 0.995:
        yield make(str(name), f"{name}: probability {value}", "From 0.01 to 0.99.")
    if finding.parent is not None and finding.parent not in named:
        yield make(
            str(name),
            f"{name} without its parent {finding.parent}",
            f"Add [{finding.parent!r}, …].",
        )
    if finding.sex == "female" and condition.female == 0:
        yield make(str(name), f"{name} is of women, the condition of men", "Mend one.")
    if finding.sex == "male" and condition.female == 1:
        yield make(str(name), f"{name} is of men, the condition of women", "Mend one.")


def _check_red_flag(base: Base, flag_id: str, flag: RedFlag) -> Iterator[Fault]:
    def fault(key: str, what: str, mend: str, grave: bool = True) -> Fault:
        return _fault(base, "red_flags", flag_id, key, what, mend, grave)

    yield from _translated(flag.why.zh, fault, "why.zh")
    for key in ("all", "any", "none"):
        for name in getattr(flag, key):
            if name not in base.findings:
                yield fault(key, f"no finding {name!r}", "Name one that exists.")
    for name in flag.think:
        if name not in base.conditions:
            yield fault("think", f"no condition {name!r}", "Name one that exists.")
    if flag.source not in base.sources:
        yield fault("source", f"no source {flag.source!r}", "Add it to sources/.")
    if not flag.all and not flag.any:
        yield fault("all", "nothing triggers it", "Give it findings in all or any.")
    clash = set(flag.none) & (set(flag.all) | set(flag.any))
    if clash:
        yield fault(
            "none", f"{sorted(clash)} both wanted and refused", "It can never fire: mend it."
        )


def _check_used(base: Base) -> Iterator[Fault]:
    """A finding nobody uses is asked in vain; a red flag's finding must be reachable."""
    used = {str(row[0]) for c in base.conditions.values() for row in [*c.findings, *c.risks]}
    used |= {name for f in base.red_flags.values() for name in (*f.all, *f.any, *f.none)}
    used |= {f.parent for f in base.findings.values() if f.parent}
    for finding_id in base.findings:
        if finding_id not in used:
            yield _fault(base, "findings", finding_id, "", "no condition or red flag uses it",
                         "Use it in a condition, or delete it.", grave=False)  # fmt: skip


def _check_names(base: Base) -> Iterator[Fault]:
    """A name that two conditions claim as their own could not be mapped back."""
    owners: dict[str, str] = {}
    for condition_id, condition in base.conditions.items():
        names = {plain(name) for name in own_names(condition)}
        for name in sorted(names):
            other = owners.setdefault(name, condition_id)
            if other != condition_id:
                yield _fault(base, "conditions", condition_id, "also",
                             f"the name {name!r} is {other}'s too",
                             "Leave it to one, or list it as broader in both.")  # fmt: skip


def own_names(condition: Condition) -> list[str]:
    """The names that mean this condition and no other."""
    groups = (condition.also, condition.narrower)
    names = [condition.name.en, condition.name.zh]
    return names + [word for words in groups for lang in LANGS for word in getattr(words, lang)]


def plain(name: str) -> str:
    """A name in lower case, without accents, punctuation or doubled blanks."""
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"['’]s?\b", "", text)
    return " ".join(re.sub(r"[^\w\u4e00-\u9fff]+", " ", text).split())


def _translated(chinese: str, fault: object, key: str) -> Iterator[Fault]:
    make = fault if callable(fault) else None
    assert make is not None
    if not _CHINESE.search(chinese):
        yield make(key, f"{key} is not Chinese: {chinese!r}", "Translate it.")
