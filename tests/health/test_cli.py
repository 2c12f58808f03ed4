"""`moongate health …` as a user types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.health.small import FINDINGS, write_base


def run(*words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "moongate", "health", *words],
        capture_output=True, text=True, input=given, timeout=120,
    )  # fmt: skip


def test_ask_answers_in_json():
    done = run("ask", "--text", "crushing chest pain spreading to my left arm, sweating",
               "--age", "61", "--sex", "male", "--json")  # fmt: skip
    state = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert state["triage"]["level"] == "emergency"
    assert state["triage"]["red_flags"]
    assert state["understood"][0]["words"]
    assert state["conditions"][0]["probability"] > 0
    assert "no doctor" in state["disclaimer"]


def test_ask_answers_in_chinese_words():
    done = run("ask", "--text", "嗓子疼，流鼻涕两天")
    assert done.returncode == 0, done.stderr
    assert "紧急程度" in done.stdout
    assert "不是医生" in done.stdout


def test_ask_reads_standard_input_and_survives_a_megabyte():
    done = run("ask", "--text", "-", "--json", given="cough " * 180_000)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["notes"] == ["too_long"]


def test_a_conversation_comes_to_a_result():
    given = "\n".join(["I have a bad sore throat and a fever", "24", "f", *["no"] * 25])
    done = run("assess", given=given)
    assert done.returncode == 0, done.stderr
    assert "How urgent" in done.stdout
    assert "Why I ask" in done.stdout


def test_a_conversation_that_ends_early_says_so():
    done = run("assess", "--lang", "zh", given="咳嗽\n")
    assert done.returncode == 1
    assert "ended before its result" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("age", ["-1", "300", "old"])
def test_an_impossible_age_is_refused(age: str):
    done = run("ask", "--text", "cough", f"--age={age}")
    assert done.returncode == 2
    assert "0 to 120 years" in done.stderr


def test_show_reads_like_a_page():
    done = run("knowledge", "show", "appendicitis")
    assert done.returncode == 0, done.stderr
    for words in ("阑尾炎", "ICD-10", "90 % range", "K35"):
        assert words in done.stdout


def test_show_of_something_unknown_says_so():
    done = run("knowledge", "show", "green_monkey_flu")
    assert done.returncode == 1
    assert "no condition 'green_monkey_flu'" in done.stderr


def test_stats_and_export_agree(tmp_path: Path):
    stats = json.loads(run("knowledge", "stats", "--json").stdout)
    assert run("knowledge", "export", "--out", str(tmp_path / "base.json")).returncode == 0
    exported = json.loads((tmp_path / "base.json").read_text(encoding="utf-8"))
    assert len(exported["conditions"]) == stats["conditions"]
    assert len(exported["findings"]) == stats["findings"]
    figure = next(iter(exported["conditions"].values()))["findings"][0]
    assert figure["low"] < figure["value"] < figure["high"]
    assert figure["confidence"] in "ABCD"
    assert figure["source"] in exported["sources"]


def test_check_names_file_and_line_of_a_broken_base(tmp_path: Path):
    write_base(tmp_path, findings=FINDINGS.replace('parent = "cough"', 'parent = "cof"'))
    done = run("knowledge", "check", "--folder", str(tmp_path), "--json")
    assert done.returncode == 1
    faults = json.loads(done.stdout)["faults"]
    assert 15 in [fault["line"] for fault in faults if "no finding 'cof'" in fault["what"]]


def test_a_missing_vignette_file_is_told(tmp_path: Path):
    done = run("evaluate", "vignettes", str(tmp_path / "none.jsonl"))
    assert done.returncode == 1
    assert "none.jsonl" in done.stderr
    assert "Traceback" not in done.stderr
