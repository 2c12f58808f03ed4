"""Limits: so many in a window, then a refusal that says how long to wait."""

import pytest

from moongate.social import throttle
from moongate.social.commenting import add_comment
from moongate.social.errors import TooManyError
from moongate.social.following import follow_person
from moongate.social.liking import like_post
from moongate.social.posting import publish_post
from moongate.social.reporting import report
from tests.social.folk import on, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("what", ["post", "comment", "follow", "like", "report"])
def test_the_one_too_many_is_refused_with_the_seconds_to_wait(settings, monkeypatch, what):
    settings.SOCIAL_LIMITS = {what: (2, 60)}
    monkeypatch.setattr(throttle.time, "time", lambda: 600.0 + 13.0)
    ada, bo = person("ada"), person("bo")
    crowd = [person(f"p{i}") for i in range(3)]
    posts = [publish_post(one, text="x") for one in crowd]
    acts = {
        "post": lambda i: publish_post(ada, text="x"),
        "comment": lambda i: add_comment(posts[i], text="x", by=ada),
        "follow": lambda i: follow_person(crowd[i], by=ada),
        "like": lambda i: like_post(posts[i], by=ada),
        "report": lambda i: report(posts[i], reason="spam", by=ada),
    }
    acts[what](0)
    acts[what](1)
    with pytest.raises(TooManyError) as caught:
        acts[what](2)
    assert (caught.value.status, caught.value.retry_after_s) == (429, 47)
    assert caught.value.mend == "Wait a little and try again."
    assert throttle.wait_s(what, bo) == 0
    monkeypatch.setattr(throttle.time, "time", lambda: 660.0)
    acts[what](2)


def test_pressing_again_what_is_done_costs_nothing(settings):
    settings.SOCIAL_LIMITS = {"like": (1, 60), "follow": (1, 60), "report": (1, 60)}
    ada, bo = person("ada"), person("bo")
    post = publish_post(bo, text="x")
    for _ in range(5):
        like_post(post, by=ada)
        follow_person(bo, by=ada)
        report(post, reason="spam", by=ada)
    assert on(post) == (1, 0)
