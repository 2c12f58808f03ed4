"""What a person wears: only what there is, and only what is theirs."""

import json

import pytest
from django.test import Client

from moongate.accounts.merging import merge_guest
from moongate.accounts.models import User
from moongate.accounts.personal_data import registrations
from moongate.race import catalogue, wardrobe
from moongate.race.admin import EarnedPieceForm
from moongate.race.models import EarnedPiece, Outfit
from moongate.race.wardrobe import WardrobeError, Wish

URL = "/race/garage/wear/"
pytestmark = pytest.mark.django_db


def words(text):
    return {"en": text, "zh-hans": f"{text}（中文）"}


def piece(slug, slot, by="open", how=None):
    return {
        "slug": slug,
        "slot": slot,
        "name": words(slug),
        "earned": {"by": by, "how": how},
        "colourways": [{"slug": "red"}, {"slug": "blue"}],
    }


@pytest.fixture(autouse=True)
def edition(monkeypatch):
    index = {
        "name": words("Test"),
        "tracks": [],
        "karts": [{"slug": "crate", "name": words("Crate")}],
        "characters": [
            {"slug": "sketch", "name": words("Sketch")},
            {
                "slug": "ann",
                "name": words("Ann"),
                "model": "a.glb",
                "wears": {"body": ["smock", "red"], "head": ["turban", "red"]},
                "keeps": ["head"],
            },
        ],
        "costumes": [
            piece("smock", "body", "season", words("Finish a season")),
            piece("coat", "body"),
            piece("turban", "head"),
            piece("hat", "head"),
            piece("punk", "body", "licence", words("Pass the drift licence")),
        ],
    }
    built = catalogue.BuiltEdition("test", "editions/test", index)
    monkeypatch.setattr(catalogue, "editions", lambda: (built,))


@pytest.fixture
def ann():
    return User.objects.create_user("ann", display_name="Ann")


def wish(**changes):
    whole = {
        "edition": "test",
        "character": "ann",
        "kart": "crate",
        "wears": {"head": ("turban", "blue"), "body": ("coat", "red")},
    }
    return Wish(**(whole | changes))


def test_what_is_open_is_worn_and_given_back(ann):
    wardrobe.wear(wish(), by=ann)
    assert wardrobe.outfit_of(ann) == {
        "edition": "test",
        "character": "ann",
        "kart": "crate",
        "wears": {"head": ["turban", "blue"], "body": ["coat", "red"]},
    }
    wardrobe.wear(wish(wears={"head": ("turban", "red"), "body": ("coat", "blue")}), by=ann)
    assert Outfit.objects.get().wears["body"] == ["coat", "blue"]


def test_a_character_wears_what_they_come_in_though_others_must_earn_it(ann):
    wears = {"head": ("turban", "red"), "body": ("smock", "blue")}
    assert wardrobe.wear(wish(wears=wears), by=ann).wears["body"] == ["smock", "blue"]


def test_a_locked_piece_says_how_it_is_earned_and_opens_when_it_is(ann):
    punk = wish(wears={"head": ("turban", "red"), "body": ("punk", "red")})
    with pytest.raises(WardrobeError) as refused:
        wardrobe.wear(punk, by=ann)
    assert (refused.value.field, refused.value.mend) == ("wears.body", "Pass the drift licence")
    first = wardrobe.award_piece("test/punk", to=ann, reason="drift licence")
    assert wardrobe.award_piece("test/punk", to=ann).pk == first.pk
    assert wardrobe.wear(punk, by=ann).wears["body"] == ["punk", "red"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"edition": "mars"}, "edition"),
        ({"character": "sketch"}, "character"),
        ({"kart": "../crate"}, "kart"),
        ({"wears": {"head": ("turban", "red"), "body": ("hat", "red")}}, "wears.body"),
        ({"wears": {"head": ("turban", "green"), "body": ("coat", "red")}}, "wears.head"),
        ({"wears": {"tail": ("hat", "red"), "body": ("coat", "red")}}, "wears.tail"),
        ({"wears": {"head": ("hat", "red"), "body": ("coat", "red")}}, "wears.head"),
        ({"wears": {"body": ("coat", "red")}}, "wears.head"),
        ({"wears": {"head": ("turban", "red")}}, "wears.body"),
    ],
)
def test_what_cannot_be_worn_is_refused_by_its_field(ann, changes, field):
    with pytest.raises(WardrobeError) as refused:
        wardrobe.wear(wish(**changes), by=ann)
    assert refused.value.field == field
    assert not Outfit.objects.exists()


def send(client, body):
    return client.post(URL, body, content_type="application/json")


def test_the_garage_keeps_an_outfit_for_whoever_is_signed_in(ann):
    body = json.dumps(
        {
            "edition": "test",
            "character": "ann",
            "kart": "crate",
            "wears": {"head": ["turban", "red"], "body": ["coat", "red"]},
        }
    )
    assert send(Client(), body).status_code == 403
    client = Client()
    client.force_login(ann)
    assert send(client, body).status_code == 204
    assert Outfit.objects.get().player == ann
    page = client.get("/race/garage/").content.decode()
    assert 'data-wear="/race/garage/wear/"' in page
    assert "&quot;character&quot;:&quot;ann&quot;" in page


@pytest.mark.parametrize(
    "body",
    ["", "[]", '{"edition": 1}', '{"edition":"test"}', "[" * 5000, '{"a":"' + "x" * 5000 + '"}'],
)
def test_nonsense_is_refused_with_a_reason(ann, body):
    client = Client()
    client.force_login(ann)
    answer = send(client, body)
    assert answer.status_code == 422
    assert answer.json()["field"] == "body"
    assert answer.json()["reason"]


def test_a_guest_takes_clothes_along_to_the_account(ann):
    guest = User.objects.create(username="guest", is_guest=True)
    wardrobe.award_piece("test/punk", to=guest)
    wardrobe.award_piece("test/punk", to=ann)
    wardrobe.award_piece("test/smock", to=guest)
    wardrobe.wear(wish(), by=guest)
    merge_guest(guest, into=ann)
    assert wardrobe.earned_pieces(ann, "test") == {"punk", "smock"}
    assert Outfit.objects.get().player == ann


def test_clothes_are_exported_and_erased(ann):
    wardrobe.award_piece("test/punk", to=ann)
    wardrobe.wear(wish(), by=ann)
    for model in (Outfit, EarnedPiece):
        entry = next(each for each in registrations() if each.model is model)
        assert len(list(entry.exported(ann))) == 1
        assert entry.erase_rows(ann) == 1
        assert not model.objects.exists()


def test_the_operator_can_award_only_what_there_is(ann):
    form = EarnedPieceForm({"player": ann.pk, "costume": "test/nothing", "reason": ""})
    assert not form.is_valid()
    assert "costume" in form.errors
    assert EarnedPieceForm({"player": ann.pk, "costume": "test/punk", "reason": "x"}).is_valid()
