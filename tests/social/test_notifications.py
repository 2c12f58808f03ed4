"""Notifications: what one is told, folded, a page at a time, read once."""

import pytest

from moongate.social.blocking import block_person
from moongate.social.commenting import add_comment
from moongate.social.errors import NotAllowedError
from moongate.social.following import follow_person
from moongate.social.liking import like_post, unlike_post
from moongate.social.models import Comment, Notification, State
from moongate.social.notifications import (
    UNREAD_MOST,
    list_notifications,
    mark_read,
    unread_count,
)
from moongate.social.posting import publish_post
from tests.social.folk import guest, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


def test_likes_of_one_post_are_one_line(ada, bo):
    cy = person("cy")
    first, second = publish_post(ada, text="1"), publish_post(ada, text="2")
    for who in (bo, cy):
        like_post(first, by=who)
    like_post(second, by=bo)
    follow_person(ada, by=bo)
    notices = list_notifications(ada).notices
    assert [(notice.kind, notice.post, notice.actors) for notice in notices] == [
        ("follow", None, [bo]),
        ("like", second, [bo]),
        ("like", first, [cy, bo]),
    ]
    assert unread_count(ada) == 4


def test_reading_marks_up_to_where_one_has_read(ada, bo):
    post = publish_post(ada, text="1")
    add_comment(post, text="a", by=bo)
    upto = list_notifications(ada).notices[0].id
    add_comment(post, text="b", by=bo)
    assert mark_read(ada, upto=upto) == 1
    assert mark_read(ada, upto=upto) == 0
    assert unread_count(ada) == 1
    assert [notice.is_read for notice in list_notifications(ada).notices] == [False, True]
    assert mark_read(ada, upto=2**80) == 1
    assert mark_read(ada, upto=-1) == 0


def test_a_like_once_read_is_not_told_again(ada, bo):
    post = publish_post(ada, text="1")
    like_post(post, by=bo)
    mark_read(ada, upto=10**9)
    unlike_post(post, by=bo)
    like_post(post, by=bo)
    assert unread_count(ada) == 0
    assert len(list_notifications(ada).notices) == 1


def test_pages_join(ada, bo):
    post = publish_post(ada, text="1")
    for number in range(7):
        add_comment(post, text=str(number), by=bo)
    told, before = [], None
    while True:
        page = list_notifications(ada, before=before, limit=3)
        told += [notice.comment.text for notice in page.notices]
        before = page.next
        if before is None:
            break
    assert told == list("6543210")


def test_what_was_taken_down_or_blocked_is_not_told(ada, bo):
    cy = person("cy")
    post = publish_post(ada, text="1")
    add_comment(post, text="a", by=bo)
    add_comment(post, text="b", by=cy)
    Comment.objects.filter(author=cy).update(state=State.REMOVED)
    assert unread_count(ada) == 1
    block_person(bo, by=ada)
    assert unread_count(ada) == 0


def test_very_many_are_counted_up_to_a_hundred(ada, bo):
    rows = [Notification(person=ada, kind="comment", actor=bo) for _ in range(150)]
    Notification.objects.bulk_create(rows)
    assert unread_count(ada) == UNREAD_MOST
    assert len(list_notifications(ada, limit=10**9).notices) == 100


def test_nobody_reads_or_marks_anothers(ada, bo):
    Notification.objects.create(person=ada, kind="follow", actor=bo)
    assert mark_read(bo, upto=10**9) == 0
    assert unread_count(bo) == 0
    with pytest.raises(NotAllowedError):
        list_notifications(guest())
