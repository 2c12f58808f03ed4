"""A block hides two people from each other everywhere; a mute only quiets one."""

import pytest

from moongate.social.blocking import (
    block_person,
    blocked_by,
    mute_person,
    muted_by,
    unblock_person,
    unmute_person,
)
from moongate.social.commenting import add_comment
from moongate.social.errors import InvalidError, NotAllowedError, NotFoundError
from moongate.social.following import follow_person, followers_of
from moongate.social.liking import like_post, likers_of
from moongate.social.models import Block, Follow
from moongate.social.notifications import list_notifications, unread_count
from moongate.social.posting import publish_post
from moongate.social.reading import comments_of, posts_of
from moongate.social.timeline import read_timeline
from moongate.social.visits import record_visit, visitors_of
from tests.social.folk import befriend, counts, guest, on, person, private

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


@pytest.fixture
def cy():
    return person("cy")


def test_a_block_ends_follows_and_hides_each_from_the_other(ada, bo):
    befriend(ada, bo)
    hers, his = publish_post(ada, text="hers"), publish_post(bo, text="his")
    record_visit(ada, by=bo)
    assert block_person(bo, by=ada)
    assert not block_person(bo, by=ada)
    assert not Follow.objects.exists()
    assert counts(ada) == counts(bo) == {"followers": 0, "following": 0, "posts": 1}
    assert read_timeline(ada).posts == [hers]
    assert read_timeline(bo).posts == [his]
    for one, other, post in ((ada, bo, his), (bo, ada, hers)):
        for act in (
            lambda one, other, post: posts_of(other, viewer=one),
            lambda one, other, post: followers_of(other, viewer=one),
            lambda one, other, post: like_post(post, by=one),
            lambda one, other, post: add_comment(post, text="x", by=one),
            lambda one, other, post: comments_of(post, viewer=one),
            lambda one, other, post: mute_person(other, by=one),
        ):
            with pytest.raises(NotFoundError):
                act(one, other, post)
        assert not record_visit(other, by=one)
    assert not visitors_of(ada).visits
    assert list(blocked_by(ada)) == [bo]
    assert not blocked_by(bo)


def test_a_block_takes_likes_and_notices_back_and_a_request_too(ada, cy):
    bo = private("bo")
    follow_person(bo, by=ada)
    post, mine = publish_post(ada, text="a"), publish_post(cy, text="c")
    follow_person(ada, by=bo)
    like_post(post, by=bo)
    like_post(post, by=cy)
    like_post(mine, by=bo)
    assert unread_count(ada) == 3
    block_person(bo, by=ada)
    assert on(post) == (1, 0)
    assert on(mine) == (1, 0)
    assert unread_count(ada) == 1
    assert not list_notifications(bo).notices
    assert not Follow.objects.exists()
    assert list(likers_of(mine, viewer=ada)) == []
    assert list(likers_of(mine, viewer=cy)) == [bo]


def test_comments_between_the_two_are_unseen_until_the_block_is_lifted(ada, bo, cy):
    post = publish_post(ada, text="a")
    elsewhere = publish_post(cy, text="c")
    first = add_comment(post, text="bo's", by=bo)
    add_comment(post, text="answer to bo", by=cy, reply_to=first)
    add_comment(post, text="cy's", by=cy)
    add_comment(elsewhere, text="bo at cy's", by=bo)

    def seen(what, who):
        return [comment.text for comment in comments_of(what, viewer=who).comments]

    block_person(bo, by=ada)
    assert on(post) == (0, 1)
    assert seen(post, ada) == seen(post, cy) == seen(post, None) == ["cy's"]
    assert seen(elsewhere, ada) == []
    assert seen(elsewhere, cy) == ["bo at cy's"]
    assert unblock_person(bo, by=ada)
    assert not unblock_person(bo, by=ada)
    assert on(post) == (0, 3)
    assert seen(post, ada) == ["bo's", "answer to bo", "cy's"]
    assert not Follow.objects.exists()


def test_lifting_ones_own_block_leaves_the_others(ada, bo):
    block_person(bo, by=ada)
    block_person(ada, by=bo)
    unblock_person(bo, by=ada)
    with pytest.raises(NotFoundError):
        posts_of(ada, viewer=bo)
    assert Block.objects.count() == 1


def test_a_muted_person_is_quiet_and_does_not_know(ada, bo):
    befriend(ada, bo)
    post = publish_post(ada, text="a")
    his = publish_post(bo, text="b")
    like_post(post, by=bo)
    assert mute_person(bo, by=ada)
    assert not mute_person(bo, by=ada)
    assert read_timeline(ada).posts == [post]
    assert not list_notifications(ada).notices
    add_comment(post, text="hi", by=bo)
    assert unread_count(ada) == 0
    assert posts_of(bo, viewer=ada).posts == [his]
    assert his in read_timeline(bo).posts
    assert list(muted_by(ada)) == [bo]
    assert unmute_person(bo, by=ada)
    assert not unmute_person(bo, by=ada)
    assert read_timeline(ada).posts == [his, post]


def test_nobody_blocks_or_mutes_themself_and_guests_do_neither(ada):
    for verb in (block_person, mute_person):
        with pytest.raises(InvalidError):
            verb(ada, by=ada)
        with pytest.raises(NotAllowedError):
            verb(ada, by=guest())
        with pytest.raises(NotFoundError):
            verb(guest(), by=ada)
