"""`moongate race edition costume …` as a designer at a terminal meets it."""

import json
import xml.etree.ElementTree as xml

import numpy as np
import pytest

from moongate.cli import main
from moongate.race.editions.wardrobe.picture import read_png
from moongate.race.editions.wardrobe.texture import SIZE
from tests.race.editions.glbfile import document
from tests.race.editions.test_costume_pack import folder_of, pack_files, zip_of

COSTUME = ("race", "edition", "costume")


def run(capsys, *words) -> tuple[int, str, str]:
    code = main([*COSTUME, *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("make", [folder_of, zip_of])
def test_a_sound_pack_is_told_to_be_sound(capsys, tmp_path, make):
    pack = make(tmp_path / "willow", pack_files())
    code, out, _ = run(capsys, "check", pack, "--json")
    assert (code, json.loads(out)) == (
        0,
        {
            "pack": "willow",
            "version": "1.0.0",
            "sound": True,
            "piece": "raincoat",
            "designs": ["blue"],
            "licence": "CC-BY-4.0",
            "errors": [],
        },
    )
    assert run(capsys, "check", pack)[1] == ("willow 1.0.0: sound (raincoat: blue; CC-BY-4.0)\n")


def test_every_fault_is_told_with_its_file_line_and_mend(capsys, tmp_path):
    files = pack_files(blue__png=b"no picture", notes__png=b"")
    files["pack.toml"] = files["pack.toml"].replace(b"raincoat", b"spacesuit")
    pack = folder_of(tmp_path / "willow", files)
    code, out, _ = run(capsys, "check", pack)
    assert code == 1
    base, stray, picture = out.splitlines()
    assert base == (
        "willow/pack.toml:5: base: no costume is named 'spacesuit'. Name a piece of the wardrobe."
    )
    assert stray == "willow/notes.png: file: no design uses it. Take it out."
    assert picture.startswith("willow/blue.png: designs[0].texture: ")
    code, out, _ = run(capsys, "check", pack, "--json")
    told = json.loads(out)
    assert (code, told["sound"], len(told["errors"])) == (1, False, 3)
    assert told["errors"][0]["line"] == 5


@pytest.mark.parametrize("command", ["check", "try"])
def test_what_is_no_pack_is_a_line_and_no_traceback(capsys, tmp_path, command):
    more = ("--out", tmp_path / "out") if command == "try" else ()
    code, out, err = run(capsys, command, tmp_path / "nowhere", *more)
    assert code == 1
    assert "nowhere: file: it is no folder and no file. Name a pack." in out + err
    assert not (tmp_path / "out").exists()


def test_a_template_is_drawn_and_painted_over_it_is_a_sound_pack(capsys, tmp_path):
    picture = tmp_path / "blue.png"
    assert run(capsys, "template", "raincoat", "--out", picture)[0] == 0
    assert len(np.unique(read_png(picture.read_bytes(), SIZE, SIZE))) > 3
    pack = folder_of(tmp_path / "willow", pack_files(blue__png=picture.read_bytes()))
    assert run(capsys, "check", pack)[0] == 0
    drawing = tmp_path / "raincoat.svg"
    assert run(capsys, "template", "raincoat", "--out", drawing)[0] == 0
    assert xml.fromstring(drawing.read_text("utf-8")).tag.endswith("svg")


@pytest.mark.parametrize(
    ("piece", "file", "fault"),
    [
        ("spacesuit", "a.svg", "no piece to wear is named 'spacesuit'. Name one of "),
        ("tartan-livery", "a.svg", "no piece to wear is named 'tartan-livery'"),
        ("kilt", "a.gif", "a.gif is neither a .svg nor a .png"),
    ],
)
def test_a_template_that_cannot_be_drawn_says_why(capsys, tmp_path, piece, file, fault):
    code, _, err = run(capsys, "template", piece, "--out", tmp_path / file)
    assert code == 1
    assert fault in err
    assert not (tmp_path / file).exists()


def test_a_pack_is_tried_on_by_a_driver(capsys, tmp_path):
    pack = folder_of(tmp_path / "willow", pack_files())
    code, out, _ = run(capsys, "try", pack, "--out", tmp_path / "out", "--on", "pip", "--json")
    assert code == 0
    file = tmp_path / "out" / "willow-blue.glb"
    assert json.loads(out) == {"pack": "willow", "files": {"blue": str(file)}}
    model = document(file.read_bytes())
    ((primitive,),) = [mesh["primitives"] for mesh in model["meshes"]]
    assert 3 * 800 < model["accessors"][primitive["indices"]]["count"] <= 3 * 3_500
    assert [clip["name"] for clip in model["animations"]][:2] == ["idle", "drive"]
    code, _, err = run(capsys, "try", pack, "--out", tmp_path / "two", "--on", "napoleon")
    assert code == 1
    assert "nobody is named 'napoleon'. Name one of " in err
