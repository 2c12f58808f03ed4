"""Files of lines, arrays, records and rows, read a little at a time from where one left off."""

from __future__ import annotations

import csv
import re
import stat
from collections import deque
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from moongate.social.streams import posts
from moongate.social.streams.events import LINE_MAX, Event
from moongate.social.streams.faults import StreamError

HEAD_BYTES = 65_536
TAIL_BYTES = 4_096
CHUNK_BYTES = 262_144
ROWS = 4_096
PARQUET_MAGIC = b"PAR1"
_BOM = b"\xef\xbb\xbf"


class Item(msgspec.Struct, frozen=True, gc=False):
    """One thing to parse, its number (from 1), and the position after it.

    What is longer than LINE_MAX comes cut to one byte more. `open_end` says that the file ends in
    it without a line feed: perhaps its writer has not finished.
    """

    number: int
    data: Any
    end: str
    open_end: bool = False


class FileSource:
    """A file, how to walk it and how to parse what is found. `total` is in units of positions."""

    def __init__(
        self,
        path: Path,
        walk: Callable[[Path, int, int], Iterator[Item]],
        parse: Callable[[Any], Event | None],
        identify: Callable[[Path, int], str],
        total: int,
    ) -> None:
        self.location = str(path.resolve())
        self.parse = parse
        self.total = total
        self._path, self._walk, self._identify = path, walk, identify

    def identity(self, position: str) -> str:
        """A hash of the file up to a position; the same file, grown or not, gives the same."""
        return self._identify(self._path, int(position or 0))

    def items(self, position: str, number: int) -> Iterator[Item | None]:
        return self._walk(self._path, int(position or 0), number)


def line_source(path: Path, parse: Callable[[Any], Event | None], array: bool) -> FileSource:
    """JSON lines; with `array` also one JSON array of objects."""
    first = first_byte(path)
    walk = walk_array if array and first == b"[" else walk_lines
    return FileSource(path, walk, parse, fingerprint, path.stat().st_size)


def post_source(path: Path) -> FileSource:
    """Posts as Parquet, JSON lines or CSV, told apart by how the file begins."""
    with open_regular(path) as file:
        magic = file.read(len(PARQUET_MAGIC))
    if magic == PARQUET_MAGIC:
        from moongate.social.streams.parquet import parquet_source

        return parquet_source(path)
    if first_byte(path) == b"{":
        return line_source(path, posts.parse_json, array=False)
    header = _header(path)
    return FileSource(
        path, walk_records, posts.csv_parser(header), fingerprint, path.stat().st_size
    )


