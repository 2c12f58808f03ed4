"""The race as an app: its manifest, its worker, and pages that know nobody."""

import json
import re

import pytest
from django.core.cache import cache
from django.test import Client

from moongate.accounts.models import User
from moongate.race import pwa
from tests.race.circuit import open_course

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def course(monkeypatch):
    cache.clear()
    return open_course(monkeypatch)


@pytest.fixture
def built(tmp_path, settings, course):
    """A built folder with a small client and the oval's edition."""
    chunks = {
        "race/main.ts": {
            "file": "assets/race-AAAAAAAA.js",
            "css": ["assets/race-AAAAAAAA.css"],
            "imports": ["_three.js"],
            "dynamicImports": ["race/music.ts"],
        },
        "_three.js": {"file": "assets/three-BBBBBBBB.js"},
        "race/music.ts": {"file": "assets/music-CCCCCCCC.js", "imports": ["_three.js"]},
        "social-pages/pages.ts": {"file": "assets/social-DDDDDDDD.js"},
        "race/sw/worker.ts": {"file": "assets/raceWorker-EEEEEEEE.js"},
    }
    client = tmp_path / "client"
    (client / ".vite").mkdir(parents=True)
    (client / "assets").mkdir()
    (client / ".vite/manifest.json").write_text(json.dumps(chunks))
    (client / "assets/raceWorker-EEEEEEEE.js").write_text("listen();")
    course.facts.update(
        slug="oval", table="tracks/oval.01234567.bin", drivers="tracks/oval-drivers.89abcdef.bin"
    )
    edition = tmp_path / "editions/test"
    edition.mkdir(parents=True)
    karts = [{"model": "karts/one.00112233.glb"}, {"model": "karts/two.44556677.glb"}]
    (edition / "edition.json").write_text(json.dumps({"karts": karts}))
    settings.BUILT = tmp_path
    return tmp_path


def facts(answer) -> dict:
    first, code = answer.content.decode().split("\n", 1)
    assert code == "listen();"
    return json.loads(first.removeprefix("self.MOONGATE = ").removesuffix(";"))


def test_the_manifest_opens_the_race_in_the_readers_language():
    for language, name in (("en", "Moongate Race"), ("zh-hans", "月门赛车")):
        answer = Client(headers={"Accept-Language": language}).get("/race/manifest.webmanifest")
        assert answer.headers["Content-Type"] == "application/manifest+json"
        told = answer.json()
        assert (told["name"], told["lang"], told["scope"]) == (name, language, "/race/")
        assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
            (f"{size}x{size}", purpose) for size in (192, 512) for purpose in ("any", "maskable")
        }
    page = Client().get("/race/play/oval/").content.decode()
    assert '<link rel="manifest" href="/race/manifest.webmanifest">' in page
    assert page.count('rel="manifest"') == 1


def test_the_worker_knows_the_game_and_the_first_course(built):
    answer = Client().get("/race/sw.js?lang=zh-hans")
    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    told = facts(answer)
    assert told["files"] == [
        "/static/client/assets/music-CCCCCCCC.js",
        "/static/client/assets/race-AAAAAAAA.css",
        "/static/client/assets/race-AAAAAAAA.js",
        "/static/client/assets/three-BBBBBBBB.js",
        "/static/editions/test/edition.json",
        "/static/editions/test/tracks/oval.01234567.bin",
        "/static/editions/test/tracks/oval-drivers.89abcdef.bin",
        "/static/editions/test/karts/one.00112233.glb",
    ]
    assert told["pages"] == ["/race/offline/?lang=zh-hans", "/race/shell/oval/?lang=zh-hans"]
    assert (told["scope"], told["play"]) == ("/race/", "/race/play/")


def test_an_unknown_language_is_the_readers_own(built):
    assert facts(Client().get("/race/sw.js?lang=%3C/script%3E"))["language"] == "en"


def test_the_version_changes_with_the_game_and_with_nothing_else(built):
    once, again = (facts(Client().get("/race/sw.js"))["version"] for _ in range(2))
    assert once == again
    assert re.fullmatch(r"[0-9a-f]{12}", once)
    manifest = built / "client/.vite/manifest.json"
    manifest.write_text(manifest.read_text().replace("race-AAAAAAAA", "race-FFFFFFFF"))
    assert facts(Client().get("/race/sw.js"))["version"] != once


def test_without_a_built_client_there_is_no_worker(tmp_path, settings):
    settings.BUILT = tmp_path
    assert Client().get("/race/sw.js").status_code == 404


@pytest.mark.parametrize("url", ["/race/shell/oval/", "/race/offline/"])
def test_pages_for_nobody_are_the_same_whoever_asks(url):
    ada = Client()
    ada.force_login(User.objects.create_user("ada", password=None, display_name="Ada Lovelace"))
    ada.cookies["theme"] = "dark"
    ada.cookies["django_language"] = "zh-hans"
    hers = ada.get(f"{url}?lang=en")
    nobodys = Client().get(f"{url}?lang=en")
    assert hers.content == nobodys.content
    assert not hers.cookies
    assert "Ada" not in hers.content.decode()
    assert hers.headers["Cache-Control"] == "no-cache"
    assert Client().get(f"{url}?lang=zh-hans").content != nobodys.content


def test_the_offline_page_lists_the_courses_with_what_stands_in_for_them():
    page = Client().get("/race/offline/?lang=en").content.decode()
    assert 'data-shell="/race/shell/oval/?lang=en"' in page
    assert 'href="/race/play/oval/"' in page
    assert "The Oval" in page


def test_there_is_no_page_for_a_course_that_is_not():
    assert Client().get("/race/shell/nowhere/").status_code == 404


def test_only_names_that_a_build_makes_are_kept():
    value = {
        "table": "tracks/oval.01234567.bin",
        "out": "../../etc/passwd.01234567.bin",
        "far": "https://elsewhere.test/a.01234567.js",
        "name": {"en": "tracks are fun"},
        "list": ["music/reel.89abcdef.json", 3, None],
    }
    assert list(pwa._built_names(value)) == [
        "tracks/oval.01234567.bin",
        "music/reel.89abcdef.json",
    ]
