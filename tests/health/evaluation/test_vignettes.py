"""The vignette measurement on small cases whose result is known."""

import json
from pathlib import Path

import pytest

from moongate.health.assessment import Engine
from moongate.health.evaluation.intervals import wilson
from moongate.health.evaluation.vignettes import VignetteError, evaluate, read_vignettes
from moongate.health.language.names import Names

CASE = {
    "id": "a", "lang": "en", "age_years": 22, "sex": "male", "complaint": "Abdominal pain",
    "presentation": "The pain began around the navel and moved to the right lower quadrant. He has no "
    "appetite and feels nauseated. Low-grade fever.",
    "absent": ["No diarrhea", "No dysuria"], "history": "None",
    "gold": {"condition": "Acute Appendicitis", "triage": "emergency"},
}  # fmt: skip
CHINESE = {
    "id": "b", "lang": "zh", "complaint": "右下腹痛, 恶心", "present": ["发烧", "转移性右下腹痛"], "absent": [],
    "candidates": ["急性胃炎", "阑尾炎", "便秘"], "gold": {"condition": "阑尾炎"},
}  # fmt: skip
UNKNOWN = {"id": "c", "lang": "en", "complaint": "cough", "gold": {"condition": "Green monkey flu"}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    rows = (json.dumps(row, ensure_ascii=False) for row in (CASE, CHINESE, UNKNOWN))
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("mode", ["dialogue", "whole"])
def test_the_summary_counts_what_happened(engine: Engine, file: Path, mode):
    summary, rows = evaluate(engine, read_vignettes(file), mode)
    assert (summary["n"], summary["covered"]) == (3, 2)
    assert summary["top5"] == pytest.approx(2 / 3)
    assert rows[0]["rank"] <= 3
    assert summary["candidates_top1"] == 1.0
    assert summary["triage"]["n"] == 1
    assert summary["triage"]["emergencies_missed"] == 0
    assert (summary["questions_mean"] > 0) == (mode == "dialogue")
    assert summary["intervals"]["top5"] == [round(x, 4) for x in wilson(2, 3)]


def test_a_wrong_row_is_named_with_its_line(tmp_path: Path):
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(CASE) + "\n" + json.dumps({"id": "x"}), encoding="utf-8")
    with pytest.raises(VignetteError, match=r"cases\.jsonl:2: .*missing required field"):
        read_vignettes(path)


def test_an_empty_file_is_refused(tmp_path: Path):
    (tmp_path / "cases.jsonl").write_text("\n")
    with pytest.raises(VignetteError, match="no vignettes"):
        read_vignettes(tmp_path / "cases.jsonl")


@pytest.mark.parametrize(
    ("name", "condition"),
    [("Acute Appendicitis", "appendicitis"), ("APPENDICITIS (acute)", "appendicitis"),
     ("急性闌尾炎", "appendicitis"), ("Heart attack", "myocardial_infarction"),
     ("Diarrhoeal disease of nobody", None)],
)  # fmt: skip
def test_names_of_diagnoses_are_found(engine: Engine, name: str, condition: str | None):
    found = Names(engine.base).find(name)
    assert found == ((condition,) if condition else ())


def test_wilson_interval_against_published_values():
    # Newcombe 1998, Statistics in Medicine 17:857, table I: 81/263 and 0/20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
