"""What Jetstream's lines say."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.social.streams.events import FOREVER, Deletion, Departure, Image, Malformed
from moongate.social.streams.jetstream import cursor_of, parse
from tests.social.streams.lines import ADA, AT, account, commit, tid, v2, v2_commit


def read(line):
    return parse(json.dumps(line).encode())


def test_a_post_is_read_with_its_words_pictures_and_tags():
    image = {"$type": "blob", "ref": {"$link": "bafkreiabc"}, "mimeType": "image/jpeg", "size": 1}
    post = read(
        commit(
            text="A #Tartan coat",
            langs=["en-GB", "zh"],
            tags=["Wool"],
            embed={
                "$type": "app.bsky.embed.images",
                "images": [{"alt": "a coat", "image": image, "aspectRatio": {"width": 1}}],
            },
            facets=[
                {
                    "index": {"byteStart": 2, "byteEnd": 9},
                    "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Tartan"}],
                }
            ],
            reply={"root": {"uri": "at://x"}, "parent": {"uri": "at://x"}},
        )
    )
    assert (post.id, post.author) == ("did:plc:ada/one", ADA)
    assert (post.text, post.lang, post.tags) == ("A #Tartan coat", "en", ("wool", "tartan"))
    assert post.images == (Image("cid:bafkreiabc", "a coat"),)
    assert post.is_reply
    assert post.created == 1_725_911_162_102_000
    assert post.version == AT - 1_000


def test_all_three_forms_say_the_same():
    modern = read(commit())
    short = commit()
    del short["kind"], short["commit"]["operation"]
    for name in ("type", "opType"):
        old = {**short, "type": "com", "commit": {**short["commit"], name: "c"}}
        assert read(old) == modern
    assert read(v2_commit()) == modern


@pytest.mark.parametrize("line", [commit("delete"), v2_commit("delete")])
def test_a_deletion_names_the_post(line):
    assert read(line) == Deletion("did:plc:ada/one")


def test_a_picture_beside_a_quoted_post_and_one_of_the_old_form_count():
    old = {"cid": "bafkreiold", "mimeType": "image/png"}
    media = {"$type": "app.bsky.embed.images", "images": [{"alt": "", "image": old}]}
    quoted = {"$type": "app.bsky.embed.recordWithMedia", "record": {}, "media": media}
    assert read(commit(embed=quoted)).images == (Image("cid:bafkreiold"),)
    unknown = {"$type": "com.example.embed", "images": "of another shape", "media": 3}
    assert read(commit(embed=unknown)).images == ()


def test_accounts_that_end_depart_and_those_whose_host_lags_do_not():
    assert read(account()) == Departure(ADA, FOREVER)
    assert read(account(status="takendown")) == Departure(ADA, 1_725_911_163_000_000)
    assert read(account(status="throttled")) is None
    assert read(account(active=True, status=None)) is None
    old = account()
    old["type"] = "acc"
    del old["kind"]
    assert read(old) == Departure(ADA, FOREVER)
    wrapped = {"active": False, "status": "deleted", "did": ADA, "seq": 1, "time": "x"}
    moment = "2024-09-09T19:46:02.329308Z"
    assert read(v2("account", did=ADA, time=moment, account=wrapped)) == Departure(ADA, FOREVER)


def test_a_resynced_repository_replaces_what_is_older_than_its_revision():
    line = v2("sync", did=ADA, time="2024-09-09T19:46:02.329308Z", sync={"rev": tid(AT)})
    assert read(line) == Departure(ADA, AT - 1)


def test_what_is_no_public_post_is_passed_over():
    assert read(commit(collection="app.bsky.feed.like", text="", subject={"text": 1})) is None
    assert read({"did": ADA, "time_us": AT, "kind": "identity", "identity": {}}) is None
    assert read(v2("info", name="OutdatedCursor")) is None
    assert read({"$type": "error", "error": "ConsumerTooSlow"}) is None
    hidden = {"values": [{"val": "!no-unauthenticated"}]}
    assert read(commit(labels=hidden)) is None
    assert read(commit(labels={"values": [{"val": "nudity"}]})).is_sensitive


def test_a_clock_ahead_of_the_servers_is_not_believed():
    ahead = commit(createdAt="2031-01-01T00:00:00Z")
    ahead["commit"]["rev"] = tid(AT + 10**12)
    post = read(ahead)
    assert (post.created, post.version) == (AT, AT)
    assert read(commit(createdAt="yesterday")).created == AT


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"did": "ada"}, "did: must start with did: (received: 'ada')"),
        ({"time_us": 0}, "time_us: must be microseconds since 1970 (received: 0)"),
        ({"kind": ""}, "kind: is missing"),
        ({"commit": None}, "commit: is missing"),
        ({"commit": {"rkey": 7}}, "Expected `str`, got `int` - at `$.commit.rkey`"),
    ],
)
def test_a_malformed_line_names_the_field(change, reason):
    with pytest.raises(Malformed) as fault:
        read({**commit(), **change})
    assert str(fault.value) == reason


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"\xff", b"null", b'{"x":' + b"[" * 100_000])
def test_what_is_no_json_object_is_malformed(line):
    with pytest.raises(Malformed):
        parse(line)


def test_the_cursor_is_the_time_the_server_saw_the_event():
    assert cursor_of(json.dumps(commit()).encode()) == AT
    assert cursor_of(json.dumps(v2_commit()).encode()) == AT
    assert cursor_of(b"{") == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*sorted(commit()), "$type", "payload"]), json_values))
def test_any_json_is_read_or_malformed(line):
    with contextlib.suppress(Malformed):
        read({**commit(), **line})
