"""Lines that could not be read, kept aside as JSON lines with where, why and how they begin."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

SAMPLE_MAX = 2_000
_json = msgspec.json.Encoder()
_origin = msgspec.json.Decoder(dict[str, Any])


class Rejects:
    """A file to append to. Lines go to the disk with `flush`, before the batch that counts them.

    `known_bytes` is how much of the file the last batch counted: what a killed import wrote of
    `source` behind that is taken out, since it will come again.
    """

    def __init__(self, path: Path, source: str, known_bytes: int | None) -> None:
        self.path, self._source = path, source
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(handle, "r+b", buffering=0)
        self._waiting: list[bytes] = []
        if known_bytes is not None:
            self._take_out(known_bytes)

    def add(self, number: int, reason: str, data: Any) -> None:
        """Keep a line's number, the reason, and the line, or its beginning when it is long."""
        if isinstance(data, bytes):
            sample = data[:SAMPLE_MAX].decode("utf-8", "replace").rstrip("\r\n")
        else:
            sample = repr(data)[:SAMPLE_MAX]
        row = {"source": self._source, "line": number, "reason": reason[:500], "text": sample}
        self._waiting.append(_json.encode(row) + b"\n")

    def flush(self) -> int:
        """Write what waits; answers the file's size in bytes."""
        if self._waiting:
            data = memoryview(b"".join(self._waiting))
            while data:
                data = data[self._file.write(data) :]
            os.fsync(self._file.fileno())
            self._waiting.clear()
        return os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        self.flush()
        self._file.close()

    def _take_out(self, known_bytes: int) -> None:
        self._file.seek(known_bytes)
        tail = self._file.read()
        ours = [line for line in tail.splitlines(keepends=True) if self._is_ours(line)]
        if ours:
            self._file.truncate(known_bytes)
            self._file.write(
                b"".join(line for line in tail.splitlines(keepends=True) if line not in ours)
            )

    def _is_ours(self, line: bytes) -> bool:
        try:
            return bool(_origin.decode(line).get("source") == self._source)
        except (msgspec.MsgspecError, ValueError):
            return not line.endswith(b"\n")  # half of one, cut off by the kill
