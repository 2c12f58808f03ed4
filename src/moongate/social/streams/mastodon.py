"""Mastodon: statuses of its API, and the events of its streaming API that carry them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import msgspec

from moongate.social.streams.events import (
    IMAGES_MAX,
    TEXT_MAX,
    Deletion,
    Event,
    Image,
    Malformed,
    PublicPost,
    clean,
    decode,
    identifier,
    language,
    micros,
    tag_words,
    web_image,
)

VERSION = 1

# No pattern may look past the next "<": a million of them would take for ever.
_BREAKS = re.compile(r"<br[^<>]*>|</(?:p|div|li|blockquote|pre|h[1-6])>", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_MARKUP_MAX = 20 * TEXT_MAX
_NOTHING = msgspec.Raw()


class _Account(msgspec.Struct, gc=False):
    acct: str = ""
    url: str | None = None
    uri: str | None = None
    bot: bool | None = False
    noindex: bool | None = None


class _Medium(msgspec.Struct, gc=False):
    type: str = ""
    url: str | None = None
    remote_url: str | None = None
    description: str | None = None


class _Tag(msgspec.Struct, gc=False):
    name: str = ""


class _Status(msgspec.Struct, gc=False):
    id: str | int = ""
    created_at: str = ""
    edited_at: str | None = None
    visibility: str = ""
    language: str | None = None
    content: str | None = None
    spoiler_text: str | None = None
    sensitive: bool | None = False
    in_reply_to_id: str | int | None = None
    reblog: msgspec.Raw = _NOTHING
    account: _Account | None = None
    media_attachments: list[_Medium] | None = None
    tags: list[_Tag] | None = None


class _Line(_Status, gc=False):
    event: str = ""
    payload: msgspec.Raw = _NOTHING


_lines = msgspec.json.Decoder(_Line)
_statuses = msgspec.json.Decoder(_Status)
_strings = msgspec.json.Decoder(str)
_ids = msgspec.json.Decoder(str | int)


def parser(server: str) -> Callable[[bytes], Event | None]:
    """A parser of lines from this server; accounts without a host of their own belong to it."""

    def parse(line: bytes) -> Event | None:
        """What a line says; None for what is not a public post. Raises Malformed."""
        found = decode(_lines, line)
        if not found.event:
            return _status(found, server)
        payload = found.payload
        if found.event == "delete":
            return Deletion(_status_id(_deleted(payload)))
        if found.event not in ("update", "status.update"):
            return None
        if bytes(payload)[:1] == b'"':
            payload = decode(_strings, payload).encode("utf-8", "surrogatepass")
        status = decode(_statuses, payload)
        event = _status(status, server)
        if event is None and found.event == "status.update":
            return Deletion(_status_id(status.id))  # it may have been public before
        return event

    return parse


def id_of(data: bytes | msgspec.Raw) -> str:
    """The id of a status, to go on from; empty when it has none."""
    try:
        found = str(decode(_statuses, data).id)
    except Malformed:
        return ""
    return found if found.isalnum() and len(found) <= 40 else ""


def plain(markup: str) -> str:
    """The text of HTML; nothing of it is markup any more, so it must be escaped to be shown."""
    text = _TAGS.sub("", _BREAKS.sub("\n", markup[:_MARKUP_MAX]))
    return clean(unescape(text))


def _status(status: _Status, server: str) -> PublicPost | None:
    post_id = _status_id(status.id)
    account = status.account
    if account is None:
        raise Malformed("account: is missing")
    if status.visibility != "public" or account.noindex:
        return None
    if bytes(status.reblog) not in (b"", b"null"):
        return None  # somebody else's post, which comes by itself
    created = micros(status.created_at, "created_at")
    edited = micros(status.edited_at, "edited_at") if status.edited_at else created
    text = plain(status.content or "")
    if status.spoiler_text:
        text = clean(f"{status.spoiler_text}\n{text}")
    return PublicPost(
        id=post_id,
        author=_author(account, server),
        created=created,
        version=max(created, edited),
        text=text,
        lang=language(status.language),
        tags=tag_words([tag.name for tag in status.tags or ()]),
        images=_pictures(status.media_attachments) if status.media_attachments else (),
        is_reply=status.in_reply_to_id is not None,
        is_bot=bool(account.bot),
        is_sensitive=bool(status.sensitive),
    )


def _author(account: _Account, server: str) -> str:
    """The same person has the same address on every server that shows their posts."""
    if account.uri or account.url:
        return identifier(account.uri or account.url or "", "account.url")
    acct = identifier(account.acct, "account.acct")
    return acct if "@" in acct else f"{acct}@{server}"


def _pictures(media: list[_Medium]) -> tuple[Image, ...]:
    found = []
    for medium in media[:IMAGES_MAX]:
        if medium.type == "image":
            image = web_image(medium.url or medium.remote_url or "", medium.description)
            if image:
                found.append(image)
    return tuple(found)


def _deleted(payload: msgspec.Raw) -> str | int:
    if not bytes(payload):
        raise Malformed("payload: is missing")
    found: str | int = decode(_ids, payload)
    return found


def _status_id(value: str | int) -> str:
    return identifier(str(value).strip(), "id")
