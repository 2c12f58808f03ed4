"""Long texts in pieces that WeChat takes: 2,048 bytes of UTF-8 each."""

from __future__ import annotations

import re

MAX_BYTES = 2_000
# Where a text may be cut, the best place first.
_BREAKS = (
    re.compile(r"\n\n"),
    re.compile(r"\n"),
    re.compile(r"[。！？；]|[.!?;] "),
    re.compile(r"[，、 ]"),
)


def split(text: str, more: str, most: int = MAX_BYTES) -> list[str]:
    """The text in pieces of at most `most` bytes, `more` at the end of all but the last.

    Nothing is lost but white space at the cuts. No character is cut in two.
    """
    room = most - len(more.encode())
    rest, pieces = text.strip(), []
    while len(rest.encode()) > most:
        head = rest.encode()[:room].decode(errors="ignore")
        cut = _cut(head)
        pieces.append(rest[:cut].rstrip() + more)
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _cut(head: str) -> int:
    """Behind which character to cut: the last good place in the second half, else the end."""
    for pattern in _BREAKS:
        ends = [hit.end() for hit in pattern.finditer(head) if hit.end() > len(head) // 2]
        if ends:
            return ends[-1]
    return len(head)
