"""Interest in landmarks: counted for nobody in particular, and shown to the operator."""

import csv
import datetime
import io
import json

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from moongate.accounts.models import User
from moongate.race import catalogue, interest, throttle
from moongate.race.interest_admin import plain
from moongate.race.models import LandmarkInterest
from tests.race.circuit import open_course

URL = "/api/race/interest"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def course(monkeypatch):
    cache.clear()
    course = open_course(monkeypatch)
    course.facts["slug"] = "oval"
    elm = {"slug": "old-elm", "name": {"en": "The Old Elm", "zh-hans": "老榆树"}}
    mill = {"slug": "mill", "name": {"en": "=The Mill", "zh-hans": "磨坊"}}
    words = {"en": "A tree of many summers.", "zh-hans": "一棵历经许多夏天的树。"}
    course.facts["landmarks"] = [{**mark, "what": words, "why": words} for mark in (elm, mill)]
    return course


@pytest.fixture
def operator():
    client = Client()
    client.force_login(User.objects.create_superuser("op", password=None, email="op@moongate.test"))
    return client


def tell(cards, *, course="oval", client=None, **extra):
    body = json.dumps({"course": course, "cards": cards})
    extra.setdefault("content_type", "application/json")
    return (client or Client()).post(URL, body, **extra)


def counts():
    return dict(LandmarkInterest.objects.values_list("landmark", "collected"))


def test_cards_are_counted_a_landmark_and_a_day():
    assert tell(["old-elm", "mill"]).json() == {"counted": 2}
    assert tell(["old-elm"]).json() == {"counted": 1}
    assert counts() == {"old-elm": 2, "mill": 1}
    row = LandmarkInterest.objects.get(landmark="mill")
    assert (row.edition, row.track, row.day) == ("test", "oval", timezone.localdate())


def test_another_day_is_another_row(course):
    for day in (1, 1, 2):
        interest.count_cards(course, ["mill"], day=datetime.date(2026, 11, day))
    days = LandmarkInterest.objects.order_by("day").values_list("day", "collected")
    assert list(days) == [(datetime.date(2026, 11, 1), 2), (datetime.date(2026, 11, 2), 1)]


def test_nothing_of_a_person_is_kept():
    ada = Client()
    ada.force_login(User.objects.create_user("ada", password=None))
    tell(["mill"], client=ada, headers={"User-Agent": "Ada's phone"}, REMOTE_ADDR="203.0.113.9")
    row = LandmarkInterest.objects.values().get()
    assert set(row) == {"id", "edition", "track", "landmark", "day", "collected"}
    answer = tell(["mill"])
    assert not answer.cookies


def test_what_no_landmark_is_called_is_not_counted():
    assert tell(["big-ben", "old-elm"]).json() == {"counted": 1}
    assert counts() == {"old-elm": 1}


@pytest.mark.parametrize(
    ("cards", "more", "status"),
    [
        (["old-elm"], {"course": "nowhere"}, 404),
        ([], {}, 422),
        (["old-elm"] * 25, {}, 422),
        (["<script>"], {}, 422),
        (["old-elm"], {"course": "../oval"}, 422),
        (["old-elm"], {"content_type": "text/plain"}, 415),
        ("old-elm", {}, 422),
    ],
)
def test_what_is_malformed_is_refused_with_a_mend(cards, more, status):
    answer = tell(cards, **more)
    assert answer.status_code == status
    assert answer.json()["reason"]
    assert answer.json()["mend"]
    assert counts() == {}


def test_one_address_cannot_make_a_landmark_famous(monkeypatch):
    monkeypatch.setattr(throttle, "CARDS_PER_ADDRESS", 3)
    statuses = [tell(["mill"], REMOTE_ADDR="203.0.113.9").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert tell(["mill"], REMOTE_ADDR="198.51.100.4").status_code == 200
    assert counts() == {"mill": 4}
    late = tell(["mill"], REMOTE_ADDR="203.0.113.9")
    assert 1 <= int(late.headers["Retry-After"]) <= throttle.WINDOW_S


def test_the_operator_sees_totals_and_takes_them_as_a_file(operator, course):
    for cards in (["mill"], ["mill", "old-elm"], ["mill"]):
        interest.count_cards(course, cards, day=datetime.date(2026, 11, 3))
    interest.count_cards(course, ["old-elm"], day=datetime.date(2026, 10, 3))
    page = operator.get("/admin/race/landmarkinterest/").content.decode()
    assert page.index("=The Mill") < page.index("The Old Elm")
    file = operator.get("/admin/race/landmarkinterest/totals.csv?day__year=2026&day__month=11")
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[1:] == [
        ["test", "oval", "mill", "'=The Mill", "3"],
        ["test", "oval", "old-elm", "The Old Elm", "1"],
    ]


def test_only_operators_see_them_and_nobody_writes_them(operator, course):
    interest.count_cards(course, ["mill"], day=timezone.localdate())
    row = LandmarkInterest.objects.get()
    for url in ("/admin/race/landmarkinterest/", "/admin/race/landmarkinterest/totals.csv"):
        assert Client().get(url).status_code == 302
    assert operator.get("/admin/race/landmarkinterest/add/").status_code == 403
    change = operator.post(f"/admin/race/landmarkinterest/{row.pk}/change/", {"collected": 9})
    assert change.status_code == 403
    delete = operator.post(f"/admin/race/landmarkinterest/{row.pk}/delete/", {"post": "yes"})
    assert delete.status_code == 403
    assert LandmarkInterest.objects.get().collected == 1


def test_a_landmark_that_is_gone_keeps_its_count_and_short_name(course):
    interest.count_cards(course, ["mill"], day=timezone.localdate())
    course.facts["landmarks"] = []
    (total,) = interest.totals(LandmarkInterest.objects.all())
    assert (total.name, total.collected) == ("mill", 1)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_is_a_formula(text):
    assert plain(text) == f"'{text}"
    assert (plain("London"), plain(-3)) == ("London", -3)


def test_the_page_of_a_course_shows_every_card():
    for language, words in (
        ("en", ["The Old Elm", "A tree of many summers.", "2 cards", "A reason to go"]),
        ("zh-hans", ["老榆树", "一棵历经许多夏天的树。", "2 张卡", "值得一去的理由"]),
    ):
        page = Client(headers={"Accept-Language": language}).get("/race/cards/oval/")
        text = page.content.decode()
        assert [word for word in words if word not in text] == []
        assert 'data-cards="test/oval"' in text
        assert 'data-card="old-elm"' in text
    assert Client().get("/race/cards/nowhere/").status_code == 404
    assert catalogue.find_course("oval") is not None
