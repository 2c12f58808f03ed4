"""Streams as they happen, from servers on this machine."""

import io
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pytest
from websockets.sync.server import serve

from moongate.social.streams.events import LINE_MAX
from moongate.social.streams.faults import StreamError
from moongate.social.streams.importing import Stream, import_stream
from moongate.social.streams.live import JetstreamSource, mastodon_source, sent_events
from moongate.social.streams.models import StreamCursor, StreamPost
from moongate.social.streams.sources import open_stream
from tests.social.streams.lines import AT, commit, dump, status, v2, v2_commit

pytestmark = pytest.mark.django_db


@contextmanager
def jetstream_server(handler):
    def choose(_, offered):
        return next(iter(offered), None)

    with serve(handler, "127.0.0.1", 0, select_subprotocol=choose) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join(5)


@contextmanager
def http_server(answer):
    """`answer(request)` writes to it; every request asked is in the list."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append((self.path, dict(self.headers)))
            answer(self, len(asked))

        def log_message(self, *_):
            pass

        def say(self, code, body=b"", kind="application/json", **headers):
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.close_connection = True
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join(5)


def take(source, tmp_path, limit, origin="bluesky"):
    stream = Stream(source, "test/1", origin, origin)
    return import_stream(stream, rejects=tmp_path / "rejects.jsonl", limit=limit)


def texts():
    return sorted(StreamPost.objects.values_list("text", flat=True))


def test_jetstream_is_reconnected_at_its_cursor(tmp_path):
    asked, pauses = [], []

    def handler(connection):
        query = parse_qs(urlsplit(connection.request.path).query)
        asked.append(query)
        n = len(asked)
        connection.send(json.dumps(commit(rkey=f"r{n}", text=str(n), at=AT + n * 10_000_000)))
        connection.send("{broken")

    with jetstream_server(handler) as url:
        source = JetstreamSource(f"{url}/subscribe?cursor=5", True, wait=pauses.append)
        first = take(source, tmp_path, 3)
        second = take(JetstreamSource(f"{url}/subscribe", True), tmp_path, 1)
    assert texts() == ["1", "2", "3", "4"]
    assert (first.posts, first.rejects, second.resumed) == (3, 2, True)
    assert [query.get("cursor") for query in asked] == [
        None,
        [str(AT + 8_000_000)],
        [str(AT + 18_000_000)],
        [str(AT + 28_000_000)],
    ]
    assert asked[0]["wantedCollections"] == ["app.bsky.feed.post"]
    assert len(pauses) == 2
    assert StreamCursor.objects.get().position == str(AT + 40_000_000)


def test_jetstream_2_is_asked_in_its_own_words(tmp_path):
    asked = []

    def handler(connection):
        asked.append((parse_qs(urlsplit(connection.request.path).query), connection.subprotocol))
        connection.send(json.dumps(v2("info", name="OutdatedCursor")))
        connection.send(json.dumps(v2_commit(text="two")))

    with jetstream_server(handler) as url:
        path = "/xrpc/network.bsky.jetstream.subscribeEvents"
        outcome = take(JetstreamSource(url + path, True), tmp_path, 1)
    assert (outcome.posts, outcome.skipped, texts()) == (1, 1, ["two"])
    query, subprotocol = asked[0]
    assert subprotocol == "xrpc.v1.json"
    assert query == {"collections": ["app.bsky.feed.post"], "maxMessageSizeBytes": [str(LINE_MAX)]}
    assert StreamCursor.objects.get().position == str(AT)


def test_a_server_that_has_no_stream_there_is_given_up(tmp_path):
    with http_server(lambda request, _: request.say(404)) as (url, _):
        source = JetstreamSource(url.replace("http", "ws") + "/nowhere", True)
        with pytest.raises(StreamError, match="answers 404: nothing to be read there"):
            take(source, tmp_path, 1)


def test_nobody_there_is_tried_again_ever_more_slowly():
    pauses = []
    source = JetstreamSource("ws://127.0.0.1:1/subscribe", True, wait=pauses.append)
    assert list(islice(source.items("", 0), 9)) == [None] * 9
    assert len(pauses) == 8
    assert all(min(60, 2**n) / 2 <= pause <= min(60, 2**n) for n, pause in enumerate(pauses))


def test_a_timeline_is_paged_from_the_last_status_seen(tmp_path):
    have = [status(n, content=str(n)) for n in range(1, 101)]
    pauses = []

    def answer(request, count):
        if count == 2:
            request.say(429, Retry_After="7")
            return
        if count == 3:
            request.say(503)
            return
        query = parse_qs(urlsplit(request.path).query)
        after = int(query.get("min_id", ["20"])[0])
        request.say(200, json.dumps(have[after : after + 40][::-1]).encode())

    with http_server(answer) as (url, asked):
        address = f"{url}/api/v1/timelines/public?local=true&min_id=3"
        source = mastodon_source(address, True, "", wait=pauses.append)
        assert take(source, tmp_path, 60, "mastodon").posts == 60
        assert StreamCursor.objects.get().position == "80"
        source = mastodon_source(address, True, "secret", wait=pauses.append)
        assert take(source, tmp_path, 20, "mastodon").posts == 20
    assert texts() == sorted(map(str, range(21, 101)))
    assert pauses[0] == 7
    assert asked[0][0] == "/api/v1/timelines/public?local=true&limit=40"
    assert "Authorization" not in asked[0][1]
    assert asked[4][0] == "/api/v1/timelines/public?local=true&limit=40&min_id=80"
    assert asked[4][1]["Authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    ("code", "reason"),
    [(401, "Some servers ask for a token: --token-file FILE"), (302, "sends us on to 'http://10.")],
)
def test_a_server_that_will_not_say_is_given_up(tmp_path, code, reason):
    def answer(request, _):
        request.say(code, Location="http://10.0.0.1/")

    with http_server(answer) as (url, _):
        source = mastodon_source(f"{url}/api/v1/timelines/public", True, "")
        with pytest.raises(StreamError, match=reason):
            take(source, tmp_path, 1, "mastodon")


def test_a_stream_brings_posts_edits_and_deletions(tmp_path):
    def answer(request, count):
        sent = [("update", status(1, content="one")), ("update", status(2)), ("delete", "2")]
        if count == 2:
            edited = status(1, content="edited", edited_at="2024-09-10T00:00:00Z")
            sent = [("status.update", edited), ("update", status(3, content="three"))]
        body = b":thump\n\n"
        for name, payload in sent:
            data = payload if isinstance(payload, str) else json.dumps(payload)
            body += f"event: {name}\ndata: {data}\n\n".encode()
        request.say(200, body, "text/event-stream")

    with http_server(answer) as (url, asked):
        source = mastodon_source(
            f"{url}/api/v1/streaming/public", True, "secret", wait=lambda _: None
        )
        outcome = take(source, tmp_path, 4, "mastodon")
    assert (outcome.posts, outcome.deletions, texts()) == (4, 1, ["edited", "three"])
    assert asked[0][1]["Accept"] == "text/event-stream"


def test_an_overlong_event_is_cut_and_the_next_one_whole():
    body = b"event: update\ndata: " + b"x" * (3 * LINE_MAX) + b"\n\nevent: delete\ndata: 1\n\n"
    (first, long), second = sent_events(io.BytesIO(body).readline)
    assert (first, second) == ("update", ("delete", b"1"))
    assert LINE_MAX - 10 < len(long) <= LINE_MAX + 1


def test_what_a_stopped_capture_holds_can_be_imported_from_its_file(tmp_path):
    frame = {"stream": ["public"], "event": "update", "payload": json.dumps(status(9))}
    (tmp_path / "capture").write_bytes(dump(frame))
    outcome = import_stream(
        open_stream("mastodon", str(tmp_path / "capture")), rejects=tmp_path / "rejects"
    )
    assert (outcome.posts, outcome.rejects) == (1, 0)