def open_regular(path: Path) -> BinaryIO:
    """The file, open for reading. Raises StreamError for what is no file (a device has no end)."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StreamError(f"{path} is not a regular file; name a file of lines.")
        return path.open("rb")
    except OSError as error:
        raise StreamError(f"{path} cannot be read: {error.strerror}.") from None


def first_byte(path: Path) -> bytes:
    """The first byte that is no white space."""
    with open_regular(path) as file:
        return file.read(CHUNK_BYTES).removeprefix(_BOM).lstrip()[:1]


def fingerprint(path: Path, offset: int) -> str:
    """A hash of how the file begins and of what stands before the offset."""
    with open_regular(path) as file:
        head = file.read(min(offset, HEAD_BYTES))
        file.seek(max(0, offset - TAIL_BYTES))
        tail = file.read(min(offset, TAIL_BYTES))
    return blake2b(head + tail, digest_size=16).hexdigest()


def walk_lines(path: Path, start: int, number: int) -> Iterator[Item]:
    """Lines from a byte offset; blank ones are passed over."""
    with open_regular(path) as file:
        file.seek(start)
        for line, end in _lines(file, start):
            number += 1
            if not line.isspace():
                if end == len(line):
                    line = line.removeprefix(_BOM)
                yield Item(number, line, str(end), not line.endswith(b"\n"))


def _lines(file: BinaryIO, at: int) -> Iterator[tuple[bytes, int]]:
    """Lines with the offset behind them; of an overlong one its beginning, and a line feed."""
    while line := file.readline(LINE_MAX + 1):
        at += len(line)
        if len(line) > LINE_MAX and not line.endswith(b"\n"):
            while rest := file.readline(CHUNK_BYTES):
                at += len(rest)
                if rest.endswith(b"\n"):
                    break
            line = line + b"\n"
        yield line, at


# A string with its closing quote if it has one, or a brace outside of strings.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*("?)|[{}]', re.DOTALL)


def walk_array(path: Path, start: int, number: int) -> Iterator[Item]:
    """The objects of a JSON array; `number` counts them. Nothing but objects is looked for."""
    with open_regular(path) as file:
        file.seek(start)
        held, at, fresh = b"", start, b""
        while fresh := file.read(CHUNK_BYTES):
            held += fresh
            done, objects = _objects(held)
            for begin, end in objects:
                number += 1
                yield Item(number, held[begin : min(end, begin + LINE_MAX + 1)], str(at + end))
            held, at = held[done:], at + done
            if len(held) > LINE_MAX:
                number += 1
                yield Item(number, held[: LINE_MAX + 1], str(at + len(held)))
                held, at = b"", at + len(held)
        if b"{" in held:
            yield Item(number + 1, held[: LINE_MAX + 1], str(at + len(held)), open_end=True)


def _objects(data: bytes) -> tuple[int, list[tuple[int, int]]]:
    """Where whole objects begin and end, and where what follows them begins."""
    found, depth, begin, done = [], 0, 0, 0
    for token in _TOKEN.finditer(data):
        sign = token.group()
        if sign == b"{":
            if depth == 0:
                begin = token.start()
            depth += 1
        elif sign == b"}":
            if depth == 1:
                done = token.end()
                found.append((begin, done))
            depth = max(0, depth - 1)
        elif not token.group(1):
            break  # a string that goes on in the next chunk
    if depth == 0 and b'"' not in data[done:]:
        done = len(data)
    return done, found


def walk_records(path: Path, start: int, number: int) -> Iterator[Item]:
    """CSV records below the header, which may go over several lines; `number` is their last."""
    with open_regular(path) as file:
        file.seek(start)
        lines = _lines(file, start)
        waiting: deque[tuple[bytes, int]] = deque()
        skip_header = start == 0
        while first := (waiting.popleft() if waiting else next(lines, None)):
            taken, length, is_open = [first], len(first[0]), _is_open(first[0], False)
            while is_open and length <= LINE_MAX:
                more = waiting.popleft() if waiting else next(lines, None)
                if more is None:
                    break
                taken.append(more)
                length += len(more[0])
                is_open = _is_open(more[0], is_open)
            if is_open and len(taken) > 1:
                # The quote was never closed: that spoils its own line, not those below.
                waiting.extendleft(reversed(taken[1:]))
                taken = [first]
            number += len(taken)
            data, end = b"".join(line for line, _ in taken), taken[-1][1]
            if skip_header:
                skip_header = False
            elif data.strip():
                yield Item(number, data, str(end), not data.endswith(b"\n"))


def _is_open(line: bytes, is_open: bool) -> bool:
    """Whether a quoted field goes on behind the line; only where a field begins may one open."""
    if b'"' not in line:
        return is_open
    line = line if is_open else b"," + line
    at = 0
    while True:
        if not is_open:
            opening = line.find(b',"', at)
            if opening < 0:
                return False
            at, is_open = opening + 2, True
        closing = line.find(b'"', at)
        if closing < 0:
            return True
        at = closing + 1
        if line.startswith(b'"', at):
            at += 1  # two of them are one that is meant
        else:
            is_open = False


def _header(path: Path) -> list[str]:
    with open_regular(path) as file:
        line = file.readline(CHUNK_BYTES).removeprefix(_BOM)
    try:
        header = next(csv.reader([line.decode("utf-8").rstrip("\r\n")]), [])
    except (UnicodeDecodeError, csv.Error):
        header = []
    names = {name.strip().lower() for name in header}
    missing = [name for name in posts.REQUIRED if name not in names]
    if missing:
        raise StreamError(
            f"{path} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; its "
            f"first line must name the columns ({', '.join(posts.COLUMNS)}), with commas."
        )
    return header
