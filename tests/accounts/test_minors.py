"""Minors: what their age closes, what they may open, and that nobody grows up by a click."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moongate.accounts import minors
from moongate.accounts.models import AgeBand, User

TODAY = date(2026, 11, 24)
OPEN = {"is_private": False, "hears_strangers": True, "minds_time": False, "is_findable": True}


def settings_of(person):
    person.refresh_from_db()
    return {name: getattr(person, name) for name in minors.STRICT}


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada", password="enchantress-of-numbers")


def test_who_has_said_nothing_reads_like_an_adult_and_is_asked_before_posting(ada):
    assert not minors.is_minor(ada)
    assert minors.must_tell_age(ada)
    assert minors.strict_defaults(ada) == {}
    assert settings_of(ada) == OPEN
    minors.set_age_band(ada, AgeBand.ADULT, today=TODAY)
    assert not minors.must_tell_age(ada)
    assert settings_of(ada) == OPEN


@pytest.mark.parametrize("band", [AgeBand.UNDER_13, AgeBand.FROM_13, AgeBand.FROM_16])
def test_a_minor_begins_with_everything_closed(ada, band):
    minors.set_age_band(ada, band, today=TODAY)
    assert minors.is_minor(ada)
    assert settings_of(ada) == minors.STRICT == minors.strict_defaults(ada)


def test_an_age_that_is_lowered_closes_again(ada):
    minors.set_age_band(ada, AgeBand.ADULT, today=TODAY)
    minors.set_age_band(ada, AgeBand.FROM_16, today=TODAY)
    assert settings_of(ada) == minors.STRICT


def test_what_a_teenager_opened_stays_open_when_the_age_is_said_again(ada):
    minors.set_age_band(ada, AgeBand.FROM_13, today=TODAY)
    minors.change_settings(ada, is_private=False)
    minors.set_age_band(ada, AgeBand.FROM_13, today=TODAY)
    assert settings_of(ada) == {**minors.STRICT, "is_private": False}


@pytest.mark.parametrize("name", minors.STRICT)
def test_under_13_nothing_can_be_opened(ada, name):
    minors.set_age_band(ada, AgeBand.UNDER_13, today=TODAY)
    with pytest.raises(minors.TooYoungError, match="Under 13 this stays as it is"):
        minors.change_settings(ada, **{name: not minors.STRICT[name]})
    assert settings_of(ada) == minors.STRICT
    minors.change_settings(ada, **minors.STRICT)


def test_a_setting_that_does_not_exist_is_named(ada):
    with pytest.raises(ValueError, match="no such setting: is_staff"):
        minors.change_settings(ada, is_staff=True)


def test_a_child_cannot_become_an_adult_by_clicking(ada):
    minors.set_age_band(ada, AgeBand.UNDER_13, today=TODAY)
    for band in (AgeBand.ADULT, AgeBand.FROM_16):
        with pytest.raises(minors.TooYoungError, match="ask whoever runs this site"):
            minors.set_age_band(ada, band, today=TODAY)
    # A birthday may be tomorrow, but the next step is years away.
    minors.set_age_band(ada, AgeBand.FROM_13, today=TODAY + timedelta(days=1))
    with pytest.raises(minors.TooYoungError):
        minors.set_age_band(ada, AgeBand.FROM_16, today=TODAY + timedelta(days=2))
    minors.set_age_band(ada, AgeBand.FROM_16, today=date(2029, 11, 24))
    with pytest.raises(minors.TooYoungError):
        minors.set_age_band(ada, AgeBand.ADULT, today=date(2031, 11, 23))
    minors.set_age_band(ada, AgeBand.ADULT, today=date(2031, 11, 24))
    assert not minors.is_minor(ada)


@pytest.mark.django_db(transaction=False)
@given(
    birthday=st.dates(date(1990, 1, 1), date(2024, 2, 29)),
    days=st.lists(st.integers(0, 6_000), min_size=1, max_size=5),
)
def test_whoever_tells_the_truth_is_never_refused(birthday, days):
    person = User(username="truthful")
    for offset in sorted(days):
        today = TODAY + timedelta(days=offset)
        had = (today.month, today.day) >= (birthday.month, birthday.day)
        age = today.year - birthday.year - (not had)
        band = next(b for b, (low, high) in minors.YEARS.items() if high is None or age < high)
        assert minors._can_be(person.born_after, minors.YEARS[band][0], today)
        person.born_after = minors._later(person.born_after, minors._earliest_birthday(band, today))


def test_the_page_asks_the_age_and_goes_on_to_where_one_was(client, ada):
    client.force_login(ada)
    page = client.get(reverse("account_age"), {"next": "/social/"}).content.decode()
    assert "How old are you?" in page
    assert 'name="next" value="/social/"' in page
    done = client.post(reverse("account_age"), {"age_band": "13to15", "next": "/social/"})
    assert done.headers["Location"] == "/social/"
    ada.refresh_from_db()
    assert ada.age_band == AgeBand.FROM_13
    assert ada.born_after.year == timezone.localdate().year - 16


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_the_age_page_never_leads_off_the_site(client, ada, target):
    client.force_login(ada)
    assert target not in client.get(reverse("account_age"), {"next": target}).content.decode()
    done = client.post(reverse("account_age"), {"age_band": "adult", "next": target})
    assert done.headers["Location"] == reverse("account_profile")


@pytest.mark.parametrize("band", ["", "child", "ADULT"])
def test_an_age_that_is_none_is_refused(client, ada, band):
    client.force_login(ada)
    assert client.post(reverse("account_age"), {"age_band": band}).status_code == 422
    ada.refresh_from_db()
    assert ada.age_band == ""


def test_an_age_that_cannot_be_is_refused_on_the_page_in_words(client, ada):
    minors.set_age_band(ada, AgeBand.UNDER_13, today=timezone.localdate())
    client.force_login(ada)
    page = client.post(reverse("account_age"), {"age_band": "adult"})
    assert page.status_code == 422
    assert "You gave a lower age here not long ago" in page.content.decode()


def test_a_child_sees_the_switches_and_cannot_turn_them(client, ada):
    minors.set_age_band(ada, AgeBand.UNDER_13, today=timezone.localdate())
    client.force_login(ada)
    page = client.get(reverse("account_profile")).content.decode()
    assert "Under 13 this stays as it is" in page
    assert "disabled" in page
    refused = client.post(reverse("account_profile_reach"), {"hears_strangers": "on"})
    assert refused.status_code == 422
    assert settings_of(ada) == minors.STRICT
