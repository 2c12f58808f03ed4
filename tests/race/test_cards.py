"""The race's cards on posts: a replay for every kind of viewer, and costumes to give."""

import json
import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from moongate.accounts.models import User
from moongate.race import cards, catalogue
from moongate.race.models import Record
from moongate.race.records import enter_record, strike_record
from moongate.social.blocking import block_person
from moongate.social.cards import Card, render_card
from moongate.social.errors import NotFoundError
from moongate.social.following import accept_request, follow_person
from moongate.social.gifts import give_gift
from moongate.social.models import Page, Post
from moongate.social.posting import publish_post
from tests.race.circuit import open_course, replay_file
from tests.social.folk import guest, person

pytestmark = pytest.mark.django_db
GONE = "This replay is gone"
SCRIPT = "<script>alert(1)</script>"
WARDROBE = [
    {"slug": "flat-cap", "name": {"en": "Flat cap", "zh-hans": "鸭舌帽"}, "layer": "head"},
    {
        "slug": "kilt",
        "name": {"en": "Kilt", "zh-hans": "苏格兰裙"},
        "slot": "body",
        "earned": {"by": "open"},
        "picture": "costumes/kilt.png",
    },
    {
        "slug": "blazer",
        "name": {"en": "School blazer", "zh-hans": "校服外套"},
        "layer": "body",
        "earned": {"by": "season", "how": {"en": "Finish a season.", "zh-hans": "完成一个赛季。"}},
    },
]


@pytest.fixture(autouse=True)
def course(monkeypatch):
    cache.clear()
    return open_course(monkeypatch)


@pytest.fixture
def ada():
    return person("ada", display_name=f"Ada {SCRIPT}", age_band="adult")


@pytest.fixture
def ben():
    return person("ben", age_band="adult")


@pytest.fixture
def record(ada):
    return enter_record(replay_file(), player=ada).record


@pytest.fixture
def wardrobe(monkeypatch):
    """An edition with three costumes, one of which must be earned."""
    index = {"name": {"en": "Test Isle", "zh-hans": "试验岛"}, "costumes": WARDROBE}
    edition = catalogue.BuiltEdition("test", "editions/test", index)
    monkeypatch.setattr(catalogue, "editions", lambda: (edition,))


def drawn(record_id, viewer, lang="en") -> Card:
    post = Post(card_kind="replay", card_ref=str(record_id))
    card = render_card(post, viewer=viewer, lang=lang)
    assert card is not None
    return card


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_replay_shows_the_course_the_time_the_driver_and_two_things_to_do(record, ada, ben):
    for viewer in (ada, ben, None):
        card = drawn(record.pk, viewer)
        seconds = f"{record.time_ms // 60000}:{record.time_ms % 60000 / 1000:06.3f}"
        assert card.title == "The Oval"
        assert card.text == f"{seconds} · {ada} · 2 laps"
        assert card.image_url == "/race/courses/oval/map.svg"
        assert card.url == f"/race/records/{record.pk}/"
        assert [(deed.word, deed.url, deed.plays) for deed in card.deeds] == [
            ("Play", f"/race/watch/{record.pk}/", True),
            ("Race this ghost", f"/race/play/oval/?ghost={record.pk}", False),
        ]
    chinese = drawn(record.pk, ben, "zh-hans")
    assert (chinese.title, chinese.deeds[0].word) == ("椭圆赛道", "播放")
    assert chinese.text.endswith("2 圈")


def test_a_card_costs_one_query(record, ben, django_assert_num_queries):
    with django_assert_num_queries(1):
        drawn(record.pk, ben)


def test_a_block_hides_the_replay_on_another_persons_post_from_either_side(record, ada, ben):
    cleo = person("cleo")
    post = publish_post(cleo, card_kind="replay", card_ref=str(record.pk))
    assert render_card(post, viewer=ben, lang="en").title == "The Oval"
    block_person(ben, by=ada)
    assert drawn(record.pk, ben) == drawn(uuid4(), ben)
    assert drawn(record.pk, ben).title == GONE
    other = enter_record(replay_file(seed=1), player=ben).record
    assert drawn(other.pk, ada).title == GONE
    assert drawn(other.pk, cleo).title == "The Oval"
    with pytest.raises(NotFoundError, match="nothing of that name"):
        publish_post(ben, card_kind="replay", card_ref=str(record.pk))


