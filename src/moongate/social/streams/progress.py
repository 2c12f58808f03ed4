"""A line on the terminal that says how far an import is."""

from __future__ import annotations

import sys
import time
from typing import TextIO

WIDTH = 24
EVERY_S = 0.2
LINE = "\r\033[K"


class Progress:
    """Draws on a terminal, and nowhere else. `total` is in units of positions; 0: no end known."""

    def __init__(self, total: int, out: TextIO = sys.stderr) -> None:
        self._total, self._out = total, out
        self._is_on = out.isatty()
        self._started = time.monotonic()
        self._drawn = 0.0

    def show(self, position: str, posts: int, rejects: int) -> None:
        """Draw, at most five times a second."""
        now = time.monotonic()
        if not self._is_on or now - self._drawn < EVERY_S:
            return
        self._drawn = now
        bar = ""
        if self._total:
            share = min(1.0, int(position or 0) / self._total)
            full = round(share * WIDTH)
            bar = f"[{'█' * full}{'·' * (WIDTH - full)}] {share:4.0%}  "
        rate = posts / max(now - self._started, 0.001)
        text = f"{bar}{posts:,} posts  {rate:,.0f}/s  {rejects:,} rejected"
        print(f"{LINE}{text}", end="", file=self._out, flush=True)

    def end(self) -> None:
        if self._is_on:
            print(LINE, end="", file=self._out, flush=True)
