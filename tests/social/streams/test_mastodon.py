"""What Mastodon's statuses and streaming events say."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.social.streams.events import Deletion, Image, Malformed
from moongate.social.streams.mastodon import id_of, parser, plain
from tests.social.streams.lines import status


def read(line, server="social.example"):
    return parser(server)(json.dumps(line).encode())


def test_a_status_is_read_with_its_words_pictures_and_tags():
    post = read(
        status(
            content="<p>Hat &amp; coat<br>by <a href='https://x.example'>me</a></p><p>two</p>",
            spoiler_text="Wool",
            sensitive=True,
            in_reply_to_id="7",
            edited_at="2024-09-09T19:47:02Z",
            tags=[{"name": "Tartan", "url": "https://x"}],
            media_attachments=[
                {"type": "image", "url": "https://f.example/1.png", "description": "a hat"},
                {"type": "video", "url": "https://f.example/2.mp4"},
                {"type": "image", "url": "javascript:alert(1)"},
            ],
        )
    )
    assert post.text == "Wool\nHat & coat\nby me\ntwo"
    assert post.images == (Image("https://f.example/1.png", "a hat"),)
    assert (post.id, post.author, post.lang) == ("1", "https://social.example/@ada", "en")
    assert (post.tags, post.is_sensitive, post.is_reply) == (("tartan",), True, True)
    assert (post.created, post.version) == (1_725_911_162_102_000, 1_725_911_222_000_000)


def test_a_bot_is_known_as_one_and_an_account_without_address_belongs_to_its_server():
    post = read(status(account={"acct": "robot", "bot": True}))
    assert (post.is_bot, post.author) == (True, "robot@social.example")


def test_streaming_events_carry_statuses_as_text_or_object():
    assert read({"event": "update", "payload": json.dumps(status())}) == read(status())
    assert read({"event": "status.update", "payload": status()}) == read(status())
    assert read({"event": "delete", "payload": "1"}) == Deletion("1")
    assert read({"event": "delete", "payload": 1}) == Deletion("1")
    assert read({"event": "notification", "payload": "{}"}) is None


@pytest.mark.parametrize("visibility", ["unlisted", "private", "direct", ""])
def test_only_public_statuses_count(visibility):
    hidden = status(visibility=visibility)
    assert read(hidden) is None
    assert read({"event": "status.update", "payload": hidden}) == Deletion("1")


def test_a_boost_and_somebody_who_will_not_be_indexed_are_passed_over():
    assert read(status(reblog=status(2))) is None
    assert read(status(account={"acct": "ada", "noindex": True})) is None


def test_a_malformed_status_names_the_field():
    for change, reason in (
        ({"id": ""}, "id: is missing"),
        ({"account": None}, "account: is missing"),
        ({"created_at": "soon"}, "created_at: must be an ISO 8601 time (received: 'soon')"),
    ):
        with pytest.raises(Malformed) as fault:
            read(status(**change))
        assert str(fault.value) == reason


def test_markup_becomes_text():
    assert plain("<p>1 &lt; 2</p>") == "1 < 2"
    assert plain("a<script>alert(1)</script>b\x00") == "aalert(1)b"


@pytest.mark.parametrize("piece", ["<", "</p> ", "<br", "&", "<p"])
def test_hostile_markup_takes_no_time(piece):
    began = time.process_time()
    plain(piece * 300_000)
    assert time.process_time() - began < 1


@settings(deadline=None)
@given(st.text())
def test_text_keeps_no_whole_tag_of_its_markup(markup):
    text = plain(markup.replace("&", ""))
    assert "<" not in text or ">" not in text[text.index("<") :]


def test_an_id_to_go_on_from_is_one_or_nothing():
    assert id_of(b'{"id": "123"}') == "123"
    assert id_of(b'{"id": "1&max_id=2"}') == ""
    assert id_of(b"123") == ""
