"""Faults of an edition: raised one by one, told all together with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

import msgspec

from moongate.race.editions.positions import line_of

_AT_LINE = re.compile(r"\b(?:at )?line (\d+)")


class EditionError(Exception):
    """A fault in an edition: the file, the field in it, what is wrong and how to mend it.

    `others` are further faults found in the same pass.
    """

    def __init__(self, file: Path | str, field: str, fault: str, mend: str) -> None:
        self.file, self.field, self.fault, self.mend = str(file), field, fault, mend
        self.others: tuple[EditionError, ...] = ()
        super().__init__(f"{file}: {field}: {fault}. {mend}")

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel between the processes of a build."""
        return _again, (self.file, self.field, self.fault, self.mend, self.others)

    def each(self) -> list[EditionError]:
        """This fault and its others, in the order they were found."""
        return [self, *(one for other in self.others for one in other.each())]

    @staticmethod
    def raise_all(errors: Iterable[EditionError]) -> None:
        """Raise the first error with the rest as its others; do nothing without errors."""
        found = [one for error in errors for one in error.each()]
        if found:
            found[0].others = tuple(found[1:])
            raise found[0]


def _again(
    file: str, field: str, fault: str, mend: str, others: tuple[EditionError, ...]
) -> EditionError:
    error = EditionError(file, field, fault, mend)
    error.others = others
    return error


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fault as it is told: `file` below the edition's folder, `line` from 1 where it has one."""

    file: str
    line: int | None
    field: str
    fault: str
    mend: str
    kind: Literal["error", "warning"] = "error"

    @classmethod
    def of(
        cls, error: EditionError, folder: Path, kind: Literal["error", "warning"] = "error"
    ) -> Self:
        """The fault of an error, with the line of its field looked up in the file."""
        path = Path(error.file)
        file = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else error.file
        line = None
        if path.suffix == ".toml" and path.is_file() and not path.is_symlink():
            said = _AT_LINE.search(error.fault) if error.field == "TOML" else None
            line = int(said.group(1)) if said else line_of(path, error.field.replace("_", "-"))
        return cls(file, line, error.field, error.fault, error.mend, kind)

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.fault}. {self.mend}"
