"""A broken knowledge file is told with file, line and mend, and the engine does not start on it."""

from pathlib import Path

import pytest

from moongate.health.assessment import Engine
from moongate.health.knowledge.check import check, load
from moongate.health.knowledge.faults import KnowledgeError
from moongate.health.knowledge.loader import read_base
from tests.health.small import CONDITIONS, FINDINGS, RED_FLAGS, write_base


def test_a_sound_base_has_no_fault(tmp_path: Path):
    base, faults = read_base(write_base(tmp_path))
    assert [*faults, *check(base)] == []
    assert list(base.conditions) == ["bronchitis", "pneumonia"]


def test_the_base_that_ships_is_sound_and_large_enough():
    base = load()
    assert len(base.conditions) >= 250
    assert len(base.findings) >= 600
    for condition in base.conditions.values():
        assert condition.source in base.sources


BROKEN = [
    ("conditions", CONDITIONS.replace('["fever", 0.8]', '["fevr", 0.8]'), "no finding 'fevr'", 36),
    ("conditions", CONDITIONS.replace('["fever", 0.8]', '["fever", 1.8]'), "probability 1.8", 36),
    ("conditions", CONDITIONS.replace("days = 0.7", "days = 0.2", 1), "course sums to 0.50", 9),
    ("conditions", CONDITIONS.replace('"cough", 0.95', '"lips_blue", 0.1'), "without its parent cough", 17),
    ("conditions", CONDITIONS.replace("female = 0.5", "femal = 0.5", 1), "unknown field `femal`", 8),
    ("conditions", CONDITIONS.replace('"肺炎"', '"Pneumonia"'), "is not Chinese", 22),
    ("conditions", CONDITIONS.replace('source = "textbook"', 'source = "novel"', 1), "no source", 15),
    ("conditions", CONDITIONS.replace('"Pneumonia"', '"Bronchitis"'), "is bronchitis's too", 20),
    ("findings", FINDINGS.replace('parent = "cough"', 'parent = "cof"'), "no finding 'cof'", 15),
    ("findings", FINDINGS.replace("leak = 0.08", "leak = 8"), "Expected `float` < 1", 5),
    ("findings", FINDINGS.replace("[fever]", "[fever"), "not TOML", 22),
    ("red_flags", RED_FLAGS.replace('["lips_blue"]', '["lips"]'), "no finding 'lips'", 3),
    ("red_flags", RED_FLAGS.replace("all = ", 'none = ["lips_blue"]\nall = '), "wanted and refused", 3),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "what", "line"), BROKEN, ids=[b[2] for b in BROKEN])
def test_a_fault_is_named_with_file_and_line(
    tmp_path: Path, kind: str, text: str, what: str, line: int
):
    folder = write_base(tmp_path, **{kind: text})
    with pytest.raises(KnowledgeError) as raised:
        Engine.load(folder)
    fault = next(f for f in raised.value.faults if what in f.what)
    assert (fault.file, fault.line) == (f"{kind}/all.toml", line)
    assert fault.mend


def test_an_id_that_stands_twice_is_a_fault(tmp_path: Path):
    folder = write_base(tmp_path)
    (folder / "findings" / "more.toml").write_text(FINDINGS, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"cough stands in findings/all\.toml too"):
        load(folder)


def test_a_missing_version_is_a_fault(tmp_path: Path):
    (write_base(tmp_path) / "version.toml").unlink()
    with pytest.raises(KnowledgeError, match=r"version\.toml.*missing"):
        load(tmp_path)


def test_the_edition_changes_with_any_content(tmp_path: Path):
    one = load(write_base(tmp_path / "a")).edition
    two = load(write_base(tmp_path / "b", findings=FINDINGS.replace("0.08", "0.09"))).edition
    assert one != two
    assert one == load(write_base(tmp_path / "c")).edition
