"""A fault in a knowledge file: where it stands and how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong; `line` counts from 1, 0 where no line can be named."""

    file: str
    line: int
    what: str
    mend: str
    grave: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.mend}"


class KnowledgeError(Exception):
    """The base cannot be used; `faults` says why, each with file, line and mend."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        shown = [str(fault) for fault in faults[:20]]
        if len(faults) > 20:
            shown.append(f"… and {len(faults) - 20} more")
        super().__init__("\n".join(shown))


def line_of(text: str, table: str, key: str = "") -> int:
    """The line of `[table]`, or of `key` (its dotted beginning) inside it; 0 when absent."""
    header = re.compile(r"^\[" + re.escape(table) + r"\]\s*(#.*)?$", re.MULTILINE)
    found = header.search(text)
    if found is None:
        return 0
    line = text.count("\n", 0, found.start()) + 1
    if not key:
        return line
    for step, content in enumerate(text[found.end() :].splitlines()[1:], start=1):
        if content.startswith("["):
            break
        if re.match(rf"\s*{re.escape(key)}\b", content) or f'["{key}"' in content:
            return line + step
    return line


def relative(path: Path, root: Path) -> str:
    """The path as the format page writes it."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
