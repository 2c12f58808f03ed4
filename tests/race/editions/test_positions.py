"""The scanner finds the line of every key that tomllib reads, and of nothing else."""

import tomllib
from pathlib import Path

import pytest

import moongate.race.editions as editions
from moongate.race.editions.positions import key_lines, line_of

SAMPLE = """\
# a comment with [brackets] and = signs
name = "a # b"
'quoted key' = 1
dotted.key.here = 2

many = [
  1, 2, # [3]
  { x = 1, y = [2, 3] },
]
text = \"\"\"
not = a key
\"\"\"
raw = '''
also = "no key"'''
date = 2026-11-24T23:00:00

[table]
inner = { a = { b = 1 } }
[[rows]]
v = 1
[[rows]]
v = 2
[rows.deep]
w = 3
[[rows.list]]
z = 4
[[rows.list]]
z = 5
"""
LINES = {
    "name": 2,
    "quoted key": 3,
    "dotted.key.here": 4,
    "many[0]": 7,
    "many[1]": 7,
    "many[2].x": 8,
    "many[2].y[1]": 8,
    "text": 10,
    "raw": 13,
    "date": 15,
    "table": 17,
    "table.inner.a.b": 18,
    "rows[0].v": 20,
    "rows[1].v": 22,
    "rows[1].deep.w": 24,
    "rows[1].list[0].z": 26,
    "rows[1].list[1].z": 28,
}


def paths(value, path=""):
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for k, inner in enumerate(value):
            yield from paths(inner, f"{path}[{k}]")


def test_every_key_has_its_line():
    found = key_lines(SAMPLE)
    assert {path: found[path] for path in LINES} == LINES


@pytest.mark.parametrize("text", [SAMPLE, SAMPLE.replace("\n", "\r\n"), "", "a=1", "[a]\n[a.b]"])
def test_it_finds_just_the_paths_that_tomllib_finds(text):
    assert sorted(key_lines(text)) == sorted(paths(tomllib.loads(text)))


def test_it_reads_every_file_that_ships():
    files = sorted(Path(editions.__file__).parent.rglob("*.toml"))
    assert len(files) > 50
    for file in files:
        text = file.read_text("utf-8")
        assert sorted(key_lines(text)) == sorted(paths(tomllib.loads(text))), file


def test_a_field_that_is_not_there_has_the_line_of_what_is_around_it(tmp_path):
    file = tmp_path / "a.toml"
    file.write_text(SAMPLE, "utf-8")
    assert line_of(file, "rows[1].deep.missing.more") == 23
    assert line_of(file, "many[2].z") == 8
    assert line_of(file, "(whole file)") == 1
    assert line_of(tmp_path / "b.toml", "name") is None
