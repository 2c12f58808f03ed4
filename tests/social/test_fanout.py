"""Fan-out: few followers at once, more by a task that may be killed, very many on read."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from moongate.social import fanout, tasks
from moongate.social.following import follow_person
from moongate.social.models import FanOut, Follow, Page, Post, TimelineEntry
from moongate.social.posting import publish_post
from moongate.social.timeline import read_timeline
from tests.conftest import ROOT
from tests.social.folk import followers, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def by_hand(settings):
    """Tasks are put on the queue and not done."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def served(post):
    return TimelineEntry.objects.filter(post=post).exclude(person=post.author_id).count()


def test_few_followers_are_served_while_the_author_waits(ada, by_hand):
    few = followers(ada, 3)
    post = publish_post(ada, text="x")
    assert served(post) == 3
    assert not FanOut.objects.exists()
    assert read_timeline(few[0]).posts == [post]


def test_more_are_served_by_a_task(ada, at_once, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(fanout, "AT_ONCE", 2)
    monkeypatch.setattr(fanout, "BATCH", 2)
    followers(ada, 7)
    with django_capture_on_commit_callbacks(execute=True) as jobs:
        post = publish_post(ada, text="x")
        assert served(post) == 0
    assert len(jobs) == 1
    assert served(post) == 7
    assert not FanOut.objects.exists()
    assert fanout.finish_fan_out(post.pk) == 0


def test_very_many_followers_are_served_on_read_from_then_on(ada, by_hand, settings):
    settings.SOCIAL_FAN_OUT_LIMIT = 3
    many = followers(ada, 2)
    before = publish_post(ada, text="written")
    many += followers(person("spare"), 0)
    late = person("late")
    follow_person(ada, by=late)
    after = publish_post(ada, text="merged")
    assert served(after) == 0
    Page.objects.filter(owner=ada).update(followers=1)
    last = publish_post(ada, text="still merged")
    assert served(last) == 0
    for one in (*many, late):
        assert read_timeline(one).posts == [last, after, before]


def test_a_task_that_fails_in_the_middle_goes_on_where_it_was(ada, by_hand, monkeypatch):
    monkeypatch.setattr(fanout, "AT_ONCE", 0)
    monkeypatch.setattr(fanout, "BATCH", 2)
    followers(ada, 5)
    post = publish_post(ada, text="x")
    write, calls = fanout._write, []

    def fail_once(entries):
        calls.append(1)
        write(entries)
        if len(calls) == 2:
            raise OSError("disk full")

    monkeypatch.setattr(fanout, "_write", fail_once)
    with pytest.raises(OSError):
        fanout.finish_fan_out(post.pk)
    assert served(post) == 2
    assert FanOut.objects.get().post == post
    assert fanout.finish_fan_out(post.pk) == 3
    assert served(post) == 5
    assert not FanOut.objects.exists()


def test_what_was_left_is_put_back_on_the_queue(ada, at_once, monkeypatch):
    monkeypatch.setattr(fanout, "AT_ONCE", 0)
    followers(ada, 3)
    post = publish_post(ada, text="x")
    assert served(post) == 0
    assert tasks.resume() == 1
    assert served(post) == 3
    assert tasks.resume() == 0


def test_a_post_removed_meanwhile_is_nobodys_business(ada, by_hand, monkeypatch):
    monkeypatch.setattr(fanout, "AT_ONCE", 0)
    followers(ada, 3)
    post = publish_post(ada, text="x")
    number = post.pk
    Post.objects.get(pk=number).delete()
    assert fanout.finish_fan_out(number) == 0


def test_who_follows_in_the_middle_gets_the_post_once(ada, by_hand, monkeypatch):
    monkeypatch.setattr(fanout, "AT_ONCE", 0)
    monkeypatch.setattr(fanout, "BATCH", 2)
    followers(ada, 3)
    post = publish_post(ada, text="x")
    fanout._serve_batch(post.pk)
    late = person("late")
    follow_person(ada, by=late)
    fanout.finish_fan_out(post.pk)
    assert served(post) == Follow.objects.count() == 4
    assert read_timeline(late).posts == [post]


def worker(tmp_path, step):
    program = "import runpy; runpy.run_module('tests.social.slow_worker', run_name='__main__')"
    environment = {
        **os.environ,
        "MOONGATE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "moongate.site.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", program, step],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_a_killed_worker_leaves_nothing_out_and_nothing_twice(tmp_path):
    for step, wait_s in (("prepare", 0.05), ("work", 0.15)):
        victim = worker(tmp_path, step)
        while victim.stdout.readline() != "served a batch\n":
            assert victim.poll() is None
        time.sleep(wait_s)
        victim.send_signal(signal.SIGKILL)
        assert victim.wait(timeout=10) == -signal.SIGKILL
        victim.stdout.close()
    last = worker(tmp_path, "end")
    before, after = json.loads(last.communicate(timeout=120)[0].splitlines()[-1])
    assert 0 < before["entries"] == before["expected"] < 60
    assert before["left"] == 1
    assert after == {"entries": 60, "people": 60, "expected": 60, "left": 0}