@pytest.mark.parametrize("way", ["account", "page"])
def test_a_private_persons_replay_is_for_those_they_let_in(record, ada, ben, way):
    follow_person(ada, by=ben)
    cleo = person("cleo")
    if way == "account":
        User.objects.filter(pk=ada.pk).update(is_private=True)
        ada.refresh_from_db()
    else:
        Page.objects.update_or_create(owner=ada, defaults={"is_private": True})
    follow_person(ada, by=cleo)
    assert drawn(record.pk, ada).title == "The Oval"
    assert drawn(record.pk, ben).title == "The Oval"
    for viewer in (cleo, None, guest()):
        assert drawn(record.pk, viewer).title == GONE
    with pytest.raises(NotFoundError):
        publish_post(cleo, card_kind="replay", card_ref=str(record.pk))
    accept_request(cleo, by=ada)
    assert drawn(record.pk, cleo).title == "The Oval"
    assert publish_post(cleo, card_kind="replay", card_ref=str(record.pk)).card_kind == "replay"


def test_a_guests_and_a_demo_players_replay_are_everybodys(ada, ben):
    guests = enter_record(replay_file(), player=guest()).record
    demo = person("demo", is_active=False)
    ours = enter_record(replay_file(seed=1), player=demo, is_demo=True).record
    assert drawn(guests.pk, None).title == "The Oval"
    assert drawn(ours.pk, ben).text.endswith("· demo")
    # An account that was shut, as an erasure does at once, is no demo.
    hers = enter_record(replay_file(seed=2), player=ada).record
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert drawn(hers.pk, ben).title == GONE


def test_a_record_that_is_struck_off_leaves_a_card_that_says_so(record, ada, ben):
    post = publish_post(ada, text="my best", card_kind="replay", card_ref=str(record.pk))
    page = reverse("social:post", args=[post.public_id])
    assert "/race/watch/" in signed_in(ben).get(page).content.decode()
    strike_record(record)
    answer = signed_in(ben).get(page)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert GONE in body
    assert "my best" in body
    assert "/race/watch/" not in body
    assert drawn("no-uuid", ben).title == GONE


def test_what_was_driven_by_other_rules_or_elsewhere_is_told_but_not_played(record, ben):
    Record.objects.update(sim_version="00000000")
    old = drawn(record.pk, ben)
    assert (old.title, old.deeds) == ("The Oval", ())
    assert (old.url, old.action) == (f"/race/records/{record.pk}/", "See the record")
    Record.objects.update(track_slug="another-editions-track")
    elsewhere = drawn(record.pk, ben)
    assert elsewhere.title == "another-editions-track"
    assert (elsewhere.image_url, elsewhere.deeds) == ("", ())


def test_a_name_with_script_is_text_on_every_page(record, ada, ben):
    post = publish_post(ada, card_kind="replay", card_ref=str(record.pk))
    client = signed_in(ben)
    for address in (
        reverse("social:post", args=[post.public_id]),
        reverse("social:everybody"),
        reverse("social:person", args=[ada.public_id]),
        reverse("race:watch", args=[record.pk]),
        f"{reverse('social:compose')}?card_kind=replay&card_ref={record.pk}",
    ):
        body = client.get(address).content.decode()
        assert "Ada &lt;script&gt;" in body, address
        assert SCRIPT not in body, address


