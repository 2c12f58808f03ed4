"""Two versions on the same conversations, and the report of one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from moongate.health.assessment import Engine
from moongate.health.evaluation.intervals import wilson
from moongate.health.safety.measuring import NOT_MEASURED, Measured, measure, report_lines
from moongate.health.safety.shadow import Pair, compare_versions, summarise
from moongate.health.talk.steps import Age, Say, Talk

PAIRS = [
    Pair(("emergency", "emergency"), (("a", "b", "c"), ("a", "c", "b"))),
    Pair(("emergency", "today"), (("a", "b", "c"), ("x", "a", "b"))),
    Pair(("gp", "today"), (("a", "b", "c"), ("a", "b", "c"))),
    Pair(("self_care", "self_care"), (("a", "b", "c"), ("p", "q", "r"))),
]


def test_agreement_is_counted_with_its_interval():
    summary = summarise(PAIRS)
    assert summary["n"] == 4
    assert (summary["same_urgency"], summary["more_urgent"], summary["less_urgent"]) == (
        0.5, 0.25, 0.25,
    )  # fmt: skip
    assert summary["same_urgency_interval"] == list(wilson(2, 4))
    assert summary["same_first"] == 0.5
    assert summary["shared_of_top_3"] == pytest.approx((1 + 2 / 3 + 1 + 0) / 4)
    assert (summary["emergencies"], summary["emergencies_lowered"]) == (2, 1)


def test_nothing_compared_is_no_agreement():
    summary = summarise([])
    assert summary["n"] == 0
    assert summary["same_urgency"] is None
    assert summary["emergencies_lowered"] == 0


def test_a_version_agrees_with_itself_and_not_with_a_changed_one(engine):
    talks = [
        Talk(edition="", lang="en", country="uk", steps=(Say(text=text), Age(years=40.0)))
        for text in ("runny nose and sore throat", "burning when I pass water, going often")
    ]
    same = compare_versions(engine, engine, talks)
    assert (same["same_urgency"], same["same_first"], same["shared_of_top_5"]) == (1, 1, 1)
    first = engine.result(
        engine.tell(engine.begin(age=40), "runny nose and sore throat")
    ).conditions[0][0]
    conditions = {name: c for name, c in engine.base.conditions.items() if name != first}
    other = Engine(replace(engine.base, conditions=conditions))
    told = []
    changed = compare_versions(engine, other, talks, told.append)
    assert told == [1, 2]
    assert changed["same_first"] == 0.5
    assert changed["shared_of_top_5"] < 1


def test_a_report_has_no_figure_that_was_not_measured():
    measured = Measured(
        "2026.11.0+abc", {"conditions": 1234}, 0, 7,
        {"n": 12, "dangers": 8, "calm": 4, "escalated": 0.875, "level_reached": 0.75,
         "false_alarms": 0.25, "intervals": {"escalated": [0.5, 0.9], "false_alarms": [0.1, 0.6]}},
        (),
    )  # fmt: skip
    text = "\n".join(report_lines(measured, datetime(2026, 11, 25, tzinfo=UTC)))
    assert NOT_MEASURED in text
    for figure in ("1234", "87.5 %", "75.0 %", "25.0 %", "50.0 % to 90.0 %", "| 7 |"):
        assert figure in text
    summary = {
        "n": 3, "top1": 2 / 3, "intervals": {"top1": [0.2, 0.94]},
        "triage": {"under": 1, "over": None, "confusion": {"emergency": {"emergency": 2, "gp": 1}}},
        "languages": {"zh": {"n": 1, "top1": 1.0}},
    }  # fmt: skip
    more = replace(measured, vignettes=(("held.jsonl", summary),))
    text = "\n".join(report_lines(more, datetime(2026, 11, 25, tzinfo=UTC)))
    assert "### held.jsonl" in text
    assert "| what | all | zh |" in text
    assert "| right condition first | 66.7 % (20 to 94 %) | 100.0 % |" in text
    assert f"| less urgent than right | 1 | {NOT_MEASURED} |" in text
    assert f"| more urgent than right | {NOT_MEASURED} | {NOT_MEASURED} |" in text
    assert "| emergency | 2 | 0 | 1 | 0 | 0 |" in text


def test_the_engine_is_measured_and_not_described(engine, monkeypatch):
    from moongate.health.safety import measuring

    monkeypatch.setattr(measuring, "suite", lambda: real()[:6])
    from moongate.health.evaluation.red_flags import suite as real

    measured = measure(engine, [])
    assert measured.red_flags["n"] == 6
    assert measured.version == engine.base.edition
    assert measured.grave_faults == 0
    assert measured.stats["conditions"] == len(engine.base.conditions)
