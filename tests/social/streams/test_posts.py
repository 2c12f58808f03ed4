"""Posts in tables: JSON lines, CSV, Parquet."""

import csv
import json
from datetime import datetime

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from moongate.social.streams.events import (
    FOREVER,
    Deletion,
    Departure,
    Image,
    Malformed,
    PublicPost,
)
from moongate.social.streams.faults import StreamError
from moongate.social.streams.files import post_source
from moongate.social.streams.posts import parse_json

ROW = {
    "id": "1",
    "author": "ada",
    "created": "2024-09-09T19:46:02Z",
    "text": 'A #Tartan coat, "warm"',
    "lang": "en-GB",
    "image_url": "https://f.example/1.png",
    "alt": "a coat",
    "region": "Leeds",
}
POST = PublicPost(
    id="1",
    author="ada",
    created=1_725_911_162_000_000,
    version=1_725_911_162_000_000,
    text='A #Tartan coat, "warm"',
    lang="en",
    tags=("tartan",),
    images=(Image("https://f.example/1.png", "a coat"),),
    region="Leeds",
)


def events(path):
    source = post_source(path)
    return [source.parse(item.data) for item in source.items("", 0)]


def test_the_three_forms_say_the_same(tmp_path):
    (tmp_path / "a").write_text("\n" + json.dumps(ROW | {"more": [1]}) + "\n")
    head = "\ufeffid,author,created,text,lang,image_url,alt,region,more"
    line = '1,ada,2024-09-09T19:46:02Z,"A #Tartan coat, ""warm""",en-GB,https://f.example/1.png,'
    (tmp_path / "b").write_text(f"{head}\r\n{line}a coat,Leeds,x\r\n")
    row = ROW | {"id": 1, "created": datetime(2024, 9, 9, 19, 46, 2), "deleted": None}
    parquet.write_table(pyarrow.Table.from_pylist([row]), tmp_path / "c")
    for name in "abc":
        assert events(tmp_path / name) == [POST]


def test_a_row_may_say_that_a_post_or_a_person_is_gone():
    assert parse_json(b'{"id": "1", "deleted": true}') == Deletion("1")
    assert parse_json(b'{"author": "ada", "deleted": "yes"}') == Departure("ada", FOREVER)


def test_updated_is_the_version():
    row = ROW | {"updated": "2024-09-10T00:00:00+01:00"}
    assert parse_json(json.dumps(row).encode()).version == 1_725_922_800_000_000


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": ""}, "id: is missing"),
        ({"author": None}, "author: is missing"),
        ({"created": 5}, "created: must be text (received: int)"),
        ({"created": ""}, "created: must be an ISO 8601 time (received: '')"),
        ({"text": ["a"]}, "text: must be text (received: list)"),
        ({"deleted": "perhaps"}, "deleted: must be true or false (received: 'perhaps')"),
        (
            {"image_url": "file:///etc/passwd"},
            "image_url: must be an http(s) address of at most 500 characters",
        ),
    ],
)
def test_a_malformed_row_names_the_column(change, reason):
    with pytest.raises(Malformed) as fault:
        parse_json(json.dumps(ROW | change).encode())
    assert str(fault.value) == reason


def test_a_record_may_go_over_lines_and_a_stray_quote_spoils_only_its_own(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text(
        "id,author,created,text\n"
        '1,ada,2024-09-09,"two\nlines"\n'
        '2,ada,2024-09-09,a " quote\n'
        "3,ada,2024-09-09,fine\n"
        "4,ada,2024-09-09\n"
        '5,ada,2024-09-09,"open\n'
    )
    source = post_source(path)
    found = []
    for item in source.items("", 0):
        try:
            found.append((item.number, source.parse(item.data).text))
        except Malformed as fault:
            found.append((item.number, str(fault)))
    assert found == [
        (3, "two\nlines"),
        (4, 'a " quote'),
        (5, "fine"),
        (6, "has 3 fields where the header has 4"),
        (7, "unexpected end of data"),
    ]


@settings(deadline=None)
@given(rows=st.lists(st.lists(st.text(alphabet='a,"\n '), min_size=4, max_size=4), max_size=6))
def test_any_table_is_cut_where_its_records_end(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "posts.csv"
    rows = [[f"x{cell}" for cell in row] for row in rows]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["id", "author", "created", "text"], *rows])
    items = list(post_source(path).items("", 0))
    assert [next(csv.reader([item.data.decode()])) for item in items] == rows


def test_a_table_without_its_columns_is_refused_with_their_names(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("id,text\n")
    with pytest.raises(StreamError, match="lacks the columns author, created; its first line"):
        post_source(path)
    parquet.write_table(pyarrow.table({"id": ["1"]}), path)
    with pytest.raises(StreamError, match="lacks the columns author, created, text"):
        post_source(path)
    path.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(StreamError, match="no Parquet file"):
        post_source(path)


def test_parquet_goes_on_from_a_row(tmp_path):
    path = tmp_path / "posts.parquet"
    rows = [ROW | {"id": str(number)} for number in range(25)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=10)
    source = post_source(path)
    items = list(source.items("13", 13))
    assert [source.parse(item.data).id for item in items] == [str(n) for n in range(13, 25)]
    assert (items[0].number, items[-1].end, source.total) == (14, "25", 25)


def test_text_that_is_not_utf8_spoils_its_own_row_of_a_parquet_file(tmp_path):
    path = tmp_path / "posts.parquet"
    table = pyarrow.Table.from_pylist([ROW, ROW | {"id": "2"}])
    broken = pyarrow.array([b"\xff", b"fine"]).cast(pyarrow.string(), safe=False)
    table = table.set_column(table.schema.get_field_index("text"), "text", broken)
    parquet.write_table(table, path)
    source = post_source(path)
    first, second = source.items("", 0)
    with pytest.raises(Malformed, match="codec can't decode"):
        source.parse(first.data)
    assert source.parse(second.data).text == "fine"
