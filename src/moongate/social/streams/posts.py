"""Posts in a table: JSON lines, CSV or Parquet with the columns that docs/streams.md lists."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from moongate.social.streams.events import (
    FOREVER,
    Deletion,
    Departure,
    Event,
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
COLUMNS = (
    "id",
    "author",
    "created",
    "text",
    "lang",
    "image_url",
    "alt",
    "region",
    "deleted",
    "updated",
)
REQUIRED = ("id", "author", "created", "text")
REGION_MAX = 64

_TRUE = {"1", "true", "t", "yes", "y"}
_FALSE = {"", "0", "false", "f", "no", "n"}
_HASHTAG = re.compile(r"(?<!\w)[#＃](\w{1,100})")

_rows = msgspec.json.Decoder(dict[str, Any])

# A field may be as long as a line.
csv.field_size_limit(2_000_000)


def parse_json(line: bytes) -> Event:
    """What a JSON object says. Raises Malformed."""
    return parse_row(decode(_rows, line))


def csv_parser(header: list[str]) -> Callable[[bytes], Event]:
    """A parser of CSV records below this header."""
    names = [name.strip().lower() for name in header]

    def parse(record: bytes) -> Event:
        """What a record says. Raises Malformed."""
        try:
            text = record.decode("utf-8").rstrip("\r\n")
            fields = next(csv.reader([text], strict=True), [])
        except (UnicodeDecodeError, csv.Error) as error:
            raise Malformed(str(error)) from None
        if len(fields) != len(names):
            raise Malformed(f"has {len(fields)} fields where the header has {len(names)}")
        return parse_row(dict(zip(names, fields, strict=True)))

    return parse


def parse_row(row: Mapping[str, Any]) -> Event:
    """What a row says. Raises Malformed."""
    word = {name: _word(row.get(name), name) for name in COLUMNS}
    if _truth(word["deleted"]):
        if word["id"]:
            return Deletion(identifier(word["id"], "id"))
        author = identifier(word["author"], "author of deleted posts")
        return Departure(author, FOREVER)
    created = micros(word["created"], "created")
    text = clean(word["text"])
    images = ()
    if word["image_url"]:
        image = web_image(word["image_url"], word["alt"])
        if image is None:
            raise Malformed("image_url: must be an http(s) address of at most 500 characters")
        images = (image,)
    return PublicPost(
        id=identifier(word["id"], "id"),
        author=identifier(word["author"], "author"),
        created=created,
        version=micros(word["updated"], "updated") if word["updated"] else created,
        text=text,
        lang=language(word["lang"]),
        tags=tag_words(_HASHTAG.findall(text)) if "#" in text or "＃" in text else (),
        images=images,
        region=clean(word["region"], REGION_MAX),
    )


def _word(value: Any, name: str) -> str:
    if isinstance(value, str):
        return value if name == "text" else value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and name not in ("created", "updated"):
        return str(value)
    raise Malformed(f"{name}: must be text (received: {type(value).__name__})")


def _truth(word: str) -> bool:
    lower = word.lower()
    if lower in _TRUE:
        return True
    if lower in _FALSE:
        return False
    raise Malformed(f"deleted: must be true or false (received: {word[:20]!r})")
