"""Comments: under what one may see, one level of replies, counted right."""

import uuid

import pytest

from moongate.social.blocking import block_person
from moongate.social.commenting import add_comment, remove_comment
from moongate.social.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from moongate.social.models import Audience, Comment, Report
from moongate.social.notifications import list_notifications
from moongate.social.posting import publish_post
from moongate.social.reading import comments_of
from moongate.social.reporting import report
from tests.social.folk import guest, on, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


@pytest.fixture
def post(ada):
    return publish_post(ada, text="hello")


def told(who):
    return [notice.kind for notice in list_notifications(who).notices]


def test_a_comment_is_counted_and_its_author_told_of_replies(ada, bo, post):
    cy = person("cy")
    first = add_comment(post, text="one", by=bo)
    answer = add_comment(post, text="two", by=cy, reply_to=first)
    deeper = add_comment(post, text="three", by=ada, reply_to=answer)
    assert answer.parent == deeper.parent == first
    assert on(post) == (0, 3)
    assert told(ada) == ["comment", "comment"]
    assert told(bo) == ["reply"]
    assert told(cy) == ["reply"]
    assert comments_of(post, viewer=None).comments == [first, answer, deeper]


def test_the_author_of_both_is_told_once(ada, bo, post):
    own = add_comment(post, text="mine", by=ada)
    add_comment(post, text="answer", by=bo, reply_to=own)
    assert told(ada) == ["reply"]


def test_nobody_comments_on_what_they_do_not_see_or_under_another_post(ada, bo, post):
    own = publish_post(ada, text="diary", audience=Audience.ME)
    with pytest.raises(NotFoundError, match="no such post"):
        add_comment(own, text="x", by=bo)
    other = publish_post(ada, text="other")
    stray = add_comment(other, text="there", by=bo)
    with pytest.raises(NotFoundError, match="no such comment"):
        add_comment(post, text="x", by=bo, reply_to=stray)
    with pytest.raises(NotAllowedError):
        add_comment(post, text="x", by=guest())
    assert on(post) == on(own) == (0, 0)


def test_an_empty_or_long_comment_is_refused(bo, post):
    for text, says in (
        (" \x00", "text: a comment needs a text."),
        ("x" * 501, "text: 501 characters; at most 500 are taken."),
    ):
        with pytest.raises(InvalidError) as caught:
            add_comment(post, text=text, by=bo)
        assert caught.value.reason == says


def test_a_request_sent_again_is_the_same_comment(ada, bo, post):
    key = uuid.uuid4()
    first = add_comment(post, text="x", by=bo, public_id=key)
    assert add_comment(post, text="x", by=bo, public_id=key) == first
    with pytest.raises(ConflictError):
        add_comment(post, text="x", by=ada, public_id=key)
    assert on(post) == (0, 1)


def test_a_comment_goes_by_its_author_or_the_posts(ada, bo, post):
    cy = person("cy")
    first = add_comment(post, text="one", by=bo)
    add_comment(post, text="my own second thought", by=bo, reply_to=first)
    with pytest.raises(NotFoundError):
        remove_comment(first, by=cy)
    assert remove_comment(first, by=bo)
    assert not remove_comment(first, by=bo)
    assert on(post) == (0, 0)
    assert not Comment.objects.exists()
    assert told(ada) == []
    other = add_comment(post, text="three", by=cy)
    assert remove_comment(other, by=ada)


def test_replies_of_others_outlive_the_comment_and_its_place_goes_with_the_last(ada, bo, post):
    cy = person("cy")
    first = add_comment(post, text="my secret", by=bo)
    own = add_comment(post, text="more of it", by=bo, reply_to=first)
    reply = add_comment(post, text="oh", by=cy, reply_to=first)
    report(first, reason="other", text="", by=cy)
    assert remove_comment(first, by=bo)
    place, left = comments_of(post, viewer=None).comments
    assert (place.pk, place.author, place.text) == (first.pk, None, "")
    assert (left, left.parent) == (reply, place)
    assert not Comment.objects.filter(pk=own.pk).exists()
    assert on(post) == (0, 1)
    assert told(ada) == ["comment"]
    # What was said against it stays, against its author.
    assert Report.objects.get().about == bo
    # The place is nobody's any more: it can be neither removed nor answered, its replies can.
    assert not remove_comment(place, by=ada)
    with pytest.raises(NotFoundError, match="no such comment"):
        add_comment(post, text="x", by=ada, reply_to=place)
    deeper = add_comment(post, text="indeed", by=ada, reply_to=reply)
    assert deeper.parent == place
    assert remove_comment(reply, by=cy)
    assert comments_of(post, viewer=None).comments == [place, deeper]
    assert remove_comment(deeper, by=ada)
    assert not Comment.objects.exists()
    assert on(post) == (0, 0)


def test_an_empty_place_is_shown_only_above_what_the_reader_sees(ada, bo, post):
    cy = person("cy")
    first = add_comment(post, text="one", by=bo)
    add_comment(post, text="two", by=cy, reply_to=first)
    remove_comment(first, by=bo)
    assert len(comments_of(post, viewer=bo).comments) == 2
    block_person(cy, by=bo)
    assert comments_of(post, viewer=bo).comments == []


def test_pages_of_comments_join(bo, post):
    comments = [add_comment(post, text=str(i), by=bo) for i in range(5)]
    first = comments_of(post, viewer=None, limit=3)
    rest = comments_of(post, viewer=None, limit=3, after=first.next)
    assert first.comments + rest.comments == comments
    assert rest.next is None
