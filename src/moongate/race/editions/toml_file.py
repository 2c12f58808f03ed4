"""Read a TOML file that a stranger may have written: bounded in bytes, depth, keys and numbers."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moongate.race.editions.faults import EditionError

MAX_BYTES = 512 * 1024
# tomllib's work grows with the square of a dotted key's parts.
MAX_LINE_CHARS = 4_000
MAX_KEY_PARTS = 8
MAX_DEPTH = 12
MAX_NUMBER = 1e6

_KEY_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_LONG_KEY = re.compile(rf"^\s*\[*\s*(?:{_KEY_PART}\s*\.\s*){{{MAX_KEY_PARTS}}}", re.MULTILINE)


def read_toml(file: Path, limit: int = MAX_BYTES) -> dict[str, Any]:
    """The tables of `file`, every number finite and within ±MAX_NUMBER.

    Raises EditionError for a file that is missing, a link, too large (`limit` bytes), not UTF-8,
    not TOML, or made to exhaust whoever reads it.
    """
    text = _text(file, limit)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EditionError(file, "TOML", str(error), "Correct the line named here.") from None
    except RecursionError:
        raise _too_deep(file, "TOML") from None
    except ValueError as error:  # a number with more digits than Python converts
        raise EditionError(file, "TOML", str(error), "Write a shorter number.") from None
    for path, value, depth in _leaves(data):
        if depth > MAX_DEPTH:
            raise _too_deep(file, path)
        if isinstance(value, int | float) and not _sane(value):
            fault = f"{str(value)[:24]} is no number to build with"
            mend = f"Give a finite number within ±{MAX_NUMBER:,.0f}."
            raise EditionError(file, path, fault, mend)
    return data


def _text(file: Path, limit: int) -> str:
    if file.is_symlink():
        raise EditionError(file, "file", "it is a link", "Put the file itself here.")
    if file.exists() and not file.is_file():
        raise EditionError(file, "file", "it is no plain file", "Put a text file here.")
    try:
        with file.open("rb") as opened:
            # One byte more than allowed is enough to know, and all that is read.
            data = opened.read(limit + 1)
    except FileNotFoundError:
        raise EditionError(
            file, "file", "it does not exist", "Create it or mend its slug."
        ) from None
    except OSError as error:
        raise EditionError(
            file, "file", f"it cannot be read: {error.strerror}", "Mend that."
        ) from None
    if len(data) > limit:
        fault = f"it has more than {limit:,} bytes"
        raise EditionError(file, "file", fault, "Make it smaller or divide it.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EditionError(file, "TOML", str(error), "Save it as UTF-8.") from None
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MAX_LINE_CHARS:
            fault = f"line {number} has {len(line):,} characters, more than {MAX_LINE_CHARS:,}"
            raise EditionError(file, "TOML", fault, "Break the line.")
    if found := _LONG_KEY.search(text):
        number = text.count("\n", 0, found.end()) + 1
        fault = f"line {number} has a key of more than {MAX_KEY_PARTS} parts"
        raise EditionError(file, "TOML", fault, "Write tables.")
    return text


def _sane(value: float) -> bool:
    # Compared first: an integer may be too large to become a float.
    return abs(value) <= MAX_NUMBER and math.isfinite(value)


def _too_deep(file: Path, path: str) -> EditionError:
    fault = f"it is nested more than {MAX_DEPTH} deep"
    return EditionError(file, path[:80], fault, "Flatten it.")


def _leaves(data: dict[str, Any]) -> Iterator[tuple[str, Any, int]]:
    """Every value that holds no others, and any that lies too deep, by path and depth."""
    stack: list[tuple[str, Any, int]] = [("", data, 0)]
    while stack:
        path, value, depth = stack.pop()
        if depth > MAX_DEPTH or not isinstance(value, dict | list):
            yield path, value, depth
        elif isinstance(value, dict):
            stack += [(f"{path}.{k}" if path else k, v, depth + 1) for k, v in value.items()]
        else:
            stack += [(f"{path}[{k}]", v, depth + 1) for k, v in enumerate(value)]
