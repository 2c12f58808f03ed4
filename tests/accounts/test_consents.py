"""Consents: given for a text as it stood, withdrawn at will, and asked again when it changes."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from moongate.accounts import audit, consents
from moongate.accounts.consents import (
    ConsentError,
    Purpose,
    give_consent,
    has_consent,
    withdraw_consent,
)
from moongate.accounts.guests import make_guest
from moongate.accounts.merging import merge_guest
from moongate.accounts.models import AuditEntry, Consent, User

pytestmark = pytest.mark.django_db
WORDS = {"en": "Stickers", "zh-hans": "贴纸"}
STICKERS = Purpose(key="stickers", version=1, title=WORDS, text=WORDS)


@pytest.fixture(autouse=True)
def stickers(monkeypatch):
    monkeypatch.setattr(consents, "_purposes", {"stickers": STICKERS})


@pytest.fixture
def ada():
    return User.objects.create_user("ada", password=None)


@pytest.fixture
def new_text(monkeypatch):
    """The text of the purpose changes."""
    return lambda: monkeypatch.setitem(
        consents._purposes, "stickers", replace(STICKERS, version=2)
    )  # fmt: skip


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def test_nobody_has_agreed_before_they_agree(ada):
    assert not has_consent(ada, "stickers")
    give_consent(ada, "stickers")
    assert has_consent(ada, "stickers")
    assert not has_consent(User.objects.create_user("bea"), "stickers")


def test_agreeing_twice_is_agreeing_once(ada):
    assert give_consent(ada, "stickers") == give_consent(ada, "stickers")
    assert actions() == ["consent.given"]


def test_the_database_holds_one_open_consent(ada):
    give_consent(ada, "stickers")
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(person=ada, purpose="stickers", version=1)


def test_a_withdrawn_consent_stays_on_paper_and_counts_no_more(ada):
    give_consent(ada, "stickers")
    assert withdraw_consent(ada, "stickers") == 1
    assert withdraw_consent(ada, "stickers") == 0
    assert not has_consent(ada, "stickers")
    row = Consent.objects.get()
    assert row.withdrawn_at > row.given_at
    give_consent(ada, "stickers")
    assert has_consent(ada, "stickers")
    assert actions() == ["consent.given", "consent.withdrawn", "consent.given"]
    assert audit.verify().fault is None


def test_a_new_text_asks_again(ada, new_text):
    give_consent(ada, "stickers")
    new_text()
    assert not has_consent(ada, "stickers")
    assert consents.overview(ada)[0]["outdated"] is True
    give_consent(ada, "stickers")
    assert has_consent(ada, "stickers")
    assert consents.overview(ada)[0]["outdated"] is False
    assert withdraw_consent(ada, "stickers") == 2


def test_one_does_not_agree_to_a_text_one_has_not_seen(ada, new_text):
    new_text()
    with pytest.raises(ConsentError, match="has changed"):
        give_consent(ada, "stickers", version=1)
    assert Consent.objects.count() == 0


def test_an_unknown_purpose_is_an_error_of_the_program(ada):
    for ask in (give_consent, has_consent):
        with pytest.raises(KeyError):
            ask(ada, "world_domination")


@pytest.mark.parametrize(
    ("change", "named"),
    [({"key": "no good"}, "key"), ({"version": 0}, "version"), ({"text": {"en": "x"}}, "zh-hans")],
)
def test_a_purpose_says_all_it_must(change, named):
    with pytest.raises(ValueError, match=named):
        replace(STICKERS, **change)


def test_a_purpose_is_not_declared_in_two_ways():
    assert consents.declare(replace(STICKERS)) == STICKERS
    with pytest.raises(ValueError, match="twice"):
        consents.declare(replace(STICKERS, version=2))


def test_what_a_guest_agreed_to_comes_along(ada):
    guest = make_guest(language="en")
    give_consent(guest, "stickers")
    merge_guest(guest, into=ada)
    assert has_consent(ada, "stickers")
    assert actions() == ["consent.given", "guest.merged"]
    second = make_guest(language="en")
    give_consent(second, "stickers")
    merge_guest(second, into=ada)
    assert Consent.objects.count() == 1


def test_the_page_shows_gives_and_withdraws(client, ada):
    client.force_login(ada)
    page = reverse("account_privacy")
    assert "I agree" in client.get(page).content.decode()
    change = reverse("account_consent", args=["stickers"])
    assert client.post(change, {"version": "1"}).headers["Location"] == page
    assert has_consent(ada, "stickers")
    shown = client.get(page).content.decode()
    assert "You agreed on" in shown
    assert "I agree" not in shown
    client.post(change, {"withdraw": "1"})
    assert not has_consent(ada, "stickers")


def test_the_page_speaks_the_readers_language(client, ada):
    client.force_login(ada)
    page = client.get(reverse("account_privacy"), headers={"Accept-Language": "zh-hans"})
    assert "贴纸" in page.content.decode()


@pytest.mark.parametrize("version", ["", "x", "2", "0", "9" * 30])
def test_the_page_takes_no_version_but_the_current(client, ada, version):
    client.force_login(ada)
    change = reverse("account_consent", args=["stickers"])
    page = client.post(change, {"version": version}, follow=True)
    assert "The text has changed" in page.content.decode()
    assert Consent.objects.count() == 0


def test_a_purpose_that_is_not_there_is_404(client, ada):
    client.force_login(ada)
    unknown = reverse("account_consent", args=["world_domination"])
    assert client.post(unknown, {"version": "1"}).status_code == 404


def test_nothing_changes_by_looking_or_without_signing_in(client, ada):
    change = reverse("account_consent", args=["stickers"])
    assert client.post(change, {"version": "1"}).status_code == 302
    client.force_login(ada)
    assert client.get(change).status_code == 405
    assert Consent.objects.count() == 0
