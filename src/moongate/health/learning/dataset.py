"""The two descriptions of a data set in DDXPlus's published form: its conditions, its evidences.

Form and names after Fansi Tchango et al., "DDXPlus: A New Dataset For Automatic Medical
Diagnosis", NeurIPS 2022 Datasets and Benchmarks. Patients are read in `patients.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["B", "C", "M"]
KINDS = ("B", "C", "M")


class DatasetError(Exception):
    """A dataset file that cannot be used; the message names file, line or entry, field and mend."""


@dataclass(frozen=True)
class Conditions:
    """`names[c]` and, for each, the codes of the evidences it is listed with."""

    path: Path
    names: tuple[str, ...]
    listed: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Evidence:
    """One question. `options` is empty for a binary one; `default` is what "no" reads as."""

    code: str
    kind: Kind
    question: str
    parent: str | None
    default: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """Conditions and evidences as arrays.

    C conditions, E evidences, I items. An item is a binary evidence's "yes" or one option of
    another evidence; the items of evidence e are `first[e]` … `first[e + 1] - 1`.
    """

    conditions: tuple[str, ...]
    evidences: tuple[Evidence, ...]
    listed: NDArray[np.bool_]  # C × E

    @cached_property
    def condition_at(self) -> dict[str, int]:
        """Index of a condition's name."""
        return {name: i for i, name in enumerate(self.conditions)}

    @cached_property
    def evidence_at(self) -> dict[str, int]:
        """Index of an evidence's code."""
        return {evidence.code: i for i, evidence in enumerate(self.evidences)}

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """First item of each evidence, shape E + 1."""
        counts = [max(1, len(evidence.options)) for evidence in self.evidences]
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @cached_property
    def code_of_item(self) -> NDArray[np.int64]:
        """The evidence that each item belongs to, shape I."""
        return np.repeat(np.arange(len(self.evidences)), np.diff(self.first))

    @cached_property
    def parent(self) -> NDArray[np.int64]:
        """Index of the evidence that must be there first, or -1; shape E."""
        at = self.evidence_at
        return np.array([-1 if e.parent is None else at[e.parent] for e in self.evidences])

    @cached_property
    def default_item(self) -> NDArray[np.int64]:
        """The item that reads as "no", or -1 for a binary evidence; shape E."""
        found = [
            -1 if e.kind == "B" else int(start) + e.options.index(e.default)
            for e, start in zip(self.evidences, self.first, strict=False)
        ]
        return np.array(found, dtype=np.int64)

    @cached_property
    def item_at(self) -> dict[str, int]:
        """Index of an item as a patient's row writes it: `CODE` or `CODE_@_OPTION`."""
        found: dict[str, int] = {}
        for e, start in zip(self.evidences, self.first, strict=False):
            if e.kind == "B":
                found[e.code] = int(start)
            for i, option in enumerate(e.options):
                found[f"{e.code}_@_{option}"] = int(start) + i
        return found

    def of_kind(self, kind: Kind) -> NDArray[np.int64]:
        """Indices of the evidences of one kind."""
        return np.array([i for i, e in enumerate(self.evidences) if e.kind == kind], dtype=np.int64)

    def positive(self, items: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which evidences are there, N × E, from items N × I with defaults filled in."""
        at = np.where(self.default_item < 0, self.first[:-1], self.default_item)
        found: NDArray[np.bool_] = items[:, at] ^ (self.default_item >= 0)
        return found


def read_conditions(path: Path) -> Conditions:
    """The conditions file: an object by condition, each with `symptoms` and `antecedents`.

    Raises:
        DatasetError: names the file and the entry and field that does not fit.
    """
    names, listed = [], []
    for key, entry in _entries(path).items():
        where = f"{path}: condition {key!r}"
        lists = [_field(entry, name, dict, where) for name in ("symptoms", "antecedents")]
        name = entry.get("condition_name", key)
        if not isinstance(name, str) or name in names:
            raise DatasetError(f"{where}: condition_name {name!r} must be a new string. Rename it.")
        names.append(name)
        listed.append(frozenset(code for part in lists for code in part))
    return Conditions(path, tuple(names), tuple(listed))


def read_evidences(path: Path) -> tuple[Evidence, ...]:
    """The evidences file: an object by code.

    A `code_question` that names no evidence of the file counts as none: DDXPlus writes some so.

    Raises:
        DatasetError: names the file and the entry and field that does not fit.
    """
    entries = _entries(path)
    found = tuple(_evidence(path, code, entry, entries) for code, entry in entries.items())
    _refuse_rings(path, found)
    return found


def make_schema(conditions: Conditions, evidences: tuple[Evidence, ...]) -> Schema:
    """Both files together.

    Raises:
        DatasetError: when a condition lists an evidence that is not described.
    """
    at = {evidence.code: i for i, evidence in enumerate(evidences)}
    listed = np.zeros((len(conditions.names), len(evidences)), dtype=np.bool_)
    for c, codes in enumerate(conditions.listed):
        for code in sorted(codes):
            if code not in at:
                raise DatasetError(
                    f"{conditions.path}: condition {conditions.names[c]!r} lists {code!r}, which "
                    "the evidences file does not describe. Give the two files of one release."
                )
            listed[c, at[code]] = True
    return Schema(conditions.names, evidences, listed)


def _evidence(path: Path, code: str, entry: Any, entries: dict[str, Any]) -> Evidence:
    where = f"{path}: evidence {code!r}"
    kind = _field(entry, "data_type", str, where)
    if kind not in KINDS:
        raise DatasetError(f"{where}: data_type must be B, C or M, is {kind!r}. Mend it.")
    parent = _field(entry, "code_question", str, where)
    options = [str(option) for option in _field(entry, "possible-values", list, where)]
    default = str(entry.get("default_value", 0))
    if kind == "B":
        options = []
    elif len(set(options)) != len(options) or default not in options:
        raise DatasetError(
            f"{where}: possible-values must differ and hold the default_value {default!r}. Mend it."
        )
    question = str(entry.get("question_en", code))
    above = parent if parent != code and parent in entries else None
    return Evidence(code, kind, question, above, default, tuple(options))


def _refuse_rings(path: Path, evidences: tuple[Evidence, ...]) -> None:
    above = {evidence.code: evidence.parent for evidence in evidences}
    for code in above:
        seen, at = {code}, above[code]
        while at is not None:
            if at in seen:
                raise DatasetError(
                    f"{path}: evidence {code!r}: code_question leads back to {at!r}. Break it."
                )
            seen.add(at)
            at = above[at]


def _entries(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise DatasetError(
            f"{path}: line {error.lineno}: {error.msg}. Give a JSON file of DDXPlus's release."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8"
        raise DatasetError(f"{path}: {reason}. Give a readable JSON file in UTF-8.") from None
    if not isinstance(found, dict) or not found:
        raise DatasetError(f"{path}: must be a JSON object with entries. Give DDXPlus's file.")
    return found


def _field(entry: Any, name: str, kind: type, where: str) -> Any:
    if not isinstance(entry, dict) or not isinstance(entry.get(name), kind):
        found = entry.get(name) if isinstance(entry, dict) else entry
        words = {"dict": "an object", "list": "a list", "str": "a string"}[kind.__name__]
        raise DatasetError(f"{where}: {name} must be {words}, is {found!r}. Mend the entry.")
    return entry[name]
