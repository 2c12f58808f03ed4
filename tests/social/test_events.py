"""What a browser is told while it waits, over a real server on loopback."""

import http.client
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient
from django.urls import path

from moongate.accounts.models import User
from moongate.social import events

SCRIPT = Path(__file__).with_name("events_house.py")
ROOT = SCRIPT.parent.parent.parent
urlpatterns = [path("social/events", events.stream)]


class House:
    """A running house, and the ways to it."""

    def __init__(self, port, session):
        self.port, self.session = port, session

    def ask(self, path, **headers):
        """A request and its answer, unread."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request("GET", path, headers=headers)
        return line, line.getresponse()

    def fetch(self, path):
        line, answer = self.ask(path)
        body = json.loads(answer.read())
        line.close()
        return body

    @contextmanager
    def stream(self, **headers):
        line, answer = self.ask("/social/events", Cookie=f"sessionid={self.session}", **headers)
        try:
            yield answer
        finally:
            answer.close()
            line.close()

    def wait_for(self, streams):
        """Until ada has so many streams open; answers what the house says then."""
        for _ in range(100):
            seen = self.fetch("/look")
            if seen["streams"] == streams:
                return seen
            time.sleep(0.05)
        raise AssertionError(seen)


@contextmanager
def house(home, **constants):
    environment = {
        **os.environ,
        "MOONGATE_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "moongate.site.settings",
    }
    command = [sys.executable, str(SCRIPT), json.dumps(constants)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield House(**json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(timeout=20)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One home for all: migrating takes longer than the tests."""
    return tmp_path_factory.mktemp("house")


def read_event(answer):
    """The next block of a stream, as its lines; empty at the end."""
    lines = []
    while line := answer.readline().decode():
        if line == "\n":
            return lines
        lines.append(line.rstrip("\n"))
    return lines


def state(lines):
    fields = dict(line.split(": ", 1) for line in lines)
    assert fields["event"] == "state"
    return fields["id"], json.loads(fields["data"])


def test_a_browser_is_told_at_once_resumes_and_is_counted(home):
    with house(home, LOOK_S=60, BEAT_S=60) as running:
        with running.stream() as first:
            assert (first.status, first.headers["Content-Type"]) == (200, "text/event-stream")
            assert first.headers["Cache-Control"] == "no-store"
            assert read_event(first) == ["retry: 3000"]
            known, told = state(read_event(first))
            assert told == {"unread": 0, "new_posts": 0}
            begun = time.monotonic()
            running.fetch("/write?announce")
            newer, told = state(read_event(first))
            assert told == {"unread": 1, "new_posts": 0}
            assert newer != known
            assert time.monotonic() - begun < 5
            with running.stream() as second:
                assert second.status == 200
                with running.stream() as third:
                    assert third.status == 429
                    assert third.headers["Retry-After"] == "300"
                    assert set(json.loads(third.read())) == {"reason", "mend"}
                # Nothing is kept open for two browsers that wait.
                assert running.wait_for(2)["held"] == 0
        running.wait_for(0)
        with running.stream(**{"Last-Event-ID": newer}) as again:
            read_event(again)
            running.fetch("/write?announce")
            assert state(read_event(again))[1] == {"unread": 2, "new_posts": 0}
        with running.stream(**{"Last-Event-ID": known}) as late:
            read_event(late)
            assert state(read_event(late))[1] == {"unread": 2, "new_posts": 0}


def test_what_another_process_wrote_is_found_and_a_shut_account_is_told_no_more(home):
    with house(home, LOOK_S=0.2, BEAT_S=0.5) as running, running.stream() as waiting:
        read_event(waiting)
        read_event(waiting)
        running.fetch("/write")
        told = read_event(waiting)
        while told == [": still here"]:
            told = read_event(waiting)
        assert state(told)[1] == {"unread": 1, "new_posts": 0}
        assert read_event(waiting) == [": still here"]
        running.fetch("/shut")
        rest = [read_event(waiting) for _ in range(20)]
        assert rest[-1] == []


def test_a_stream_ends_for_the_browser_to_come_back(home):
    with house(home, LIFE_S=1.0, LOOK_S=0.2) as running:
        begun = time.monotonic()
        with running.stream() as waiting:
            rest = waiting.read().decode()
        assert 0.5 < time.monotonic() - begun < 10
        assert rest.startswith("retry: 3000\n\nid: ")
        running.wait_for(0)
        with running.stream() as again:
            assert again.status == 200


def test_two_states_with_the_same_numbers_have_different_names():
    assert events.State(1, 0, 5).name != events.State(1, 0, 6).name
    assert "5" not in str(events.State(1, 0, 5)).split("data: ")[1]


def test_announcing_to_nobody_does_nothing():
    events.announce(-1)
    assert events.open_streams(-1) == 0


@pytest.mark.urls(__name__)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guest", [None, True])
def test_strangers_and_guests_are_not_told(is_guest):
    client = AsyncClient()
    if is_guest:
        client.force_login(User.objects.create_user("guest", password=None, is_guest=True))

    answer = async_to_sync(client.get)("/social/events")
    assert answer.status_code == 401
    assert answer.json() == {
        "reason": "Only somebody with an account is told.",
        "mend": "Sign in first.",
    }
