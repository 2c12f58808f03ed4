"""The race's pages: what they show, in which language, and to whom."""

import ast
import re
from pathlib import Path
from uuid import uuid4

import polib
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.translation.template import templatize

from moongate.accounts.models import User
from moongate.race import catalogue
from moongate.race.course_map import PLATE, draw_course
from moongate.race.demo import PLAYERS, load_demo
from moongate.race.models import Record
from moongate.race.records import enter_record
from moongate.race.replay import decode
from moongate.race.templatetags.race import behind, race_time
from tests.race.circuit import open_course, replay_file

RACE = Path(catalogue.__file__).parent
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def course(monkeypatch):
    cache.clear()
    return open_course(monkeypatch)


@pytest.fixture
def record():
    ada = User.objects.create_user("ada", password=None, display_name="Ada <Lovelace>")
    return enter_record(replay_file(), player=ada).record


def text(answer) -> str:
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_first_visitor_is_told_that_the_board_is_empty(client):
    page = text(client.get("/race/"))
    assert "The Oval" in page
    assert "Nobody has driven here yet." in page
    assert "0.28 km" in page


def test_the_course_shows_the_time_to_beat_and_its_ghost(client, record):
    answer = client.get("/race/")
    assert f"To beat {race_time(record.time_ms)}" in text(answer)
    assert f'href="/race/play/oval/?ghost={record.pk}"' in answer.content.decode()


def test_a_name_is_shown_as_it_is_and_never_as_markup(client, record):
    for address in ("/race/", "/race/board/oval/", f"/race/records/{record.pk}/"):
        page = client.get(address).content.decode()
        assert "Ada &lt;Lovelace&gt;" in page
        assert "<Lovelace>" not in page


def test_landmarks_have_a_card_and_a_place_on_the_plate(client):
    assert "The Old Elm A tree of many summers. Why go Sit under it" in text(client.get("/race/"))


def test_the_pages_speak_chinese(client, record):
    chinese = {"Accept-Language": "zh-hans"}
    page = text(client.get("/race/", headers=chinese))
    for words in ("椭圆赛道", "老榆树", "怎么开", "2 圈"):
        assert words in page
    assert "由服务器重新跑过" in text(client.get(f"/race/records/{record.pk}/", headers=chinese))
    assert "每位车手 2 圈比赛的最好成绩" in text(client.get("/race/board/oval/", headers=chinese))


def test_the_board_tells_races_from_laps(client, record):
    assert race_time(record.time_ms) in text(client.get("/race/board/oval/"))
    laps = text(client.get("/race/board/oval/?kind=lap"))
    assert race_time(record.best_lap_ms) in laps
    assert "Each driver's best lap" in laps.replace("&#x27;", "'")


def test_your_own_place_stands_below_when_you_are_not_on_the_page(client, record, monkeypatch):
    monkeypatch.setattr("moongate.race.views.PAGE", 1)
    slower = User.objects.create_user("bo", password=None)
    mine = enter_record(replay_file(seed=1), player=slower).record
    Record.objects.filter(pk=mine.pk).update(time_ms=record.time_ms + 1500)
    client.force_login(slower)
    page = text(client.get("/race/board/oval/"))
    assert "Your place" in page
    assert "+1.500" in page
    further = re.search(
        r'href="(\?kind=race&amp;after=[^"]+)"', client.get("/race/board/oval/").content.decode()
    )
    second = text(client.get("/race/board/oval/" + further[1].replace("&amp;", "&")))
    assert "bo you" in second


def test_a_record_shows_its_laps_and_what_was_proven(client, record):
    page = text(client.get(f"/race/records/{record.pk}/"))
    for lap, ms in enumerate(record.lap_ms, start=1):
        assert f"Lap {lap} {race_time(ms)}" in page
    assert record.state_hash in page
    assert "number 1 on the board" in page
    assert "Race this ghost" in page


def test_a_record_of_older_rules_says_so_and_offers_no_ghost(client, record):
    Record.objects.update(sim_version="00000000")
    page = text(client.get(f"/race/records/{record.pk}/"))
    assert "The rules or the road have changed since." in page
    assert "Race this ghost" not in page


