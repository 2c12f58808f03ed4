"""Every fault in an edition is told with its file, its field and a mend."""

import pytest

from moongate.race.editions.build import build_edition
from moongate.race.editions.schema import EditionError
from tests.race.editions.tiny import write_edition

FAULTS = {
    "a field is missing": (
        ("edition.toml", 'licence = "MIT" => '),
        "edition.toml: (whole file): Object missing required field `licence`. Add it.",
    ),
    "a field is misspelt": (
        ("karts/crate.toml", "model = => modell ="),
        "karts/crate.toml: (whole file): Object contains unknown field `modell`."
        " Remove it or correct its spelling.",
    ),
    "a colour is no colour": (
        ("palette.toml", "#808080 => grey"),
        "palette.toml: [...]: Expected `str` matching regex '^#[0-9a-f]{6}$'."
        " Write a value of the expected kind.",
    ),
    "a colour has no name": (
        ("models/post.toml", 'colour = "white" => colour = "puce"'),
        "models/post.toml: parts[0]: no colour is named 'puce'. Add it to palette.toml.",
    ),
    "a part has two shapes": (
        ("models/post.toml", "prism = 6 => prism = 6, box = [1, 1, 1]"),
        "models/post.toml: parts[0]: it sets box and prism. Set exactly one of box,",
    ),
    "a model is unknown": (
        ("models/crate.toml", 'use = "post" => use = "pole"'),
        "models/crate.toml: nodes.body[1]: no model is named 'pole'. Add models/pole.toml.",
    ),
    "a model uses itself": (
        ("models/post.toml", "prism = 6, r = 0.3, h = 3 => use = 'post'"),
        "models/post.toml: use: it uses itself: crate → post → post. Break the circle.",
    ),
    "a track file is missing": (
        ("edition.toml", 'tracks = ["pond"] => tracks = ["lake"]'),
        "tracks/lake.toml: file: it does not exist. Create it or mend its slug.",
    ),
    "a slug climbs out of the folder": (
        ("edition.toml", 'tracks = ["pond"] => tracks = ["../pond"]'),
        "edition.toml: tracks[0]: Expected `str` matching regex",
    ),
    "TOML is broken": (
        ("edition.toml", "slug = => slug"),
        "edition.toml: TOML: Expected '=' after a key in a key/value pair (at line 2, column 6).",
    ),
    "a point lacks a number": (
        ("tracks/pond.toml", "[120, 0, 0.2, 7, 7, 10, 10] => [120, 0, 0.2, 7, 7, 10]"),
        "tracks/pond.toml: course.points[0]: Expected `array` of length 7, got 6."
        " Write a value of the expected kind.",
    ),
    "the road is wider than its walls": (
        ("tracks/pond.toml", "[120, 0, 0.2, 7, 7, 10, 10] => [120, 0, 0.2, 70, 7, 10, 10]"),
        "tracks/pond.toml: course.points: row 1:",
    ),
    "a thing stands on the road": (
        ("tracks/pond.toml", "[course] => [[stands]]\nmodel = 'post'\nat = [120, 0, 0]\n[course]"),
        "tracks/pond.toml: post at 120, 0: it stands on the road or in the water."
        " Move it, or set over-road = true.",
    ),
    "houses have no style": (
        ("tracks/pond.toml", 'style = "hut" => style = "palace"'),
        "tracks/pond.toml: rows[0].style: no style is named 'palace'. Use one of hut.",
    ),
    "a language is missing": (
        ("characters/duck.toml", ', zh-hans = "池塘" => '),
        "characters/duck.toml: home: Object missing required field `zh-hans`. Add it.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_file_field_and_mend(name, tmp_path):
    change, message = FAULTS[name]
    source = write_edition(tmp_path / "tiny", change=change)
    with pytest.raises(EditionError) as caught:
        build_edition(source, tmp_path / "out")
    assert message in str(caught.value)


def test_an_edition_without_faults_is_built(tmp_path):
    index = build_edition(write_edition(tmp_path / "tiny"), tmp_path / "out")
    assert index["tracks"][0]["name"] == {"en": "Pond", "zh-hans": "池塘"}
