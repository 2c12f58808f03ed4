"""What has not changed is taken from the cache; whatever has is made again."""

import pytest

from moongate.race.editions import cache as caching
from moongate.race.editions.build import build_edition
from tests.race.editions.test_build import contents
from tests.race.editions.tiny import write_edition

EVERYTHING = {"pond", "crate", "duck"}


@pytest.fixture
def tiny(tmp_path):
    return write_edition(tmp_path / "tiny")


def made(source, tmp_path) -> set[str]:
    """Builds, and says which things were made rather than taken from the cache."""
    fresh = set()

    def progress(kind, slug, seconds):
        if seconds is not None:
            fresh.add(slug)

    build_edition(source, tmp_path / "out", cache_dir=tmp_path / "cache", progress=progress)
    return fresh


def change(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_a_second_build_makes_nothing_and_gives_the_same_bytes(tiny, tmp_path):
    assert made(tiny, tmp_path) == EVERYTHING
    first = contents(tmp_path / "out")
    assert made(tiny, tmp_path) == set()
    assert contents(tmp_path / "out") == first


def test_only_what_uses_a_changed_file_is_made_again(tiny, tmp_path):
    made(tiny, tmp_path)
    change(tiny / "characters" / "duck.toml", "A duck", "One duck")
    assert made(tiny, tmp_path) == {"duck"}
    change(tiny / "models" / "post.toml", "h = 3", "h = 4")
    assert made(tiny, tmp_path) == {"pond", "crate"}
    change(tiny / "palette.toml", 'green = "#60a040"', 'green = "#60a041"')
    assert made(tiny, tmp_path) == {"pond"}
    change(
        tiny / "palette.toml", 'grey = "#808080"', '# said\nunused = "#123456"\ngrey = "#808080"'
    )
    assert made(tiny, tmp_path) == set()


def test_other_code_makes_everything_again(tiny, tmp_path, monkeypatch):
    made(tiny, tmp_path)
    monkeypatch.setattr(caching, "generator_digest", lambda kind: "another")
    assert made(tiny, tmp_path) == EVERYTHING


def test_a_broken_cache_is_no_hindrance(tiny, tmp_path):
    made(tiny, tmp_path)
    for file in (tmp_path / "cache").rglob("*.msgpack"):
        file.write_bytes(b"\xc1 nothing")
    assert made(tiny, tmp_path) == EVERYTHING


def test_two_processes_together_give_the_bytes_of_one(tiny, tmp_path):
    build_edition(tiny, tmp_path / "one")
    build_edition(tiny, tmp_path / "two", jobs=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
