"""Every fault in an edition is told with its file, its line, its field and a mend."""

import math

import pytest

from moongate.race.editions.build import build_edition
from moongate.race.editions.check import check_edition
from moongate.race.editions.schema import EditionError
from tests.race.editions.tiny import write_edition

FAULTS = {
    "a field is missing": (
        ("edition.toml", 'licence = "MIT" => '),
        ["edition.toml:1: (whole file): Object missing required field `licence`. Add it."],
    ),
    "a field is misspelt": (
        ("karts/crate.toml", "model = => modell ="),
        [
            "karts/crate.toml:1: (whole file): Object missing required field `model`. Add it.",
            "karts/crate.toml:2: modell: Object contains unknown field `modell`."
            " Remove it or correct its spelling.",
        ],
    ),
    "a colour is no colour": (
        ("palette.toml", 'white = "#ffffff" => white = "pale"'),
        [
            "palette.toml:3: white: it is no colour. Write it as #rrggbb, in small letters.",
        ],
    ),
    "a colour has no name": (
        ("models/post.toml", 'colour = "white" => colour = "puce"'),
        [
            "models/post.toml:2: parts[0].colour: no colour is named 'puce'."
            " Add it to palette.toml.",
        ],
    ),
    "a part has two shapes": (
        ("models/post.toml", "prism = 6 => prism = 6, box = [1, 1, 1]"),
        [
            "models/post.toml:2: parts[0]: it sets box and prism. Set exactly one of box, block,"
            " taper, gable, prism, lathe, ball, slab, beam, windows, use.",
        ],
    ),
    "a model is unknown": (
        ("models/crate.toml", 'use = "post" => use = "pole"'),
        [
            "models/crate.toml:4: nodes[0].parts[1].use: no model is named 'pole'."
            " Add models/pole.toml.",
        ],
    ),
    "a model uses itself": (
        ("models/post.toml", "prism = 6, r = 0.3, h = 3 => use = 'post'"),
        ["models/post.toml:1: use: it uses itself: post → post. Break the circle."],
    ),
    "a track file is missing": (
        ("edition.toml", 'tracks = ["pond"] => tracks = ["lake"]'),
        ["tracks/lake.toml: file: it does not exist. Create it or mend its slug."],
    ),
    "a slug climbs out of the folder": (
        ("edition.toml", 'tracks = ["pond"] => tracks = ["../pond"]'),
        [
            "edition.toml:7: tracks[0]: it is no slug."
            " Use a-z, 0-9 and hyphens, 40 at most, a letter first.",
        ],
    ),
    "TOML is broken": (
        ("edition.toml", "slug = => slug"),
        [
            "edition.toml:3: TOML: Expected '=' after a key in a key/value pair"
            " (at line 3, column 6). Correct the line named here.",
        ],
    ),
    "a point lacks a number": (
        ("tracks/pond.toml", "[120, 0, 0.2, 7, 7, 10, 10] => [120, 0, 0.2, 7, 7, 10]"),
        [
            "tracks/pond.toml:13: course.points[0]: Expected `array` of length 7, got 6."
            " Write a value of the expected kind.",
        ],
    ),
    "the road is wider than its walls": (
        ("tracks/pond.toml", "[0, 120, 0.2, 7, 7, 10, 10], => \n[0, 120, 0.2, 70, 7, 10, 10],"),
        [
            "tracks/pond.toml:14: course.points[2]: row 3: wall_left is 10 m; it must be at least"
            " road_left (70 m) and at most 100 m. Mend the points.",
        ],
    ),
    "two things stand on the road": (
        (
            "tracks/pond.toml",
            "[course] => [[stands]]\nmodel = 'post'\nat = [120, 0, 0]\n"
            "[[stands]]\nmodel = 'post'\nat = [0, 0, 0]\n[course]",
        ),
        [
            "tracks/pond.toml:11: stands[0]: post at 120, 0 stands on the road or in the water."
            " Move it, or set over-road = true.",
            "tracks/pond.toml:14: stands[1]: post at 0, 0 stands on the road or in the water."
            " Move it, or set over-road = true.",
        ],
    ),
    "houses have no style": (
        ("tracks/pond.toml", 'style = "hut" => style = "palace"'),
        [
            "tracks/pond.toml:4: rows[0].style: no style is named 'palace'. Use one of hut.",
        ],
    ),
    "a language is missing": (
        ("characters/duck.toml", ', zh-hans = "池塘" => '),
        ["characters/duck.toml:4: home: Object missing required field `zh-hans`. Add it."],
    ),
    "a style's sizes are upside down": (
        ("tracks/pond.toml", "width = [8, 12] => width = [12, 8]"),
        [
            "tracks/pond.toml:48: styles.hut.width: 12 is more than 8. Write the smaller first.",
        ],
    ),
    "an edition of another format": (
        ("edition.toml", "format = 1 => format = 2"),
        ["edition.toml:2: format: Invalid enum value 2. Correct it."],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_file_line_field_and_mend(name, tmp_path):
    change, messages = FAULTS[name]
    source = write_edition(tmp_path / "tiny", change=change)
    assert [str(fault) for fault in check_edition(source).errors] == messages
    with pytest.raises(EditionError) as caught:
        build_edition(source, tmp_path / "out")
    assert len(caught.value.each()) == len(messages)
    assert not (tmp_path / "out").exists()


def test_faults_of_several_files_are_told_together(tmp_path):
    changes = {
        str(k): change
        for k, (change, _) in enumerate(
            FAULTS[name]
            for name in ("a field is misspelt", "a colour has no name", "houses have no style")
        )
    }
    report = check_edition(write_edition(tmp_path / "tiny", **changes))
    assert [f"{fault.file}:{fault.line}" for fault in report.errors] == [
        "models/post.toml:2",
        "tracks/pond.toml:4",
        "karts/crate.toml:1",
        "karts/crate.toml:2",
    ]


def eight(rise: float) -> str:
    """Control points of a figure of eight that crosses itself `rise` metres above itself."""
    rows = []
    for k in range(24):
        t = 2 * math.pi * k / 24
        x, y = 160 * math.sin(t), 160 * math.sin(t) * math.cos(t)
        rows.append([round(x, 2), round(y, 2), 0.2 + rise * (1 + math.cos(t)) / 2, 7, 7, 9, 9])
    return str(rows)


@pytest.mark.parametrize(("rise", "sound"), [(0, False), (3, False), (8, True)])
def test_a_course_may_cross_itself_only_with_headroom(rise, sound, tmp_path):
    source = write_edition(tmp_path / "tiny")
    file = source / "tracks" / "pond.toml"
    before, _, rest = file.read_text("utf-8").partition("points = [")
    after = rest.partition("\n]\n")[2]
    file.write_text(f"{before}points = {eight(rise)}\n{after}".replace("rows =", "#"), "utf-8")
    errors = [str(fault) for fault in check_edition(source).errors]
    assert errors == [] if sound else ["overlaps itself" in error for error in errors] == [True]


def test_an_edition_without_faults_is_built(tmp_path):
    index = build_edition(write_edition(tmp_path / "tiny"), tmp_path / "out")
    assert index["tracks"][0]["name"] == {"en": "Pond", "zh-hans": "池塘"}