def test_the_game_is_given_a_ghost_only_if_it_can_be_raced(client, record):
    def ghost(wanted):
        page = client.get("/race/play/oval/", {"ghost": wanted}).content.decode()
        return re.search(r'data-ghost="([^"]*)"', page)[1]

    assert ghost(f"urn:uuid:{record.pk}") == str(record.pk)
    assert ghost("nowhere") == ghost(uuid4()) == ""
    Record.objects.update(sim_version="00000000")
    assert ghost(record.pk) == ""


@pytest.mark.parametrize(
    "address",
    [
        "/race/play/atlantis/",
        "/race/board/atlantis/",
        "/race/records/00000000-0000-4000-8000-000000000000/",
        "/race/board/oval/?after=nowhere",
    ],
)
def test_what_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_the_game_page_gives_the_token_that_a_replay_needs(course):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.get("/race/play/oval/")
    assert 'data-track="oval"' in answer.content.decode()
    token = browser.cookies["csrftoken"].value
    sent = browser.post(
        "/api/race/records?track=oval",
        replay_file(),
        content_type="application/octet-stream",
        headers={"X-CSRFToken": token},
    )
    assert sent.status_code == 201


def test_without_an_edition_the_page_says_what_to_do(client, monkeypatch):
    monkeypatch.setattr(catalogue, "courses", dict)
    answer = client.get("/race/")
    assert answer.status_code == 503
    assert "make client" in answer.content.decode()


def test_demo_players_are_labelled_driven_once_and_proven(client, course):
    load_demo()
    first = list(Record.objects.values_list("pk", "time_ms"))
    load_demo()
    assert list(Record.objects.values_list("pk", "time_ms")) == first
    assert len(first) == len(PLAYERS)
    assert set(Record.objects.values_list("is_demo", flat=True)) == {True}
    for record in Record.objects.all():
        assert decode(bytes(record.replay)).finish_ticks == record.finish_ticks
        assert not record.player.has_usable_password()
        assert not record.player.is_active
    assert text(client.get("/race/board/oval/")).count(" demo ") >= len(PLAYERS)


def test_somebody_named_like_a_demo_player_is_not_given_its_times(course):
    taken = User.objects.create_user(PLAYERS[0].username, password=None)
    load_demo()
    assert not Record.objects.filter(player=taken).exists()


def test_the_plate_holds_the_whole_course_and_every_landmark(course):
    drawn = draw_course(course.facts)
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", drawn.path)]
    spots = [*zip(numbers[::2], numbers[1::2], strict=True), *((m.x, m.y) for m in drawn.marks)]
    assert all(x * x + y * y <= PLATE * PLATE for x, y in spots)
    assert drawn.marks[0].number == 1


def test_times_and_gaps_are_written_as_racers_write_them():
    assert [race_time(ms) for ms in (0, 59_999, 83_456)] == ["0:00.000", "0:59.999", "1:23.456"]
    assert [behind(ms, 1000) for ms in (1000, 2234, 900)] == ["", "+1.234", ""]


STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""


def said_by_templates() -> set[str]:
    found = set()
    for file in (RACE / "templates/race").iterdir():
        for one in re.findall(rf"\b(?:n?gettext|_)\(({STRING})", templatize(file.read_text())):
            found.add(ast.literal_eval(one))
    return found


def said_by_code() -> set[str]:
    found = set()
    for name in ("api", "models", "records", "replay", "replay_format"):
        for node in ast.walk(ast.parse((RACE / f"{name}.py").read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ReplayError"}:
                found |= {a.value for a in node.args if isinstance(getattr(a, "value", 0), str)}
    return found


def test_everything_said_is_said_in_chinese_with_the_same_places_for_values():
    file = RACE / "locale/zh_Hans/LC_MESSAGES/django.po"
    known = {entry.msgid: entry for entry in polib.pofile(str(file))}
    said = said_by_templates() | said_by_code()
    assert len(said) > 100
    assert said - set(known) == set()
    for entry in known.values():
        words = entry.msgstr or entry.msgstr_plural[0]
        assert words
        places = r"%\(\w+\)s|\{\w+\}"
        assert sorted(re.findall(places, entry.msgid)) == sorted(re.findall(places, words))
