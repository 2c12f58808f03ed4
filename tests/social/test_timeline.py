"""The timeline: each post once, newest first, and nothing that should not be there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moongate.social import timeline
from moongate.social.blocking import block_person
from moongate.social.fanout import BROUGHT_ALONG
from moongate.social.following import follow_person, unfollow_person
from moongate.social.models import Audience, Page, Post, State, TimelineEntry
from moongate.social.pages import page_of
from moongate.social.posting import publish_post, remove_post
from moongate.social.timeline import mark_seen, new_posts, read_timeline
from tests.social.folk import guest, person, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


def merge(author):
    """From now on the author has too many followers to be fanned out."""
    Page.objects.filter(pk=page_of(author).pk).update(is_merged=True)


def everything(who, limit=3):
    joined, before = [], None
    while True:
        page = read_timeline(who, before=before, limit=limit)
        joined += page.posts
        before = page.next
        if before is None:
            return joined


def test_ones_own_and_the_followed_posts_newest_first(ada, bo):
    cy = person("cy")
    follow_person(bo, by=ada)
    first = publish_post(bo, text="1", photos=[photo(bo)])
    own = publish_post(ada, text="2", audience=Audience.ME)
    publish_post(cy, text="not followed")
    publish_post(bo, text="his own", audience=Audience.ME)
    last = publish_post(bo, text="3", audience=Audience.FOLLOWERS)
    page = read_timeline(ada)
    assert page.posts == [last, own, first]
    assert page.next is None
    assert [placed.place for placed in page.posts[2].placed_photos] == [0]


def test_pages_join_over_written_and_merged_posts_without_gap_or_double(ada, bo, monkeypatch):
    star, other = person("star"), person("other")
    for author in (bo, star, other):
        follow_person(author, by=ada)
    posts = []
    for round_ in range(12):
        if round_ == 4:
            merge(star)
        posts += [publish_post(author, text="x") for author in (bo, star, ada)]
        if round_ == 8:
            merge(other)
        if round_ % 3 == 0:
            posts.append(publish_post(other, text="y"))
    assert TimelineEntry.objects.filter(person=ada, author=star).count() == 4
    for limit in (1, 2, 3, 7, 100):
        assert everything(ada, limit) == posts[::-1]
    monkeypatch.setattr(timeline, "ROUND_MOST", 3)
    assert everything(ada, 5) == posts[::-1]


def test_an_unfollow_a_block_and_a_removal_take_effect_at_once(ada, bo):
    star, cy = person("star"), person("cy")
    merge(star)
    for author in (bo, star, cy):
        follow_person(author, by=ada)
    posts = [publish_post(author, text="x") for author in (bo, star, cy, cy)]
    assert everything(ada) == posts[::-1]
    unfollow_person(star, by=ada)
    assert everything(ada) == [posts[3], posts[2], posts[0]]
    block_person(ada, by=bo)
    assert everything(ada) == [posts[3], posts[2]]
    remove_post(posts[3], by=cy)
    assert everything(ada) == [posts[2]]
    Post.objects.filter(pk=posts[2].pk).update(state=State.REMOVED)
    assert everything(ada) == []


def test_an_entry_written_too_late_is_not_shown(ada, bo):
    post = publish_post(bo, text="x")
    # A task that began before the unfollow may end after it.
    TimelineEntry.objects.create(person=ada, post=post, author=bo)
    assert everything(ada) == []


def test_a_page_is_full_however_many_posts_behind_it_may_not_be_seen(ada, bo):
    cy = person("cy")
    for author in (bo, cy):
        follow_person(author, by=ada)
    seen = [publish_post(cy, text="x") for _ in range(4)]
    hidden = [publish_post(bo, text="x") for _ in range(25)]
    Post.objects.filter(pk__in=[post.pk for post in hidden]).update(state=State.REMOVED)
    page = read_timeline(ada, limit=3)
    assert page.posts == seen[:0:-1]
    assert read_timeline(ada, before=page.next, limit=3).posts == [seen[0]]


def test_whoever_is_followed_brings_the_last_twenty_posts_along(ada, bo):
    posts = [publish_post(bo, text=str(i)) for i in range(25)]
    publish_post(bo, text="own", audience=Audience.ME)
    follow_person(bo, by=ada)
    follow_person(bo, by=ada)
    assert everything(ada, 100) == posts[::-1][:BROUGHT_ALONG]


def test_the_mark_tells_what_is_new_and_never_moves_back(ada, bo):
    follow_person(bo, by=ada)
    posts = [publish_post(bo, text="x") for _ in range(3)]
    publish_post(ada, text="my own is no news")
    assert new_posts(ada) == 3
    mark_seen(ada, upto=posts[1].pk)
    assert new_posts(ada) == 1
    mark_seen(ada, upto=posts[0].pk)
    mark_seen(ada, upto=-1)
    assert new_posts(ada) == 1
    mark_seen(ada, upto=2**70)
    assert new_posts(ada) == 0
    publish_post(bo, text="after")
    assert new_posts(ada) == 1


def test_very_many_new_posts_are_told_as_fifty(ada, bo):
    follow_person(bo, by=ada)
    merge(bo)
    Post.objects.bulk_create(Post(author=bo, text="x") for _ in range(70))
    assert new_posts(ada) == timeline.NEW_MOST


def test_guests_have_none_and_odd_numbers_do_no_harm(ada):
    with pytest.raises(Exception, match="Only somebody with an account"):
        read_timeline(guest())
    for before in (-1, 0, 2**80):
        for limit in (-1, 0, 10**9):
            assert read_timeline(ada, before=before, limit=limit).posts == []


def test_a_page_asks_the_database_as_often_however_many_one_follows(ada):
    def queries(count, merged):
        for number in range(count):
            author = person(f"a{merged}{count}-{number}")
            if merged:
                merge(author)
            follow_person(author, by=ada)
            publish_post(author, text="x")
        with CaptureQueriesContext(connection) as caught:
            read_timeline(ada)
        return len(caught)

    few = queries(2, True)
    assert few <= 6
    assert queries(30, True) == queries(10, False) == few
