"""Posts in a Parquet file, row group by row group."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import pyarrow
from pyarrow import parquet

from moongate.social.streams import posts
from moongate.social.streams.events import LINE_MAX, Event, Malformed
from moongate.social.streams.faults import StreamError
from moongate.social.streams.files import ROWS, FileSource, Item, open_regular

FOOTER_BYTES = 65_536


def parquet_source(path: Path) -> FileSource:
    """The rows of a Parquet file with the columns of a post; positions are rows."""
    with _open(path) as file:
        names = set(file.schema_arrow.names)
        total = file.metadata.num_rows
    missing = [name for name in posts.REQUIRED if name not in names]
    if missing:
        raise StreamError(f"{path} lacks the columns {', '.join(missing)}.")
    return FileSource(path, walk_rows, _parse_row, _footer, total)


def walk_rows(path: Path, start: int, number: int) -> Iterator[Item]:
    """Rows from the given one on; row groups before it are not read."""
    with _open(path) as file:
        at, groups = 0, []
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if at + rows > start or groups:
                groups.append(group)
            else:
                at += rows
        columns = [name for name in posts.COLUMNS if name in file.schema_arrow.names]
        try:
            for batch in file.iter_batches(ROWS, row_groups=groups, columns=columns):
                for row in _rows(batch):
                    at += 1
                    if at > start:
                        number += 1
                        yield Item(number, row, str(at))
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise StreamError(f"{path} cannot be read beyond row {at}: {error}.") from None


def _rows(batch: pyarrow.RecordBatch) -> Iterator[dict[str, object] | Malformed]:
    """The rows as Python's values; one that has none (text that is not UTF-8) is at fault alone."""
    columns = [
        column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
        if pyarrow.types.is_timestamp(column.type)
        else column
        for column in batch.columns
    ]
    batch = pyarrow.RecordBatch.from_arrays(columns, names=batch.schema.names)
    try:
        yield from batch.to_pylist()
    except (pyarrow.ArrowException, ValueError, OverflowError):
        for place in range(batch.num_rows):
            try:
                yield batch.slice(place, 1).to_pylist()[0]
            except (pyarrow.ArrowException, ValueError, OverflowError) as error:
                yield Malformed(str(error))


def _open(path: Path) -> parquet.ParquetFile:
    open_regular(path).close()
    try:
        return parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise StreamError(f"{path} is no Parquet file that can be read: {error}.") from None


def _footer(path: Path, _row: int) -> str:
    """A Parquet file never grows: its footer says which one it is."""
    with open_regular(path) as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - FOOTER_BYTES))
        return blake2b(file.read() + str(size).encode(), digest_size=16).hexdigest()


def _parse_row(row: dict[str, object] | Malformed) -> Event:
    if isinstance(row, Malformed):
        raise row
    for name, value in row.items():
        if isinstance(value, str) and len(value) > LINE_MAX:
            raise Malformed(f"{name}: is longer than {LINE_MAX} characters")
    return posts.parse_row(row)
