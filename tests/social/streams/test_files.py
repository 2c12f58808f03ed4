"""Walking files: lines, arrays, and where one left off."""

import json
import os

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.social.streams import files
from moongate.social.streams.events import LINE_MAX
from moongate.social.streams.faults import StreamError
from tests.social.streams.lines import dump, status


def lines(path, start=0, number=0):
    return [msgspec.structs.astuple(item) for item in files.walk_lines(path, start, number)]


def test_lines_come_with_number_offset_and_an_open_end(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"\xef\xbb\xbfone\n\n  \ntwo")
    assert lines(path) == [(1, b"one\n", "7", False), (4, b"two", "14", True)]
    assert lines(path, 7, 1) == [(4, b"two", "14", True)]


def test_an_overlong_line_comes_cut_and_the_next_one_whole(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"x" * (3 * LINE_MAX) + b"\nnext\n")
    first, second = lines(path)
    assert LINE_MAX < len(first[1]) < LINE_MAX + 3
    assert second == (2, b"next\n", str(3 * LINE_MAX + 6), False)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(StreamError, match="is not a regular file"):
        files.open_regular(tmp_path)
    with pytest.raises(StreamError, match="cannot be read: No such file or directory"):
        files.open_regular(tmp_path / "none")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StreamError, match="is not a regular file"):
        files.first_byte(tmp_path / "pipe")


def test_a_fingerprint_is_of_what_was_read_so_a_grown_file_is_the_same(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"a" * 100_000)
    before = files.fingerprint(path, 100_000)
    path.write_bytes(b"a" * 100_000 + b"more")
    assert files.fingerprint(path, 100_000) == before
    path.write_bytes(b"a" * 99_999 + b"b")
    assert files.fingerprint(path, 100_000) != before


@settings(deadline=None)
@given(
    texts=st.lists(st.text(alphabet=st.sampled_from('{}[]"\\,:aé\n')), max_size=6),
    chunk=st.integers(1, 40),
    indent=st.sampled_from([None, 1]),
)
def test_an_array_is_cut_into_its_objects_wherever_chunks_end(
    tmp_path_factory, texts, chunk, indent
):
    path = tmp_path_factory.mktemp("array") / "array"
    rows = [status(number, content=text, tags=[{}]) for number, text in enumerate(texts)]
    path.write_text(json.dumps(rows, indent=indent, ensure_ascii=False), encoding="utf-8")
    before, files.CHUNK_BYTES = files.CHUNK_BYTES, chunk
    try:
        items = list(files.walk_array(path, 0, 0))
        for some in range(len(items)):
            rest = list(files.walk_array(path, int(items[some].end), some + 1))
            assert rest == items[some + 1 :]
    finally:
        files.CHUNK_BYTES = before
    assert [json.loads(item.data) for item in items] == rows
    assert [item.number for item in items] == list(range(1, len(rows) + 1))


def test_an_array_that_breaks_off_ends_in_an_open_item(tmp_path):
    path = tmp_path / "array"
    path.write_bytes(b'[{"id": "1"}, {"id": ')
    assert [(item.data, item.open_end) for item in files.walk_array(path, 0, 0)] == [
        (b'{"id": "1"}', False),
        (b', {"id": ', True),
    ]


def test_an_array_of_one_giant_object_is_given_up_piece_by_piece(tmp_path):
    path = tmp_path / "array"
    path.write_bytes(b'[{"id": "' + b"x" * (3 * LINE_MAX) + b'"}, ' + dump(status())[:-1] + b"]")
    items = list(files.walk_array(path, 0, 0))
    assert len(items[0].data) == LINE_MAX + 1
    assert all(len(item.data) <= LINE_MAX + 1 for item in items)
