"""Following: at once, by request, ended by either; counts and timelines follow."""

import pytest

from moongate.social.blocking import block_person
from moongate.social.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from moongate.social.following import (
    accept_request,
    follow_person,
    followed_by,
    followers_of,
    refuse_request,
    remove_follower,
    requests_of,
    unfollow_person,
)
from moongate.social.models import Audience, Follow, Page
from moongate.social.notifications import list_notifications
from moongate.social.posting import publish_post
from moongate.social.reading import posts_of
from moongate.social.timeline import read_timeline
from tests.social.folk import counts, guest, person, private

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


def told(who):
    return [(notice.kind, *notice.actors) for notice in list_notifications(who).notices]


def test_following_twice_is_following_once(ada, bo):
    first = follow_person(bo, by=ada)
    assert first.accepted
    assert follow_person(bo, by=ada) == first
    assert counts(bo) == {"followers": 1, "following": 0, "posts": 0}
    assert counts(ada) == {"followers": 0, "following": 1, "posts": 0}
    assert told(bo) == [("follow", ada)]
    assert list(followers_of(bo, viewer=None)) == [ada]
    assert list(followed_by(ada, viewer=None)) == [bo]


def test_one_follows_neither_oneself_nor_guests_nor_the_gone(ada):
    with pytest.raises(InvalidError):
        follow_person(ada, by=ada)
    for nobody in (guest(), person("gone", is_active=False)):
        with pytest.raises(NotFoundError):
            follow_person(nobody, by=ada)
    with pytest.raises(NotAllowedError):
        follow_person(ada, by=guest())
    assert not Follow.objects.exists()


def test_unfollowing_takes_the_count_the_posts_and_the_notice_back(ada, bo):
    publish_post(bo, text="hello")
    follow_person(bo, by=ada)
    assert len(read_timeline(ada).posts) == 1
    assert unfollow_person(bo, by=ada)
    assert not unfollow_person(bo, by=ada)
    assert counts(bo)["followers"] == counts(ada)["following"] == 0
    assert not read_timeline(ada).posts
    assert told(bo) == []


def test_a_private_page_is_asked_first(ada):
    bo = private("bo")
    post = publish_post(bo, text="inside")
    assert not follow_person(bo, by=ada).accepted
    assert told(bo) == [("request", ada)]
    assert [ask.follower for ask in requests_of(bo)] == [ada]
    assert counts(bo)["followers"] == 0
    assert not posts_of(bo, viewer=ada).posts
    with pytest.raises(NotFoundError):
        followers_of(bo, viewer=ada)
    accept_request(ada, by=bo)
    accept_request(ada, by=bo)
    assert counts(bo)["followers"] == counts(ada)["following"] == 1
    assert posts_of(bo, viewer=ada).posts == read_timeline(ada).posts == [post]
    assert told(ada) == [("accepted", bo)]
    assert not requests_of(bo)


def test_the_accounts_own_switch_makes_the_page_private_too(ada):
    child = person("child", is_private=True)
    assert not follow_person(child, by=ada).accepted


def test_a_request_can_be_refused_or_taken_back_and_nobody_lets_in_who_has_not_asked(ada):
    bo = private("bo")
    with pytest.raises(NotFoundError):
        accept_request(ada, by=bo)
    follow_person(bo, by=ada)
    assert refuse_request(ada, by=bo)
    assert not refuse_request(ada, by=bo)
    follow_person(bo, by=ada)
    assert unfollow_person(bo, by=ada)
    assert not Follow.objects.exists()
    assert counts(bo)["followers"] == counts(ada)["following"] == 0


def test_a_request_to_a_page_opened_since_is_let_in_when_asked_again(ada):
    bo = private("bo")
    follow_person(bo, by=ada)
    Page.objects.filter(owner=bo).update(is_private=False)
    assert follow_person(bo, by=ada).accepted
    assert counts(bo)["followers"] == 1


def test_a_follower_can_be_removed(ada, bo):
    publish_post(bo, text="close", audience=Audience.FOLLOWERS)
    follow_person(bo, by=ada)
    assert remove_follower(ada, by=bo)
    assert counts(bo)["followers"] == 0
    assert not read_timeline(ada).posts
    assert not posts_of(bo, viewer=ada).posts


def test_the_blocked_find_nobody_to_follow_and_blockers_are_told_why(ada, bo):
    block_person(ada, by=bo)
    with pytest.raises(NotFoundError):
        follow_person(bo, by=ada)
    with pytest.raises(ConflictError, match="You have blocked this person"):
        follow_person(ada, by=bo)
