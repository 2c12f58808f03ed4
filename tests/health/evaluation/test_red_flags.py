"""Our suite of dangerous sentences escalates, its harmless twins do not."""

import pytest

from moongate.health.assessment import Engine
from moongate.health.evaluation.red_flags import (
    SentenceError,
    evaluate_red_flags,
    read_sentences,
    suite,
)


def test_the_suite_is_large_and_in_both_languages():
    sentences = suite()
    dangers = [s for s in sentences if s.want != "calm"]
    assert len(dangers) >= 200
    assert {s.lang for s in dangers} == {"en", "zh"}
    assert {s.kind for s in sentences if s.want == "calm"} >= {"negated", "other"}
    assert len({s.id for s in sentences}) == len(sentences)


def test_every_danger_escalates_and_hardly_any_twin(engine: Engine):
    summary, rows = evaluate_red_flags(engine, suite())
    missed = [row["text"] for row in rows if row["want"] != "calm" and not row["right"]]
    assert missed == []
    assert summary["false_alarms"] <= 0.05


def test_a_file_of_sentences_that_does_not_fit_is_named(tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text('{"id": "a", "lang": "en"}\n', encoding="utf-8")
    with pytest.raises(SentenceError, match=r"some\.jsonl:1: .*text"):
        read_sentences(path)
