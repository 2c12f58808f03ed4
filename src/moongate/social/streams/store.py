"""Writing a batch of events so that neither their order nor repetition matters.

A deleted post stays deleted. A person's departure removes what they posted up to it. Of two
versions of a post the later one stays. So the rows depend only on the set of events seen.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from operator import itemgetter

import msgspec
from django.conf import settings
from django.db import connection

from moongate.social.streams.events import (
    FOREVER,
    Deletion,
    Departure,
    Event,
    PublicPost,
    moment,
)
from moongate.social.streams.models import StreamPost, StreamTombstone

KEY_BYTES = 16
CACHE_KIB = 65_536
_COLUMNS = (
    "key",
    "source",
    "author",
    "created",
    "text",
    "lang",
    "tags",
    "images",
    "region",
    "is_reply",
    "is_bot",
    "is_sensitive",
    "version",
)
_json = msgspec.json.Encoder()


class Names:
    """Keyed hashes of what a source calls its posts and people.

    `source` tells posts of the same id apart, `people` authors of the same name.
    """

    def __init__(self, source: str, people: str) -> None:
        pepper = hmac.digest(settings.SECRET_KEY.encode(), b"moongate.social.streams", "sha256")
        self._post = self._keyed(pepper, f"post {source}")
        self._person = self._keyed(pepper, f"person {people}")

    def post(self, name: str) -> bytes:
        return self._digest(self._post, name)

    def person(self, name: str) -> bytes:
        return self._digest(self._person, name)

    @staticmethod
    def _keyed(pepper: bytes, purpose: str) -> blake2b:
        key = hmac.digest(pepper, purpose.encode(), "sha256")
        return blake2b(key=key, digest_size=KEY_BYTES)

    @staticmethod
    def _digest(keyed: blake2b, name: str) -> bytes:
        hashed = keyed.copy()
        hashed.update(name.encode())
        return hashed.digest()


@dataclass
class Batch:
    """Events folded into what they come to: the latest posts, and who and what is gone."""

    names: Names
    posts: dict[str, PublicPost] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    departed: dict[str, int] = field(default_factory=dict)
    events: int = 0

    def add(self, event: Event) -> None:
        if type(event) is PublicPost:
            before = self.posts.get(event.id)
            if before is None or event.version >= before.version:
                self.posts[event.id] = event
        elif type(event) is Deletion:
            self.deleted.add(event.id)
        elif type(event) is Departure:
            self.departed[event.author] = max(event.until, self.departed.get(event.author, 0))
        self.events += 1

    def clear(self) -> None:
        self.posts.clear()
        self.deleted.clear()
        self.departed.clear()
        self.events = 0


def write_batch(batch: Batch, source: str) -> int:
    """Write a batch; the caller's transaction is the batch's. Answers how many posts were kept out
    because they or their authors are gone.
    """
    names = batch.names
    _let_one_write()
    deleted = [names.post(name) for name in batch.deleted]
    departed = [(names.person(name), until) for name, until in batch.departed.items()]
    _bury(deleted, departed)
    people = {name: names.person(name) for name in {post.author for post in batch.posts.values()}}
    posts = [(names.post(post.id), people[post.author], post) for post in batch.posts.values()]
    gone = _tombstones(posts)
    kept = posts
    if gone:
        kept = [
            (key, author, post)
            for key, author, post in posts
            if key not in gone and gone.get(author, -1) < post.version
        ]
    row = _sqlite_row if connection.vendor == "sqlite" else _row
    # Neighbours in the index are written together.
    kept.sort(key=itemgetter(0))
    _upsert(row(key, source, author, post) for key, author, post in kept)
    return len(posts) - len(kept)


def prepare() -> None:
    """Room for the pages of a batch: SQLite's 2 MB would be written out again and again."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _let_one_write() -> None:
    """Between two writers a post could slip in beside its own deletion (SQLite has one anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(StreamTombstone._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _bury(deleted: list[bytes], departed: list[tuple[bytes, int]]) -> None:
    tombs = [(key, FOREVER) for key in deleted] + departed
    if not tombs:
        return
    posts = connection.ops.quote_name(StreamPost._meta.db_table)
    tombstones = connection.ops.quote_name(StreamTombstone._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {tombstones} (key, until) VALUES (%s, %s) ON CONFLICT (key) "  # noqa: S608
            f"DO UPDATE SET until = excluded.until WHERE {tombstones}.until < excluded.until",
            tombs,
        )
        if deleted:
            delete = f"DELETE FROM {posts} WHERE key = %s"  # noqa: S608
            cursor.executemany(delete, [(key,) for key in deleted])
        if departed:
            delete = f"DELETE FROM {posts} WHERE author = %s AND version <= %s"  # noqa: S608
            cursor.executemany(delete, departed)


def _tombstones(posts: list[tuple[bytes, bytes, PublicPost]]) -> dict[bytes, int]:
    """Until when those of these posts and their authors are gone that are."""
    table = connection.ops.quote_name(StreamTombstone._meta.db_table)
    with connection.cursor() as cursor:
        # Reading them all is cheaper than asking for each, as long as they are the fewer.
        cursor.execute(f"SELECT key, until FROM {table} LIMIT %s", [len(posts)])  # noqa: S608
        some = cursor.fetchall()
        if len(some) < len(posts):
            return {bytes(key): until for key, until in some}
        asked = {part for post in posts for part in post[:2]}
        found: dict[bytes, int] = {}
        for keys in _chunks(asked, connection.features.max_query_params or 10_000):
            places = ", ".join(["%s"] * len(keys))
            cursor.execute(f"SELECT key, until FROM {table} WHERE key IN ({places})", keys)  # noqa: S608
            found.update((bytes(key), until) for key, until in cursor.fetchall())
    return found


def _upsert(rows: Iterator[tuple[object, ...]]) -> None:
    table = connection.ops.quote_name(StreamPost._meta.db_table)
    places = ", ".join(["%s"] * len(_COLUMNS))
    replaced = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "key")
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(_COLUMNS)}) VALUES ({places}) "  # noqa: S608
            f"ON CONFLICT (key) DO UPDATE SET {replaced} "
            f"WHERE excluded.version >= {table}.version",
            rows,
        )


def _sqlite_row(key: bytes, source: str, author: bytes, post: PublicPost) -> tuple[object, ...]:
    """A row of types that Python's sqlite3 binds as they are, without looking for an adapter."""
    return (
        bytearray(key),
        source,
        bytearray(author),
        _text_of_moment(post.created),
        post.text,
        post.lang,
        _json.encode(post.tags).decode() if post.tags else "[]",
        _json.encode(post.images).decode() if post.images else "[]",
        post.region,
        1 if post.is_reply else 0,
        1 if post.is_bot else 0,
        1 if post.is_sensitive else 0,
        post.version,
    )


def _row(key: bytes, source: str, author: bytes, post: PublicPost) -> tuple[object, ...]:
    return (
        key,
        source,
        author,
        moment(post.created),
        post.text,
        post.lang,
        _json.encode(post.tags).decode() if post.tags else "[]",
        _json.encode(post.images).decode() if post.images else "[]",
        post.region,
        post.is_reply,
        post.is_bot,
        post.is_sensitive,
        post.version,
    )


def _text_of_moment(microseconds: int) -> str:
    """As Django writes times to SQLite, whose own function takes ten times as long."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return f"{_text_of_second(seconds)}.{rest:06d}" if rest else _text_of_second(seconds)


@lru_cache(4_096)
def _text_of_second(seconds: int) -> str:
    return str(moment(seconds * 1_000_000))[:-6]


def _chunks(keys: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    left = iter(keys)
    while some := list(islice(left, size)):
        yield some
