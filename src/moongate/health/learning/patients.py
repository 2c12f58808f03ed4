"""Patients of a data set in DDXPlus's published form: a row each, read one at a time."""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.dataset import DatasetError, Schema

COLUMNS = (
    "AGE",
    "DIFFERENTIAL_DIAGNOSIS",
    "SEX",
    "PATHOLOGY",
    "EVIDENCES",
    "INITIAL_EVIDENCE",
)
OLDEST_YEARS = 130
LONGEST_FIELD = 1_000_000  # characters; a longer one is no patient


@dataclass(frozen=True)
class Patient:
    """One row, in a schema's indices; `items` are those the row names, defaults included."""

    age_years: int
    male: bool
    pathology: int
    initial: int
    items: tuple[int, ...]
    differential: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Batch:
    """N patients as arrays: items N × I (defaults filled in), differential N × C, the rest N."""

    age_years: NDArray[np.int64]
    male: NDArray[np.bool_]
    pathology: NDArray[np.int64]
    initial: NDArray[np.int64]
    items: NDArray[np.bool_]
    differential: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.pathology)

    def take(self, rows: NDArray[Any]) -> Batch:
        """The same patients' rows, by index or mask."""
        return Batch(
            self.age_years[rows],
            self.male[rows],
            self.pathology[rows],
            self.initial[rows],
            self.items[rows],
            self.differential[rows],
        )


def read_patients(path: Path, schema: Schema) -> Iterator[Patient]:
    """The rows of a file, one at a time: memory does not grow with the file.

    Raises:
        DatasetError: names file, line and field of the first row that does not fit.
    """
    csv.field_size_limit(LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from _rows(path, file, schema)
    except UnicodeDecodeError:
        raise DatasetError(f"{path}: is not UTF-8. Save it in UTF-8.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DatasetError(f"{path}: {reason}. Give a readable CSV file.") from None


def batches(patients: Iterable[Patient], schema: Schema, size: int) -> Iterator[Batch]:
    """The patients in batches of at most `size`."""
    found = iter(patients)
    while rows := list(islice(found, size)):
        yield make_batch(rows, schema)


def make_batch(patients: Sequence[Patient], schema: Schema) -> Batch:
    """Patients as arrays; an evidence that a row leaves out takes its default."""
    n, size = len(patients), len(schema.code_of_item)
    items = np.zeros((n, size), dtype=np.bool_)
    differential = np.zeros((n, len(schema.conditions)))
    for row, patient in enumerate(patients):
        items[row, list(patient.items)] = True
        for c, share in patient.differential:
            differential[row, c] += share
    _fill_defaults(items, schema)
    return Batch(
        np.array([p.age_years for p in patients], dtype=np.int64),
        np.array([p.male for p in patients], dtype=np.bool_),
        np.array([p.pathology for p in patients], dtype=np.int64),
        np.array([p.initial for p in patients], dtype=np.int64),
        items,
        differential,
    )


def _fill_defaults(items: NDArray[np.bool_], schema: Schema) -> None:
    for e in np.flatnonzero(schema.default_item >= 0):
        part = items[:, schema.first[e] : schema.first[e + 1]]
        items[~part.any(axis=1), schema.default_item[e]] = True


def _rows(path: Path, file: Any, schema: Schema) -> Iterator[Patient]:
    reader = csv.DictReader(file)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise DatasetError(
            f"{path}: line 1: no column {', '.join(missing)}. The columns are {', '.join(COLUMNS)}."
        )
    try:
        for row in reader:
            try:
                yield _patient(row, schema)
            except _FieldFault as fault:
                raise DatasetError(f"{path}: line {reader.line_num}: {fault}") from None
    except csv.Error as error:
        raise DatasetError(
            f"{path}: line {reader.line_num}: {error}. Give comma-separated values."
        ) from None


class _FieldFault(Exception):
    """Field, rule and mend; file and line are added above."""


def _patient(row: dict[str, Any], schema: Schema) -> Patient:
    sex = row["SEX"]
    if sex not in ("M", "F"):
        raise _FieldFault(f"SEX must be M or F, is {sex!r}. Mend the row.")
    pathology = schema.condition_at.get(row["PATHOLOGY"])
    if pathology is None:
        raise _FieldFault(
            f"PATHOLOGY {row['PATHOLOGY']!r} is no name in the conditions file. Mend either."
        )
    items = _items(row["EVIDENCES"], schema)
    return Patient(
        _age(row["AGE"]),
        sex == "M",
        pathology,
        _initial(row["INITIAL_EVIDENCE"], schema),
        items,
        _differential(row["DIFFERENTIAL_DIAGNOSIS"], schema),
    )


def _age(text: Any) -> int:
    value = str(text)
    if not (value.isascii() and value.isdigit() and int(value[:6]) <= OLDEST_YEARS):
        raise _FieldFault(
            f"AGE must be whole years from 0 to {OLDEST_YEARS}, is {value!r}. Mend the row."
        )
    return int(value)


def _initial(text: Any, schema: Schema) -> int:
    found = schema.evidence_at.get(str(text).partition("_@_")[0])
    if found is None:
        raise _FieldFault(f"INITIAL_EVIDENCE {text!r} is not in the evidences file. Mend either.")
    return found


def _items(text: Any, schema: Schema) -> tuple[int, ...]:
    # What DDXPlus writes needs no parser; anything else is read as a list, and faults are named.
    quick = [schema.item_at.get(entry) for entry in str(text)[2:-2].split("', '")]
    if None not in quick and str(text)[:2] == "['" and str(text)[-2:] == "']":
        return tuple(item for item in quick if item is not None)
    found = []
    for entry in _literal(text, "EVIDENCES"):
        item = schema.item_at.get(entry) if isinstance(entry, str) else None
        if item is None:
            raise _FieldFault(
                f"EVIDENCES holds {entry!r}, not CODE or CODE_@_VALUE of the evidences file. "
                "Mend either."
            )
        found.append(item)
    return tuple(found)


def _differential(text: Any, schema: Schema) -> tuple[tuple[int, float], ...]:
    found = []
    for entry in _literal(text, "DIFFERENTIAL_DIAGNOSIS"):
        try:
            name, share = entry
            found.append((schema.condition_at[name], float(share)))
        except (KeyError, TypeError, ValueError):
            raise _FieldFault(
                f"DIFFERENTIAL_DIAGNOSIS holds {entry!r}, not a condition's name and its "
                "probability. Mend the row."
            ) from None
        if not 0.0 <= found[-1][1] <= 1.0:
            raise _FieldFault(
                f"DIFFERENTIAL_DIAGNOSIS gives {name!r} the probability {share!r}, not one from "
                "0 to 1. Mend the row."
            )
    return tuple(found)


def _literal(text: Any, field: str) -> list[Any]:
    try:
        # Without double quotes a list of names and numbers is JSON but for the quotes: faster.
        found = json.loads(str(text).replace("'", '"')) if '"' not in str(text) else None
        if isinstance(found, list):
            return found
    except (ValueError, RecursionError):
        pass
    try:
        found = ast.literal_eval(str(text))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise _FieldFault(f"{field} must be a list in brackets, is {str(text)[:60]!r}. Mend it.")
    return found