def test_the_player_may_be_framed_by_this_site_and_nothing_else_may(client, record):
    page = client.get(f"/race/watch/{record.pk}/")
    assert page.status_code == 200
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    other = client.get(f"/race/records/{record.pk}/")
    assert other["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
    assert "frame-src 'self'" in other["Content-Security-Policy"]
    body = page.content.decode()
    assert f'data-record="{record.pk}"' in body
    assert f'data-race="/race/play/oval/?ghost={record.pk}"' in body


def test_a_replay_that_is_gone_or_too_old_says_so_in_the_frame(client, record):
    gone = client.get(f"/race/watch/{uuid4()}/")
    assert gone.status_code == 404
    assert gone["X-Frame-Options"] == "SAMEORIGIN"
    assert GONE in gone.content.decode()
    Record.objects.update(sim_version="00000000")
    old = client.get(f"/race/watch/{record.pk}/")
    assert old.status_code == 404
    assert "cannot be played any more" in old.content.decode()
    assert f'href="/race/records/{record.pk}/"' in old.content.decode()


def test_the_courses_map_is_a_picture(client):
    picture = client.get("/race/courses/oval/map.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture["Cache-Control"] == "public, max-age=3600"
    assert re.search(r'<path d="M[-0-9.]+ [-0-9.]+L', picture.content.decode())
    assert client.get("/race/courses/nowhere/map.svg").status_code == 404


def test_a_record_leads_to_the_composer_with_its_card(record, ada, ben):
    compose = f"/social/compose/?card_kind=replay&card_ref={record.pk}"
    assert (
        compose.replace("&", "&amp;")
        in signed_in(ben).get(f"/race/records/{record.pk}/").content.decode()
    )
    stranger = Client().get(compose)
    assert stranger.status_code == 302
    assert "card_ref" in stranger["Location"]
    client = signed_in(ada)
    body = client.get(compose).content.decode()
    assert "The Oval" in body
    form = {
        "text": "over the line",
        "audience": "followers",
        "public_id": str(uuid4()),
        "card_kind": "replay",
        "card_ref": str(record.pk),
    }
    refused = client.post("/social/posts/", {**form, "text": "x" * 2001})
    assert refused.status_code == 422
    assert f'value="{record.pk}"' in refused.content.decode()
    assert "The Oval" in refused.content.decode()
    client.post("/social/posts/", form)
    post = Post.objects.get()
    assert (post.card_kind, post.card_ref) == ("replay", str(record.pk))
    assert (post.text, post.audience) == ("over the line", "followers")


def test_the_composer_refuses_a_card_that_one_may_not_share(record, ada, ben):
    block_person(ben, by=ada)
    client = signed_in(ben)
    for query, status in (
        (f"card_kind=replay&card_ref={record.pk}", 404),
        ("card_kind=replay&card_ref=nothing", 404),
        ("card_kind=replay", 404),
        ("card_kind=%3Cb%3E&card_ref=x", 422),
    ):
        answer = client.get(f"/social/compose/?{query}")
        assert answer.status_code == status, query
        assert "<b>" not in answer.content.decode()
    assert "card_ref=" not in client.get(f"/race/records/{record.pk}/").content.decode()


def test_the_api_posts_and_reads_a_replays_card(record, ada, ben):
    client = signed_in(ada)
    wanted = {"text": "", "card_kind": "replay", "card_ref": str(record.pk)}
    made = client.post("/api/social/posts", json.dumps(wanted), content_type="application/json")
    assert made.status_code == 201
    card = made.json()["card"]
    assert card["kind"] == "replay"
    assert card["deeds"] == [
        {"word": "Play", "url": f"/race/watch/{record.pk}/", "plays": True},
        {
            "word": "Race this ghost",
            "url": f"/race/play/oval/?ghost={record.pk}",
            "plays": False,
        },
    ]
    block_person(ben, by=ada)
    refused = signed_in(ben).post(
        "/api/social/posts", json.dumps(wanted), content_type="application/json"
    )
    assert refused.status_code == 404
    assert refused.json()["reason"].startswith("card_ref: ")


def test_a_costume_says_where_it_is_worn_in_the_readers_language(wardrobe, ada):
    cap = cards.render_costume("test/flat-cap", ada, "en")
    assert (cap.title, cap.text, cap.image_url) == ("Flat cap", "On the head · Test Isle", "")
    kilt = cards.render_costume("test/kilt", ada, "zh-hans")
    assert (kilt.title, kilt.text) == ("苏格兰裙", "穿在身上 · 试验岛")
    assert kilt.image_url == "/static/editions/test/costumes/kilt.png"
    assert (kilt.action, kilt.url) == ("试穿", "/race/garage/?edition=test&piece=kilt")
    assert cards.render_costume("test/crown", ada, "en") is None


def test_what_an_edition_leaves_open_can_be_given_and_what_is_earned_cannot(wardrobe, ada, ben):
    assert cards.wardrobe_of(ada) == ["test/flat-cap", "test/kilt"]
    assert give_gift(ben, costume="test/kilt", by=ada).costume == "test/kilt"
    for ref in ("test/blazer", "test/crown", "uk/kilt"):
        with pytest.raises(NotFoundError, match="nothing of that name"):
            give_gift(ben, costume=ref, by=ada)
    assert "Kilt" in signed_in(ben).get(f"/social/people/{ben.public_id}/").content.decode()


def test_a_gift_is_chosen_from_a_list_by_name(wardrobe, ada, ben):
    client = signed_in(ada)
    address = reverse("social:gift", args=[ben.public_id])
    assert address in client.get(f"/social/people/{ben.public_id}/").content.decode()
    body = client.get(f"{address}?costume=test/kilt").content.decode()
    assert '<option value="test/kilt" selected>Kilt</option>' in body
    assert "School blazer" not in body
    refused = client.post(address, {"costume": "test/blazer", "message": ""})
    assert refused.status_code == 422
    assert client.post(address, {"costume": "test/flat-cap", "message": ""}).status_code == 302
    assert ben.gifts.get().costume == "test/flat-cap"


def test_where_no_edition_has_costumes_there_is_nothing_to_give(monkeypatch, ada, ben):
    bare = catalogue.BuiltEdition("test", "editions/test", {"name": {"en": "Test Isle"}})
    monkeypatch.setattr(catalogue, "editions", lambda: (bare,))
    assert cards.wardrobe_of(ada) == []
    page = signed_in(ada).get(f"/social/people/{ben.public_id}/").content.decode()
    assert reverse("social:gift", args=[ben.public_id]) not in page
