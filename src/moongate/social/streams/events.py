"""What a line of a public stream says: a post, that a post is gone, or that its author is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

LINE_MAX = 1_000_000  # bytes
TEXT_MAX = 5_000  # characters
ALT_MAX = 1_000
IMAGES_MAX = 16
TAGS_MAX = 32
ID_MAX = 1_000
REF_MAX = 500
FOREVER = 2**63 - 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Tabs and line feeds stay; PostgreSQL takes no NUL, and nobody can write half a surrogate pair.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")


class Malformed(ValueError):
    """A line that cannot be read; the text names the field and what is wrong with it."""


class Image(msgspec.Struct, frozen=True, gc=False):
    """Where a picture is (a URL, or `cid:…` at Bluesky), and what its author says is in it."""

    ref: str
    alt: str = ""


class PublicPost(msgspec.Struct, frozen=True, gc=False):
    """A post as it is now: created, or replaced by a later version of itself.

    Times are microseconds since 1970 (UTC). `version` orders the versions of one post and tells
    whether a post is older than its author's departure.
    """

    id: str
    author: str
    created: int
    version: int
    text: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    region: str = ""
    is_reply: bool = False
    is_bot: bool = False
    is_sensitive: bool = False


class Deletion(msgspec.Struct, frozen=True, gc=False):
    """A post is gone for good."""

    id: str


class Departure(msgspec.Struct, frozen=True, gc=False):
    """What `author` posted up to `until` (microseconds, FOREVER for a deleted account) is gone."""

    author: str
    until: int


Event = PublicPost | Deletion | Departure


def decode(decoder: msgspec.json.Decoder[Any], data: bytes | msgspec.Raw) -> Any:
    """The decoder's value of JSON from outside. Raises Malformed."""
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed(str(error)) from None


def micros(text: str, field: str) -> int:
    """An ISO 8601 time as microseconds since 1970; without a zone it is UTC. Raises Malformed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(f"{field}: must be an ISO 8601 time (received: {text[:40]!r})") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if not 1970 < moment.year < 2200:
        raise Malformed(f"{field}: must lie between 1971 and 2199 (received: {text[:40]!r})")
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The time, aware and in UTC."""
    return _EPOCH + microseconds * _MICROSECOND


def clean(text: str, most: int = TEXT_MAX) -> str:
    """Text without control characters, at most so many characters. It is no HTML: escape it."""
    text = text[:most]
    return (text if text.isprintable() else _UNSEEN.sub("", text)).strip()


def language(tag: str | None) -> str:
    """The language of a BCP 47 tag, `en` of `en-GB`; empty when there is none."""
    return _language(tag[:4]) if tag else ""


@lru_cache(1_024)
def _language(beginning: str) -> str:
    found = _LANGUAGE.match(beginning)
    return found.group().lower() if found else ""


def identifier(text: str, field: str) -> str:
    """A name that a source gives something. Raises Malformed when it is empty or too long."""
    if not text:
        raise Malformed(f"{field}: is missing")
    if len(text) > ID_MAX:
        raise Malformed(f"{field}: must have at most {ID_MAX} characters (received: {len(text)})")
    return text


def web_image(ref: str, alt: str | None) -> Image | None:
    """A picture on the web, or None when the reference is no http(s) address of sensible length."""
    if not ref.startswith(("https://", "http://")) or len(ref) > REF_MAX or _UNSEEN.search(ref):
        return None
    return Image(ref, clean(alt or "", ALT_MAX))


def tag_words(words: list[str]) -> tuple[str, ...]:
    """Hashtags without their sign, lower case, each once, in order."""
    if not words:
        return ()
    cleaned = (clean(word, 100).lstrip("#＃").lower() for word in words[: 2 * TAGS_MAX])
    return tuple(dict.fromkeys(filter(None, cleaned)))[:TAGS_MAX]
