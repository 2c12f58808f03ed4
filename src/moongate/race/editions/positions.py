"""Where each key of a TOML file stands: its path, as faults write it, and its line from 1.

`tomllib` keeps no positions. The scanner here reads text that `tomllib` has already accepted, so
it need not judge it; it only finds keys.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_LAST_STEP = re.compile(r"(?:\.[^.\[\]]+|\[\d+\])$|^[^.\[\]]+$")


def key_lines(text: str) -> dict[str, int]:
    """The line of every key and every element of an array, by path: `parts[2].colour`."""
    return _Scanner(text).lines


def line_of(file: Path, field: str) -> int | None:
    """The line of `field` in a TOML file, or of the nearest table around it; None if unreadable."""
    try:
        found = key_lines(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError):
        return None
    path = field
    while path:
        if path in found:
            return found[path]
        path = _LAST_STEP.sub("", path)
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self.lines: dict[str, int] = {}
        self.lists: dict[str, int] = {}
        self.prefix = ""
        self._skip(_BLANK)
        while self.at < len(text):
            self._statement()
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"no TOML at character {self.at}")
        self.at = found.end()
        return found.group()

    def _note(self, path: str, at: int) -> None:
        self.lines.setdefault(path, bisect_right(self.starts, at))

    def _statement(self) -> None:
        if not self.text.startswith("[", self.at):
            self._pair(self.prefix)
            return
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        *above, last = self._key()
        path = ""
        for part in above:
            path = self._into(f"{path}.{part}" if path else part)
            self._note(path, start)
        path = f"{path}.{last}" if path else last
        if many:
            self.lists[path] = self.lists.get(path, -1) + 1
            self._note(path, start)
        self.prefix = self._into(path)
        self._note(self.prefix, start)
        self._skip(_SPACE)
        self.at += 2 if many else 1

    def _into(self, path: str) -> str:
        """The path of a table; in an array of tables it is the last one so far."""
        return f"{path}[{self.lists[path]}]" if path in self.lists else path

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_SPACE)
            quoted = self.text[self.at : self.at + 1] in ('"', "'")
            part = self._skip(_STRING if quoted else _BARE)
            parts.append(part[1:-1] if quoted else part)
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _pair(self, prefix: str) -> None:
        start = self.at
        path = prefix
        for part in self._key():
            path = f"{path}.{part}" if path else part
            self._note(path, start)
        self.at += 1
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: str) -> None:
        sign = self.text[self.at : self.at + 1]
        if sign == "[":
            self._array(path)
        elif sign == "{":
            self._inline_table(path)
        else:
            self._skip(_STRING if sign in ('"', "'") else _SCALAR)

    def _array(self, path: str) -> None:
        self.at += 1
        index = 0
        while True:
            self._skip(_BLANK)
            if self.text.startswith("]", self.at):
                self.at += 1
                return
            self._note(f"{path}[{index}]", self.at)
            self._value(f"{path}[{index}]")
            index += 1
            self._skip(_BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1

    def _inline_table(self, path: str) -> None:
        self.at += 1
        while True:
            self._skip(_BLANK)
            if self.text.startswith("}", self.at):
                self.at += 1
                return
            self._pair(path)
            self._skip(_BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1
