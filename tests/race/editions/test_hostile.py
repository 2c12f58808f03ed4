"""Packs made to do harm are refused before they cost time or memory, with the fault named."""

import os
import time

import pytest

from moongate.race.editions.build import build_edition
from moongate.race.editions.check import check_edition
from moongate.race.editions.pack import open_pack
from moongate.race.editions.schema import EditionError
from tests.race.editions.tiny import write_edition

SOON_S = 20.0


def refused(source, *expected: str) -> None:
    """The check names just these faults, and soon; the build refuses and leaves nothing."""
    began = time.process_time()
    errors = [str(fault) for fault in check_edition(source).errors]
    assert time.process_time() - began < SOON_S
    assert len(errors) == len(expected), errors
    for error, start in zip(errors, expected, strict=True):
        assert error.startswith(start)
    out = source.parent / "out"
    with pytest.raises(EditionError):
        build_edition(source, out)
    assert not out.exists()


@pytest.fixture
def tiny(tmp_path):
    return write_edition(tmp_path / "tiny")


@pytest.mark.parametrize("name", ["tracks/pond.js", "index.html", "models/run.exe", "kart.svg"])
def test_files_that_no_edition_has(tiny, name):
    (tiny / name).write_text("<script>alert(1)</script>", "utf-8")
    refused(tiny, f"{name}: file: an edition has no such file. Remove it;")


def test_a_model_from_elsewhere(tiny):
    (tiny / "models" / "post.glb").write_bytes(b"glTF")
    refused(tiny, "models/post.glb: file: an edition has no such file. Write the model as a recipe")


def test_links_are_not_followed(tiny, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "note.toml").write_text('a = "#000000"', "utf-8")
    (tiny / "palette").symlink_to(secret)
    (tiny / "tracks" / "other.toml").symlink_to(tiny / "tracks" / "pond.toml")
    refused(
        tiny,
        "palette: file: it is a link. Put the file itself here.",
        "tracks/other.toml: file: it is a link.",
    )


def test_a_link_in_the_place_of_a_file_that_is_read(tiny, tmp_path):
    outside = tmp_path / "outside.toml"
    (tiny / "karts" / "crate.toml").rename(outside)
    (tiny / "karts" / "crate.toml").symlink_to(outside)
    refused(tiny, "karts/crate.toml: file: it is a link.")


@pytest.mark.parametrize("slug", ["../../etc/passwd", "/etc/passwd", "a/b", "..", "A", "a\\n", ""])
def test_slugs_that_lead_elsewhere(tmp_path, slug):
    change = ("edition.toml", f'karts = ["crate"] => karts = ["{slug}"]')
    source = write_edition(tmp_path / "tiny", change=change)
    refused(source, "edition.toml:8: karts[0]: it is no slug.")


def test_a_pipe_is_no_file(tiny):
    os.mkfifo(tiny / "models" / "pipe.toml")
    refused(tiny, "models/pipe.toml: file: an edition has no such file. Remove it;")


def test_a_file_that_is_too_large(tiny):
    (tiny / "models" / "post.toml").write_text("# " + "x" * 200_000, "utf-8")
    refused(tiny, "models/post.toml:1: file: it has 200,002 bytes, more than 131,072.")


def test_too_many_files(tiny):
    for k in range(3_001):
        (tiny / "models" / f"m{k}.toml").touch()
    faults = open_pack(tiny).faults
    assert [fault.fault for fault in faults] == [
        "the edition is larger than 3,000 files and 64 MiB"
    ]


