"""Several editions side by side: their order, their addresses, and broken ones left out."""

import json
import shutil

import pytest

from moongate.race import catalogue, tracks
from moongate.race.drivers.driver import drive_race
from moongate.race.editions.build import build_edition
from moongate.race.editions.shelf import read_shelf
from moongate.race.replay import encode, record_inputs, verify
from tests.race.editions.tiny import write_edition

FIRST = {
    "slug": ("edition.toml", 'slug = "tiny" => slug = "alpha"'),
    "name": ("edition.toml", 'en = "Tiny" => en = "Alpha"'),
}
SECOND = {
    "slug": ("edition.toml", 'slug = "tiny" => slug = "beta"'),
    "course": ("tracks/pond.toml", "[120, 0, 0.2, 7 => [122, 0, 0.2, 7"),
}


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two editions built side by side, each with a course called pond."""
    folder = tmp_path_factory.mktemp("shelf")
    for slug, changes in (("alpha", FIRST), ("beta", SECOND)):
        build_edition(write_edition(folder / "sources" / slug, **changes), folder / "built" / slug)
    return folder / "built"


@pytest.fixture
def house(two, settings, monkeypatch, tmp_path):
    """A site with nothing but these two editions."""
    settings.BUILT = tmp_path
    settings.EDITIONS_HOME = two
    monkeypatch.delenv("MOONGATE_EDITIONS", raising=False)
    caches = (catalogue._shelf, catalogue.courses, catalogue.editions)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def test_a_slug_that_two_editions_have_is_the_first_ones(two):
    addresses = read_shelf([two]).addresses()
    assert {name: edition.slug for name, (edition, _) in addresses.items()} == {
        "pond": "alpha",
        "beta_pond": "beta",
    }


def test_the_house_may_put_another_edition_first(two):
    addresses = read_shelf([two], first=["beta"]).addresses()
    assert list(addresses) == ["pond", "alpha_pond"]
    assert addresses["pond"][0].slug == "beta"


def test_a_broken_edition_is_left_out_and_told(two, tmp_path):
    shelf = tmp_path / "shelf"
    shutil.copytree(two, shelf)
    shutil.copytree(two / "beta", shelf / "gamma")
    index = json.loads((shelf / "alpha" / "edition.json").read_text("utf-8"))
    (shelf / "alpha" / "edition.json").write_text(json.dumps(index | {"format": 99}), "utf-8")
    found = read_shelf([shelf])
    assert [edition.slug for edition in found.editions] == ["beta"]
    assert [(fault.field, fault.fault) for fault in found.faults] == [
        ("format", "it is 99, not 1"),
        ("slug", "it is 'beta'"),
    ]


def test_commands_find_added_editions_in_the_data_home(two, tmp_path, monkeypatch):
    (tmp_path / "editions").symlink_to(two)
    monkeypatch.setenv("MOONGATE_HOME", str(tmp_path))
    monkeypatch.setenv("MOONGATE_EDITIONS", "beta, alpha")
    monkeypatch.setattr(tracks, "SHIPPED", tmp_path / "nothing")
    tracks.edition_tracks.cache_clear()
    try:
        assert list(tracks.edition_tracks()) == ["pond", "alpha_pond"]
    finally:
        tracks.edition_tracks.cache_clear()


def test_a_course_is_found_by_its_short_and_by_its_full_address(house):
    assert list(catalogue.courses()) == ["pond", "beta_pond"]
    assert catalogue.find_course("pond") is catalogue.find_course("alpha_pond")
    assert catalogue.course("beta_pond").edition == "beta"
    assert catalogue.course("beta_pond").edition_file == "editions/beta/edition.json"
    assert catalogue.find_course("gamma_pond") is None


def test_a_race_on_an_added_course_is_driven_and_proven(house):
    course = catalogue.course("beta_pond")
    driven = drive_race(course.track, course.laps, level=0.9, boost=False, seed=1)
    assert driven.finish_ticks
    replay = encode(record_inputs(course.track, driven.inputs, laps=course.laps))
    assert verify(replay, catalogue.find_track).valid
    assert catalogue.slug_of(replay) == "beta_pond"


@pytest.mark.django_db
def test_the_race_pages_list_the_courses_of_every_edition(house, client):
    page = client.get("/race/").content.decode()
    assert page.index("Courses: Alpha") < page.index("Courses: Tiny")
    assert 'href="/race/courses/pond/"' in page
    assert 'href="/race/courses/beta_pond/"' in page
    other = client.get("/race/courses/beta_pond/")
    assert other.status_code == 200
    assert 'href="/race/play/beta_pond/"' in other.content.decode()
    game = client.get("/race/play/beta_pond/").content.decode()
    assert 'data-edition="/static/editions/beta/edition.json"' in game
    chinese = client.get("/race/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "赛道：小小" in chinese
