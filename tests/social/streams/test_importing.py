"""Imports into the database: order and repetition do not matter, nothing is lost or doubled."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from moongate.social.streams.faults import StreamError
from moongate.social.streams.importing import import_stream
from moongate.social.streams.models import StreamCursor, StreamPost, StreamTombstone
from moongate.social.streams.sources import open_stream
from tests.social.streams.lines import ADA, AT, BOB, account, commit, dump, status

COMMAND = [sys.executable, "-m", "tests.social.streams.command"]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def take(tmp_path, db):
    """Imports lines (a new file for each list of them) and says what came of it."""
    count = 0

    def take(data, kind="jetstream", path=None, source="", **more):
        nonlocal count
        count += 1
        path = path or tmp_path / f"file{count}"
        if data is not None:
            path.write_bytes(data)
        stream = open_stream(kind, str(path), source=source)
        return import_stream(stream, rejects=tmp_path / "rejects.jsonl", **more)

    return take


def texts():
    return sorted(StreamPost.objects.values_list("text", flat=True))


def test_a_post_is_kept_without_its_author_or_its_address(take):
    take(dump(commit(text="coat 旗袍 <script>"), commit(rkey="two")))
    first, second = StreamPost.objects.order_by("id").values()
    assert texts() == ["A tartan coat", "coat 旗袍 <script>"]
    assert first["author"] == second["author"]
    assert first["key"] != second["key"]
    assert first["created"].isoformat() == "2024-09-09T19:46:02.102000+00:00"
    assert (first["source"], first["lang"], first["images"]) == ("bluesky", "en", [])
    assert "did:plc" not in str(StreamPost.objects.values())


def test_importing_twice_is_importing_once(take, tmp_path):
    data = dump(commit(), commit("update", text="Newer", at=AT + 9), commit(rkey="two"))
    assert take(data, path=tmp_path / "same").posts == 3
    rows = list(StreamPost.objects.values())
    again = take(None, path=tmp_path / "same")
    assert (again.posts, again.lines, again.resumed) == (0, 0, True)
    copy = take(data)
    assert (copy.posts, copy.resumed) == (3, False)
    take(None, path=tmp_path / "same", from_start=True)
    assert list(StreamPost.objects.values()) == rows
    assert texts() == ["A tartan coat", "Newer"]


def test_order_does_not_matter_within_or_between_files(take):
    lines = [
        commit(text="old"),
        commit("update", text="new", at=AT + 5),
        commit(rkey="gone"),
        commit("delete", rkey="gone", at=AT + 9),
        commit(did=BOB, text="before he left"),
        account(BOB, at=AT + 20_000_000, status="deactivated"),
        commit(did=BOB, rkey="back", text="after he came back", at=AT + 90_000_000),
    ]
    shuffle = random.Random(3).sample
    for size in (1, 2, 7):
        for _ in range(4):
            StreamPost.objects.all().delete()
            StreamTombstone.objects.all().delete()
            mixed = shuffle(lines, len(lines))
            for begin in range(0, len(mixed), size):
                take(dump(*mixed[begin : begin + size]))
            assert texts() == ["after he came back", "new"]


def test_a_deleted_account_takes_all_its_posts_for_ever(take):
    take(dump(commit(), commit(did=BOB, text="stays")))
    outcome = take(dump(account(ADA)))
    assert (outcome.deletions, texts()) == (1, ["stays"])
    assert take(dump(commit(rkey="later", at=AT + 10**12))).kept_out == 1
    assert texts() == ["stays"]


def test_malformed_lines_are_counted_and_kept_aside(take, tmp_path):
    giant = b'{"did": "' + b"x" * 1_000_000 + b'"}'
    outcome = take(dump(commit(), b"{broken", giant, commit(rkey="two")))
    assert (outcome.posts, outcome.rejects, outcome.lines) == (2, 2, 4)
    kept = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert [(row["line"], row["reason"]) for row in kept] == [
        (2, "JSON is malformed: object keys must be strings (byte 1)"),
        (3, "is longer than 1,000,000 bytes"),
    ]
    assert [len(row["text"]) for row in kept] == [7, 2_000]
    assert (tmp_path / "rejects.jsonl").stat().st_mode & 0o077 == 0


def test_a_grown_file_goes_on_and_a_replaced_one_begins_again(take, tmp_path):
    path = tmp_path / "growing"
    take(dump(commit(text="one"))[:-20], path=path)
    assert texts() == []
    more = take(dump(commit(text="one"), commit(rkey="two", text="two")), path=path)
    assert (more.posts, texts()) == (2, ["one", "two"])
    grown = path.read_bytes() + dump(commit(rkey="three", text="three"))
    outcome = take(grown, path=path)
    assert (outcome.lines, outcome.resumed) == (1, True)
    outcome = take(dump(commit(rkey="four")) + grown, path=path)
    assert (outcome.lines, outcome.resumed) == (4, False)
    # The half line was kept aside until it was whole.
    assert (tmp_path / "rejects.jsonl").read_text() == ""


def test_a_newer_parser_reads_again(take, tmp_path):
    take(dump(commit()), path=tmp_path / "same")
    StreamCursor.objects.update(parser="jetstream/0")
    assert take(None, path=tmp_path / "same").lines == 1


def test_a_limit_ends_early_and_the_next_import_goes_on(take, tmp_path):
    data = dump(*(commit(rkey=f"r{n}", text=str(n)) for n in range(5)))
    assert take(data, path=tmp_path / "same", limit=2).posts == 2
    assert take(None, path=tmp_path / "same").posts == 3
    assert texts() == list("01234")


def test_mastodon_files_are_lines_or_an_array(take):
    deleted = {"event": "delete", "payload": "2"}
    take(dump(status(1), status(2), deleted), kind="mastodon")
    take(json.dumps([status(3), status(1)]).encode(), kind="mastodon")
    assert StreamPost.objects.count() == 2
    take(dump(status(1)), kind="mastodon", source="other.example")
    assert StreamPost.objects.count() == 3
    assert StreamPost.objects.values("author").distinct().count() == 1


def test_an_interrupted_import_keeps_what_it_read(take, tmp_path, monkeypatch):
    data = dump(*(commit(rkey=f"r{n}", text=str(n)) for n in range(5)))
    (tmp_path / "same").write_bytes(data)
    stream = open_stream("jetstream", str(tmp_path / "same"))
    parse, seen = stream.source.parse, []

    def press_ctrl_c(line):
        seen.append(line)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return parse(line)

    monkeypatch.setattr(stream.source, "parse", press_ctrl_c)
    outcome = import_stream(stream, rejects=tmp_path / "rejects.jsonl")
    assert (outcome.interrupted, outcome.posts) == (True, 2)
    assert take(None, path=tmp_path / "same").posts == 3
    assert texts() == list("01234")


def test_two_imports_of_one_file_do_not_go_on_side_by_side(take, tmp_path, monkeypatch):
    take(dump(commit()), path=tmp_path / "same")
    (tmp_path / "same").write_bytes(dump(commit(), commit(rkey="two", text="two")))
    stream = open_stream("jetstream", str(tmp_path / "same"))
    parse = stream.source.parse

    def overtaken(line):
        StreamCursor.objects.update(batch=99)
        return parse(line)

    monkeypatch.setattr(stream.source, "parse", overtaken)
    with pytest.raises(StreamError, match="is being imported by somebody else right now"):
        import_stream(stream, rejects=tmp_path / "rejects.jsonl")
    assert texts() == ["A tartan coat"]


def test_odd_texts_are_kept_as_text(take):
    take(dump(commit(text="a\x00b\u2028c\ud83d\udc57"), commit(rkey="two", langs=[])))
    assert texts() == ["A tartan coat", "ab\u2028c👗"]


def test_an_import_killed_at_any_moment_loses_and_doubles_nothing(tmp_path):
    count = 60_000
    rng = random.Random(5)
    with (tmp_path / "lines").open("wb") as file:
        for n in range(count):
            gone = rng.random() < 0.1
            file.write(dump(commit(rkey=f"r{n}", text=str(n))))
            if n % 1_000 == 7:
                file.write(b"{broken\n")
            if gone:
                file.write(dump(commit("delete", rkey=f"r{n}")))
    env = os.environ | {"MOONGATE_HOME": str(tmp_path / "home"), "MOONGATE_LOG_LEVEL": "warning"}
    command = [*COMMAND, "social", "import", "jetstream", str(tmp_path / "lines"), "--json"]
    database = tmp_path / "home" / "db.sqlite3"
    killed = 0
    for wait in (0.0, 0.2, 0.5):
        process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not posts_in(database) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        process.stdout.close()
    assert killed >= 1
    last = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(last.stdout)["resumed"]
    with sqlite3.connect(database) as connection:
        kept = {text for (text,) in connection.execute("SELECT text FROM social_streampost")}
        (rows,) = connection.execute("SELECT count(*) FROM social_streampost").fetchone()
        (counted,) = connection.execute("SELECT rejects FROM social_streamcursor").fetchone()
    rng = random.Random(5)
    expected = {str(n) for n in range(count) if rng.random() >= 0.1}
    assert kept == expected
    assert rows == len(expected)
    aside = (tmp_path / "home" / "rejects" / "jetstream.jsonl").read_text().splitlines()
    assert len({json.loads(line)["line"] for line in aside}) == len(aside) == counted == 60


def posts_in(database):
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT 1 FROM social_streampost LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        return None
