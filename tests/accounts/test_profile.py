"""The profile: two scripts, languages, and what is refused."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from moongate.accounts import profiles
from moongate.accounts.models import User
from moongate.accounts.names import (
    DISPLAY_NAME_MAX,
    presentable,
    validate_chinese_name,
    validate_display_name,
    validate_latin_name,
)


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada", password="enchantress-of-numbers")


def save(client, **fields):
    return client.post(reverse("account_profile_about"), fields)


def test_a_profile_is_kept_as_it_was_written(client, ada):
    client.force_login(ada)
    done = save(
        client, name_latin=" Li  Qingzhao ", name_chinese="李清照", languages=["cy", "cmn", "en"]
    )
    assert done.headers["Location"] == reverse("account_profile")
    ada.refresh_from_db()
    assert (ada.name_latin, ada.name_chinese) == ("Li Qingzhao", "李清照")
    assert ada.languages == ["en", "cmn", "cy"]
    page = client.get(reverse("account_profile")).content.decode()
    assert 'value="李清照"' in page
    assert page.count("checked") >= 3


def test_everything_may_be_left_empty(client, ada):
    client.force_login(ada)
    assert save(client).status_code == 302
    ada.refresh_from_db()
    assert (ada.name_latin, ada.name_chinese, ada.languages) == ("", "", [])


@pytest.mark.parametrize("name", ["Zoë O’Neil", "Łukasz Ż.", "Nguyễn Văn A", "Li-Ming", "d'Arc"])
def test_latin_names_of_many_lands_are_fine(name):
    validate_latin_name(name)


@pytest.mark.parametrize("name", ["李清照", "Иван", "Ada 2", "…", "ada<b>", "Ада", "ａｄａ", "😀"])
def test_what_is_not_latin_is_refused(name):
    with pytest.raises(ValidationError, match="Latin letters"):
        validate_latin_name(name)


@pytest.mark.parametrize("name", ["李清照", "達·芬奇", "买买提·艾力", "𠮷野"])
def test_chinese_names_are_fine(name):
    validate_chinese_name(name)


@pytest.mark.parametrize("name", ["Li", "李Li", "ひらがな", "김", "李1", "·"])
def test_what_is_not_chinese_is_refused(name):
    with pytest.raises(ValidationError, match="Chinese characters"):
        validate_chinese_name(name)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("name_latin", "李", "Write this name in Latin letters"),
        ("name_latin", "x" * 41, "at most 40"),
        ("name_latin", "a\u202eb", "made of letters"),
        ("name_latin", "<script>alert(1)</script>", "Write this name in Latin letters"),
        ("name_chinese", "Li", "Write this name in Chinese characters"),
        ("languages", ["en", "xx"], "xx"),
    ],
)
def test_what_is_refused_is_named_and_nothing_is_changed(client, ada, field, value, complaint):
    client.force_login(ada)
    page = save(client, **{field: value})
    assert page.status_code == 422
    assert complaint in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    ada.refresh_from_db()
    assert (ada.name_latin, ada.name_chinese, ada.languages) == ("", "", [])


def test_the_verb_refuses_a_language_that_is_none(ada):
    with pytest.raises(ValidationError, match=r"Choose from the list \(received: tlh\)"):
        profiles.change_profile(ada, name_latin="", name_chinese="", languages=["tlh"])


def test_who_may_reach_me_is_mine_to_choose(client, ada):
    client.force_login(ada)
    assert client.post(reverse("account_profile_reach"), {"is_private": "on"}).status_code == 302
    ada.refresh_from_db()
    assert (ada.is_private, ada.hears_strangers, ada.is_findable) == (True, False, False)


def test_a_picture_is_an_id_and_can_be_taken_off(ada):
    photo = uuid.uuid4()
    profiles.set_avatar(ada, photo)
    ada.refresh_from_db()
    assert ada.avatar == photo
    profiles.set_avatar(ada, None)
    ada.refresh_from_db()
    assert ada.avatar is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["account_profile", "account_profile_about", "account_profile_reach", "account_age"]
)
def test_strangers_are_asked_who_they_are(client, name):
    method = client.post if name.endswith(("about", "reach")) else client.get
    assert method(reverse(name)).headers["Location"].startswith(reverse("account_login"))


def test_nobody_saves_by_a_link_or_from_another_site(ada, client):
    client.force_login(ada)
    assert client.get(reverse("account_profile_about")).status_code == 405
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(ada)
    assert strict.post(reverse("account_age"), {"age_band": "adult"}).status_code == 403


@given(st.text())
def test_a_name_from_elsewhere_becomes_one_of_ours(name):
    ours = presentable(name)
    validate_display_name(ours)
    assert len(ours) <= DISPLAY_NAME_MAX
    assert ours == presentable(ours)
