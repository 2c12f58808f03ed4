"""Posts: published once, edited for a while, taken back whole."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.social import cards
from moongate.social.commenting import add_comment
from moongate.social.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from moongate.social.liking import like_post
from moongate.social.models import POST_MAX, Audience, Comment, Like, Post, State
from moongate.social.posting import change_audience, edit_post, publish_post, remove_post
from moongate.social.reading import find_post, posts_of, recent_posts
from moongate.social.releasing import release
from moongate.social.texts import clean_text
from tests.social.folk import counts, followers, guest, person, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


def test_a_post_keeps_its_text_its_photos_in_order_and_counts_on_the_page(ada, bo):
    pictures = [photo(ada) for _ in range(3)]
    post = publish_post(ada, text="Tea at four", photos=pictures[::-1])
    found = find_post(post.public_id, viewer=bo)
    assert found.text == "Tea at four"
    assert [placed.photo for placed in found.placed_photos] == pictures[::-1]
    assert not found.is_liked
    assert counts(ada)["posts"] == 1


def test_only_members_post(ada):
    for nobody in (guest(), None):
        with pytest.raises(NotAllowedError) as caught:
            publish_post(nobody, text="hello")
        assert caught.value.status == 403
        assert caught.value.mend == "Sign up or sign in first."
    ada.is_active = False
    with pytest.raises(NotAllowedError):
        publish_post(ada, text="hello")
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({}, "text", "text: a post needs a text, a photo or a card."),
        ({"text": " \n\u202e\x00 "}, "text", "text: a post needs a text, a photo or a card."),
        ({"text": "x" * 2001}, "text", "text: 2001 characters; at most 2000 are taken."),
        ({"text": "x" * 10**6}, "text", "text: 1000000 characters; at most 2000 are taken."),
        (
            {"text": "x", "audience": "all"},
            "audience",
            "audience: must be one of everyone, followers, me.",
        ),
        (
            {"text": "x", "card_kind": "nothing"},
            "card_kind",
            "card_kind: there is no card of the kind “nothing”.",
        ),
    ],
)
def test_a_refusal_names_the_field_and_the_mend(ada, given, field, says):
    with pytest.raises(InvalidError) as caught:
        publish_post(ada, **given)
    assert (caught.value.field, caught.value.reason) == (field, says)
    assert caught.value.mend
    assert not Post.objects.exists()


def test_at_most_nine_photos_each_once_and_none_of_others(ada, bo):
    mine = [photo(ada) for _ in range(10)]
    with pytest.raises(InvalidError, match="photos: 10; at most 9 are taken"):
        publish_post(ada, photos=mine)
    with pytest.raises(InvalidError, match="the same one stands there twice"):
        publish_post(ada, photos=[mine[0], mine[0]])
    for other in (photo(bo), photo(ada, state=State.REMOVED)):
        with pytest.raises(NotFoundError, match="not here, or is not yours"):
            publish_post(ada, photos=[mine[0], other])
    assert not Post.objects.exists()


def test_a_request_sent_again_is_the_same_post(ada, bo):
    key = uuid.uuid4()
    first = publish_post(ada, text="once", public_id=key)
    assert publish_post(ada, text="once", public_id=key) == first
    assert (Post.objects.count(), counts(ada)["posts"]) == (1, 1)
    with pytest.raises(ConflictError):
        publish_post(bo, text="mine", public_id=key)


def test_script_is_kept_as_text_and_unseen_signs_are_not(ada):
    post = publish_post(ada, text="<script>alert(1)</script>\r\nabc\u202edef\x07\n\n\n\n\nend")
    assert post.text == "<script>alert(1)</script>\nabcdef\n\nend"


@settings(deadline=None, database=None, derandomize=True)
@given(st.text(max_size=200), st.booleans())
def test_a_cleaned_text_is_clean_and_cleaning_it_again_changes_nothing(text, lines):
    once = clean_text(text, field="text", most=POST_MAX, lines=lines)
    assert clean_text(once, field="text", most=POST_MAX, lines=lines) == once
    assert once == once.strip()
    assert not set(once) & set("\x00\r\t\u202e\u2066")
    assert lines or "\n" not in once
    once.encode()


def test_a_text_can_be_edited_for_fifteen_minutes_by_its_author(ada, bo):
    post = publish_post(ada, text="teh")
    assert edit_post(post, text="the", by=ada).text == "the"
    with pytest.raises(NotFoundError):
        edit_post(post, text="mine", by=bo)
    with pytest.raises(InvalidError):
        edit_post(post, text=" ", by=ada)
    Post.objects.update(created=timezone.now() - timedelta(minutes=16))
    with pytest.raises(ConflictError, match="fifteen minutes"):
        edit_post(post, text="later", by=ada)
    assert Post.objects.get().text == "the"


def test_removing_takes_everything_along_and_may_be_done_again(ada, bo):
    post, other = publish_post(ada, text="one"), publish_post(ada, text="two")
    like_post(post, by=bo)
    add_comment(post, text="nice", by=bo)
    with pytest.raises(NotFoundError):
        remove_post(post, by=bo)
    assert remove_post(post, by=ada)
    assert not remove_post(post, by=ada)
    assert list(Post.objects.all()) == [other]
    assert not Like.objects.exists()
    assert not Comment.objects.exists()
    assert counts(ada)["posts"] == 1


def test_a_post_kept_to_oneself_is_not_counted_until_it_is_opened(ada):
    (bo,) = followers(ada, 1)
    post = publish_post(ada, text="diary", audience=Audience.ME)
    assert counts(ada)["posts"] == 0
    assert not posts_of(ada, viewer=bo).posts
    change_audience(post, audience=Audience.FOLLOWERS, by=ada)
    assert counts(ada)["posts"] == 1
    assert posts_of(ada, viewer=bo).posts == [post]
    assert not recent_posts(None).posts


def test_a_post_waits_for_its_held_photos(ada, bo):
    first, second = photo(ada, State.HELD), photo(ada, State.HELD)
    post = publish_post(ada, text="look", photos=[first, second])
    assert post.state == State.HELD
    assert counts(ada)["posts"] == 0
    assert not posts_of(ada, viewer=bo).posts
    release(first)
    assert not posts_of(ada, viewer=bo).posts
    assert release(second)
    assert not release(second)
    assert posts_of(ada, viewer=bo).posts == [post]
    assert counts(ada)["posts"] == 1


def test_pages_join_without_gap_or_double(ada):
    posts = [publish_post(ada, text=str(i)) for i in range(7)][::-1]
    joined, before = [], None
    while True:
        page = posts_of(ada, viewer=None, before=before, limit=3)
        joined += page.posts
        before = page.next
        if before is None:
            break
    assert joined == posts
    for odd in (-1, 0, 2**70):
        assert posts_of(ada, viewer=None, before=odd, limit=10**9)


def test_a_card_is_rendered_by_the_service_that_registered_it(ada, bo):
    cards.register(
        "replay",
        render=lambda ref, viewer, lang: cards.Card(f"{ref} for {viewer} in {lang}", url="/race/"),
        may_post=lambda who, ref: who == ada,
    )
    post = publish_post(ada, card_kind="replay", card_ref="abc")
    shown = cards.render_card(post, viewer=bo, lang="en")
    assert (shown.title, shown.url) == ("abc for bo in en", "/race/")
    with pytest.raises(NotFoundError, match="nothing of that name that you could share"):
        publish_post(bo, card_kind="replay", card_ref="abc")
    for ref in ("", "../..", "x" * 65, "a b"):
        with pytest.raises(NotFoundError):
            publish_post(ada, card_kind="replay", card_ref=ref)


def test_a_broken_or_missing_service_costs_the_card_and_not_the_page(ada):
    def broken(ref, viewer, lang):
        return cards.Card("x", url="https://elsewhere.example/")

    cards.register("look", render=broken, may_post=lambda who, ref: True)
    post = publish_post(ada, card_kind="look", card_ref="1")
    assert cards.render_card(post, viewer=None, lang="en") is None
    post.card_kind = "gone"
    assert cards.render_card(post, viewer=None, lang="en") is None
    for address in ("//elsewhere.example", "/\\elsewhere", "javascript:alert(1)", "/a b"):
        with pytest.raises(ValueError, match="url must be a path on this site"):
            cards.Card("x", url=address)
    with pytest.raises(ValueError, match="kind must be"):
        cards.register("No Kind", render=broken, may_post=lambda who, ref: True)
