"""Likes: one each, counted right, however they come."""

import json
import os
import subprocess
import sys

import pytest

from moongate.social.errors import NotAllowedError, NotFoundError
from moongate.social.liking import like_post, likers_of, unlike_post
from moongate.social.models import Audience, Like
from moongate.social.notifications import list_notifications
from moongate.social.posting import publish_post
from moongate.social.reading import find_post
from tests.conftest import ROOT
from tests.social.folk import guest, on, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


def test_a_like_pressed_twice_is_one_and_its_author_is_told_once(ada, bo):
    post = publish_post(ada, text="x")
    assert like_post(post, by=bo)
    assert not like_post(post, by=bo)
    assert on(post) == (1, 0)
    assert find_post(post.public_id, viewer=bo).is_liked
    assert not find_post(post.public_id, viewer=ada).is_liked
    assert list(likers_of(post, viewer=None)) == [bo]
    assert [notice.actors for notice in list_notifications(ada).notices] == [[bo]]


def test_a_like_taken_back_takes_the_unread_notice_along(ada, bo):
    post = publish_post(ada, text="x")
    like_post(post, by=bo)
    assert unlike_post(post, by=bo)
    assert not unlike_post(post, by=bo)
    assert on(post) == (0, 0)
    assert not list_notifications(ada).notices


def test_ones_own_like_counts_and_is_no_news(ada):
    post = publish_post(ada, text="x")
    like_post(post, by=ada)
    assert on(post) == (1, 0)
    assert not list_notifications(ada).notices


def test_what_is_not_seen_is_not_liked_and_guests_like_nothing(ada, bo):
    own = publish_post(ada, text="diary", audience=Audience.ME)
    with pytest.raises(NotFoundError):
        like_post(own, by=bo)
    with pytest.raises(NotFoundError):
        likers_of(own, viewer=bo)
    with pytest.raises(NotAllowedError):
        like_post(own, by=guest())
    assert not Like.objects.exists()


def test_counts_are_right_when_everything_happens_at_once(tmp_path):
    program = "import runpy; runpy.run_module('tests.social.at_once', run_name='__main__')"
    environment = {
        **os.environ,
        "MOONGATE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "moongate.site.settings",
    }
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["errors"] == []
    assert found["counts"] == found["rows"]
    assert found["counts"]["likes"] == 4
    assert found["posts_of_one_key"] == 1
    assert found["reports"] == 1
    assert found["notices_of_one_like"] == 1
