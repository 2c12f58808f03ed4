"""`moongate race edition …` as a person at a terminal uses it."""

import json

import jsonschema_rs
import pytest

from moongate.cli import main
from moongate.race.drivers.driver import drive_race
from moongate.race.editions.kinds import KINDS
from moongate.race.editions.loader import load_edition
from moongate.race.editions.scaffold import begin_edition
from moongate.race.editions.toml_file import read_toml
from tests.race.editions.tiny import write_edition


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = main(["race", "edition", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_new_edition_passes_the_check_is_built_and_raced_on(tmp_path, capsys):
    folder, out = tmp_path / "dales", tmp_path / "out"
    code, said, _ = run(capsys, "new", "dales", "--dir", str(folder))
    assert (code, f"moongate race edition check {folder}" in said) == (0, True)
    code, said, _ = run(capsys, "check", str(folder), "--json")
    report = json.loads(said)
    assert (code, report["sound"], report["errors"], report["warnings"]) == (0, True, [], [])
    code, said, err = run(capsys, "build", str(folder), "--out", str(out), "--json")
    assert (code, err) == (0, "")
    assert json.loads(said)["tracks"] == ["round-the-pond"]
    edition = load_edition(out)
    assert edition.slug == "dales"
    assert edition.index["name"]["en"] == "Dales"
    driven = drive_race(edition.tracks["round-the-pond"], 1, level=1.0, boost=True, seed=1)
    assert driven.finish_ticks


@pytest.mark.parametrize("name", ["Dales", "../dales", "", "9lives"])
def test_a_name_that_is_no_slug_is_refused(tmp_path, capsys, name):
    code, out, err = run(capsys, "new", name, "--dir", str(tmp_path / "new"))
    assert (code, out) == (1, "")
    assert "is no slug. Use a-z, 0-9 and hyphens" in err
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    code, _, err = run(capsys, "new", "dales", "--dir", str(tmp_path))
    assert code == 1
    assert "it holds something. Name a new or an empty folder." in err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_faults_are_told_line_by_line_and_as_json(tmp_path, capsys):
    change = ("palette.toml", '"#808080" => "grey"')
    source = write_edition(tmp_path / "tiny", change=change)
    fault = "palette.toml:2: grey: it is no colour. Write it as #rrggbb, in small letters."
    code, out, _ = run(capsys, "check", str(source))
    assert (code, out.splitlines()[0]) == (1, fault)
    assert out.splitlines()[-1].startswith("tiny 0.0.1: 1 faults, ")
    code, out, _ = run(capsys, "check", str(source), "--json")
    assert code == 1
    assert json.loads(out)["errors"] == [
        {
            "file": "palette.toml",
            "line": 2,
            "field": "grey",
            "fault": "it is no colour",
            "mend": "Write it as #rrggbb, in small letters.",
        }
    ]
    code, out, err = run(capsys, "build", str(source), "--out", str(tmp_path / "out"))
    assert (code, out, err) == (1, "", f"moongate race edition: {fault}\n")


def test_a_folder_that_is_not_there_is_a_fault_and_no_traceback(tmp_path, capsys):
    code, out, _ = run(capsys, "check", str(tmp_path / "nowhere"))
    assert code == 1
    assert "folder: it is no folder. Name an edition's." in out


def test_every_kind_of_file_has_a_schema_that_a_new_editions_files_keep(tmp_path, capsys):
    folder = begin_edition("dales", tmp_path / "dales")
    code, out, _ = run(capsys, "schema")
    schemas = json.loads(out)
    assert (code, list(schemas)) == (0, list(KINDS))
    for name, kind in KINDS.items():
        one = json.loads(run(capsys, "schema", name)[1])
        assert one == schemas[name]
        validator = jsonschema_rs.validator_for(one)
        for file in sorted(folder.glob(kind.place)):
            assert list(validator.iter_errors(read_toml(file))) == [], file
    broken = read_toml(folder / "edition.toml") | {"format": 2}
    assert list(jsonschema_rs.validator_for(schemas["edition"]).iter_errors(broken))


def test_a_kind_that_there_is_not_is_told_with_those_there_are(capsys):
    code, _, err = run(capsys, "schema", "cloud")
    assert code == 1
    assert "no kind of file is named 'cloud'. Name one of edition, palette" in err