DEEP = "[" * 30 + "]" * 30
TEXTS = {
    "deep nesting": (f"parts = {DEEP}\n", "nested more than 12 deep"),
    "nesting without end": ("parts = " + "[" * 3_900 + "\n", "models/post.toml"),
    "many deep lines": ("a = [\n" + "[\n" * 9_000, "nested more than 12 deep"),
    "a key without end": ("a." * 1_900 + "b = 1\n", "line 1 has a key of more than 8 parts"),
    "a quoted key without end": ('"a" . ' * 600 + "b = 1\n", "line 1 has a key of more than 8"),
    "a long line": ("# " + "x" * 5_000 + "\n", "line 1 has 5,002 characters"),
    "not a number": ("parts = [ { box = [nan, 1, 1], colour = 'grey' } ]\n", "no number to build"),
    "infinity": ("parts = [ { box = [1, -inf, 1], colour = 'grey' } ]\n", "no number to build"),
    "beyond floats": ("parts = [ { box = [1, 1e400, 1], colour = 'grey' } ]\n", "no number"),
    "a huge integer": (f"parts = [ {{ ring = {'9' * 3_000} }} ]\n", "no number to build"),
    "an endless integer": (f"a = 1{'0' * 3_990}\n", "models/post.toml"),
    "not UTF-8": (b"a = '\xff'\n", "invalid start byte"),
    "a zero byte": ("a = '\0'\n", "invalid character"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_made_to_exhaust_the_reader(tiny, name):
    text, fault = TEXTS[name]
    data = text if isinstance(text, bytes) else text.encode()
    (tiny / "models" / "post.toml").write_bytes(data)
    began = time.process_time()
    errors = [str(error) for error in check_edition(tiny).errors]
    assert time.process_time() - began < SOON_S
    assert len(errors) == 1
    assert errors[0].startswith("models/post.toml")
    assert fault in errors[0]


MODELS = {
    "a million copies": (
        "{ box = [1, 1, 1], colour = 'grey', repeat = { count = 400, step = [1, 0, 0] },"
        " again = { count = 400, step = [0, 1, 0] }, ring = 64, mirror = 'xy' }",
        "models/post.toml:1: parts[0]: 491,520,000 triangles, more than 40,000.",
    ),
    "too many copies": (
        "{ box = [1, 1, 1], colour = 'grey', repeat = { count = 500, step = [1, 0, 0] } }",
        "models/post.toml:1: parts[0].repeat.count: Expected `int` <= 400.",
    ),
    "a fine ball": (
        "{ ball = [1, 1, 1], colour = 'grey', detail = 9 }",
        "models/post.toml:1: parts[0].detail: Expected `int` <= 2.",
    ),
    "a million windows": (
        "{ windows = [100000, 100000], colour = 'grey' }",
        "models/post.toml:1: parts[0].windows[0]: Expected `int` <= 200.",
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_models_without_measure(tiny, name):
    part, *expected = MODELS[name]
    (tiny / "models" / "post.toml").write_text(f"parts = [ {part} ]\n", "utf-8")
    errors = [str(error) for error in check_edition(tiny).errors]
    assert errors[0].startswith(expected[0])


def test_models_that_use_each_other_twice_and_twice_again(tiny):
    for k in range(60):
        below = "post" if k == 0 else f"m{k - 1}"
        text = f"parts = [ {{ use = '{below}' }}, {{ use = '{below}', at = [1, 0, 0] }} ]\n"
        (tiny / "models" / f"m{k}.toml").write_text(text, "utf-8")
    began = time.process_time()
    errors = [str(error) for error in check_edition(tiny).errors]
    assert time.process_time() - began < SOON_S
    # 12 floors of doubling are 73,728 triangles; what stands on a faulty model is not told again.
    assert len(errors) == 1
    assert errors[0].startswith("models/m11.toml:1: parts")


def test_models_that_use_each_other_in_a_ring(tiny):
    for k in range(500):
        text = f"parts = [ {{ use = 'm{(k + 1) % 500}' }} ]\n"
        (tiny / "models" / f"m{k}.toml").write_text(text, "utf-8")
    errors = [str(error) for error in check_edition(tiny).errors]
    assert len(errors) == 1
    assert "it uses itself: m" in errors[0]


BESIDE = {
    "a lamp every millimetre": ('every = 20 => every = 0.001', "lines[0].every: Expected `float`"),
    "houses of no width": ("width = [8, 12] => width = [0, 0]", "styles.hut.width[0]: Expected"),
    "houses to the moon": ("storeys = [2, 3] => storeys = [2, 99999]", "styles.hut.storeys[1]"),
    "a street without end": (
        "along = [0, 200], side = \"right\" => along = [0, 1e6], side = \"right\"",
        "rows[0].along: 0 to 1e+06 m does not lie on a lap",
    ),
    "a sun below the ground": ("sun-direction = [1, 1, 1] => sun-direction = [1, 1, 0]",
                               "light.sun-direction: the sun stands at or below"),
    "a forest of everything": (
        "[course] => [[groves]]\nmodels = ['post']\nspacing = 1\n"
        "outline = [[-9000, -9000], [9000, -9000], [9000, 9000]]\n[course]",
        "groves[0]: with it 324,000,0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
def test_tracks_without_measure(tmp_path, name):
    change, fault = BESIDE[name]
    source = write_edition(tmp_path / "tiny", change=("tracks/pond.toml", change))
    began = time.process_time()
    errors = [str(error) for error in check_edition(source).errors]
    assert time.process_time() - began < SOON_S
    assert errors
    assert fault in errors[0]


@pytest.mark.parametrize(
    "name",
    ["<b>Duck</b>", "Duck <img src=x onerror=alert(1)>", "Du\\u0000ck", "Du\\u202Eck", "D\\n"],
)
def test_names_with_markup_or_signs_one_cannot_see(tmp_path, name):
    change = ("characters/duck.toml", f'en = "Duck" => en = "{name}"')
    source = write_edition(tmp_path / "tiny", change=change)
    refused(
        source,
        "characters/duck.toml:3: name.en: it holds markup or control characters."
        if "u0000" not in name
        else "characters/duck.toml:3: name.en: it holds markup",
    )


def test_hidden_files_are_passed_over_with_a_warning(tiny, tmp_path):
    (tiny / ".git").mkdir()
    (tiny / ".git" / "hook.sh").write_text("rm -rf /", "utf-8")
    report = check_edition(tiny)
    assert report.errors == []
    assert ".git" in [fault.file for fault in report.warnings]
    build_edition(tiny, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.sh"))


def test_a_build_replaces_nothing_but_a_built_edition(tiny, tmp_path):
    precious = tmp_path / "home"
    precious.mkdir()
    (precious / "letters.txt").write_text("dear", "utf-8")
    with pytest.raises(EditionError, match="it holds something else than a built edition"):
        build_edition(tiny, precious)
    assert (precious / "letters.txt").read_text("utf-8") == "dear"
