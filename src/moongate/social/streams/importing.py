"""Reading a source into the database, from where the last import of it stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import structlog
from django.db import connection, transaction
from django.utils import timezone

from moongate.social.streams.events import LINE_MAX, Event, Malformed, PublicPost
from moongate.social.streams.faults import StreamError
from moongate.social.streams.files import Item
from moongate.social.streams.models import StreamCursor
from moongate.social.streams.progress import Progress
from moongate.social.streams.rejects import Rejects
from moongate.social.streams.store import Batch, Names, prepare, write_batch

BATCH = 20_000
FLUSH_S = 2.0

log = structlog.get_logger("moongate.social.streams")


class Source(Protocol):
    """Where lines come from. `items` yields None when nothing has come for a while."""

    location: str
    total: int

    def parse(self, data: Any, /) -> Event | None: ...
    def identity(self, position: str, /) -> str: ...
    def items(self, position: str, number: int, /) -> Iterator[Item | None]: ...


@dataclass(frozen=True)
class Stream:
    """A source with what its names mean: `parser` is the format and its version, `origin` the
    server or collection that the ids belong to, `people` what the names of authors belong to.
    """

    source: Source
    parser: str
    origin: str
    people: str


@dataclass
class Outcome:
    """What an import did. `kept_out` are posts that were gone before they came."""

    lines: int = 0
    posts: int = 0
    deletions: int = 0
    kept_out: int = 0
    skipped: int = 0
    rejects: int = 0
    resumed: bool = False
    interrupted: bool = False
    seconds: float = 0.0
    rejects_file: str = ""

    @property
    def posts_per_s(self) -> float:
        return self.posts / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "seconds": round(self.seconds, 3),
            "posts_per_s": round(self.posts_per_s),
        }


def import_stream(
    stream: Stream,
    *,
    rejects: Path,
    limit: int | None = None,
    from_start: bool = False,
    batch_size: int = BATCH,
) -> Outcome:
    """Import a source, or `limit` posts of it, and remember how far it was read.

    Every batch is one transaction with the cursor. Ctrl-C ends after what has been read. Raises
    StreamError when the source cannot be read, or somebody else imports it at the same time.
    """
    prepare()
    run = _Run(stream, rejects, from_start)
    progress = Progress(stream.source.total)
    try:
        _read(run, progress, limit, batch_size)
    except KeyboardInterrupt:
        run.outcome.interrupted = True
        run.write()
    finally:
        progress.end()
        run.close()
    log.info("stream imported", parser=stream.parser, **_counts(run.outcome))
    return run.outcome


def _read(run: _Run, progress: Progress, limit: int | None, batch_size: int) -> None:
    outcome, batch = run.outcome, run.batch
    flushed = time.monotonic()
    for item in run.items():
        if item is None:
            if run.has_news and time.monotonic() - flushed > FLUSH_S:
                run.write()
                flushed = time.monotonic()
            progress.show(run.position, outcome.posts, outcome.rejects)
            continue
        run.take(item)
        if batch.events >= batch_size:
            run.write()
            flushed = time.monotonic()
        if not outcome.lines % 1_000:
            progress.show(run.position, outcome.posts, outcome.rejects)
        if limit is not None and outcome.posts >= limit:
            break
    run.write()


class _Run:
    """One import under way: the batch, the counts and the cursor they belong to."""

    def __init__(self, stream: Stream, rejects: Path, from_start: bool) -> None:
        self._stream, source = stream, stream.source
        self.outcome = Outcome(rejects_file=str(rejects))
        self.batch = Batch(Names(stream.origin, stream.people))
        self._parse = source.parse
        self._cursor = _cursor(stream)
        self._started = time.monotonic()
        cursor = self._cursor
        if from_start or cursor.parser != stream.parser or not _is_where_it_was(cursor, source):
            cursor.position, cursor.line = "", 0
        self.position, self._line = cursor.position, cursor.line
        self.outcome.resumed = bool(cursor.position)
        self.has_news = False
        self._late: tuple[Item, str] | None = None
        known = cursor.rejects_bytes if cursor.rejects_file == str(rejects) else None
        self._rejects = Rejects(rejects, cursor.name, known)

    def items(self) -> Iterator[Item | None]:
        return self._stream.source.items(self.position, self._line)

    def take(self, item: Item) -> None:
        """Read an item into the batch. The position moves last: an interrupted item comes again."""
        outcome, data = self.outcome, item.data
        outcome.lines += 1
        self.has_news = True
        try:
            if len(data) > LINE_MAX and isinstance(data, bytes):
                raise Malformed(f"is longer than {LINE_MAX:,} bytes")
            event = self._parse(data)
        except Malformed as fault:
            outcome.rejects += 1
            if item.open_end:
                # Its writer may not have finished the line: it is read again next time.
                self._late = (item, str(fault))
                return
            self._rejects.add(item.number, str(fault), data)
        else:
            if event is None:
                outcome.skipped += 1
            else:
                self.batch.add(event)
                if type(event) is PublicPost:
                    outcome.posts += 1
                else:
                    outcome.deletions += 1
        self.position, self._line = item.end, item.number

    def write(self) -> None:
        """Write the batch and the cursor, both or neither."""
        if not self.has_news:
            return
        stream, cursor = self._stream, self._cursor
        size = self._rejects.flush()
        with transaction.atomic():
            kept_out = write_batch(self.batch, stream.origin)
            moved = StreamCursor.objects.filter(pk=cursor.pk, batch=cursor.batch).update(
                parser=stream.parser,
                position=self.position,
                identity=stream.source.identity(self.position),
                line=self._line,
                batch=cursor.batch + 1,
                rejects=cursor.rejects + self._new_rejects(),
                rejects_file=str(self._rejects.path),
                rejects_bytes=size,
                changed=timezone.now(),
            )
            if not moved:
                raise StreamError(
                    f"{stream.source.location} is being imported by somebody else right now; "
                    "let one import end before the next."
                )
        cursor.batch += 1
        self.outcome.kept_out += kept_out
        self.batch.clear()
        self.has_news = False

    def close(self) -> None:
        if self._late:
            item, reason = self._late
            self._rejects.add(item.number, reason, item.data)
        self._rejects.close()
        self.outcome.seconds = time.monotonic() - self._started

    def _new_rejects(self) -> int:
        return self.outcome.rejects - bool(self._late)


def _cursor(stream: Stream) -> StreamCursor:
    location = stream.source.location
    kind = stream.parser.partition("/")[0]
    digest = blake2b(f"{stream.origin} {location}".encode(), digest_size=16).hexdigest()
    cursor, _ = StreamCursor.objects.get_or_create(
        name=f"{kind}-{digest}", defaults={"location": location, "parser": stream.parser}
    )
    return cursor


def _is_where_it_was(cursor: StreamCursor, source: Source) -> bool:
    return bool(cursor.position) and cursor.identity == source.identity(cursor.position)


def _counts(outcome: Outcome) -> dict[str, Any]:
    return {
        "posts": outcome.posts,
        "deletions": outcome.deletions,
        "skipped": outcome.skipped,
        "rejects": outcome.rejects,
        "seconds": round(outcome.seconds, 1),
        "database": connection.vendor,
    }
