"""A small planted data set in DDXPlus's form, written by the test that uses it.

Four conditions. "Cold" and "Flu" share a cough; only Flu has fever. "Colic" and "Ulcer" share pain;
only where it is (the child E_where) tells them apart.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HEADER = ("AGE", "DIFFERENTIAL_DIAGNOSIS", "SEX", "PATHOLOGY", "EVIDENCES", "INITIAL_EVIDENCE")
LISTS = {
    "Cold": ("E_cough", "E_tired"),
    "Flu": ("E_cough", "E_fever", "E_tired"),
    "Colic": ("E_pain", "E_where", "E_scale", "E_tired"),
    "Ulcer": ("E_pain", "E_where", "E_scale", "E_tired"),
}
PARTNER = {"Cold": "Flu", "Flu": "Cold", "Colic": "Ulcer", "Ulcer": "Colic"}
PLACES = {"Colic": ("V_flank", "V_back"), "Ulcer": ("V_chest", "V_belly")}


@dataclass(frozen=True)
class Clinic:
    """Paths of the four files."""

    conditions: Path
    evidences: Path
    train: Path
    patients: Path


def write_clinic(folder: Path, n: int = 240) -> Clinic:
    """Writes the data set; half of the n patients go into each patients file."""
    clinic = Clinic(*(folder / name for name in ("c.json", "e.json", "train.csv", "test.csv")))
    clinic.conditions.write_text(json.dumps(conditions()), encoding="utf-8")
    clinic.evidences.write_text(json.dumps(evidences()), encoding="utf-8")
    rows = [patient(i, np.random.default_rng([7, i])) for i in range(n)]
    write_patients(clinic.train, rows[: n // 2])
    write_patients(clinic.patients, rows[n // 2 :])
    return clinic


def write_patients(path: Path, rows: list[tuple[str, ...]]) -> None:
    """A patients file with these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)


def conditions() -> dict[str, dict[str, object]]:
    """The conditions file's content."""
    return {
        name: {
            "condition_name": name,
            "symptoms": {code: {} for code in codes},
            "antecedents": {},
        }
        for name, codes in LISTS.items()
    }


def evidences() -> dict[str, dict[str, object]]:
    """The evidences file's content."""
    found = {code: _evidence(code, code, "B", 0, []) for code in ("E_cough", "E_fever", "E_tired")}
    found["E_pain"] = _evidence("E_pain", "E_pain", "B", 0, [])
    places = ["V_none", "V_flank", "V_back", "V_chest", "V_belly"]
    found["E_where"] = _evidence("E_where", "E_pain", "M", "V_none", places)
    found["E_scale"] = _evidence("E_scale", "E_pain", "C", 0, list(range(5)))
    return found


def patient(i: int, random: np.random.Generator) -> tuple[str, ...]:
    """Row i: age, differential, sex, pathology, evidences, complaint."""
    name = tuple(LISTS)[i % 4]
    said = []
    if name in PLACES:
        said += ["E_pain", f"E_scale_@_{random.integers(1, 5)}"]
        said += [f"E_where_@_{place}" for place in PLACES[name] if random.random() < 0.9]
    else:
        said.append("E_cough")
        said += ["E_fever"] if name == "Flu" and random.random() < 0.97 else []
    said += ["E_tired"] if random.random() < 0.5 else []
    complaint = "E_pain" if name in PLACES else "E_cough"
    differential = [[name, 0.7], [PARTNER[name], 0.3]]
    sex = "M" if random.random() < 0.5 else "F"
    age = str(int(random.integers(1, 90)))
    return age, str(differential), sex, name, str(said), complaint


def _evidence(
    code: str, parent: str, kind: str, default: object, values: list[object]
) -> dict[str, object]:
    return {
        "name": code,
        "code_question": parent,
        "question_en": f"{code}?",
        "data_type": kind,
        "default_value": default,
        "possible-values": values,
    }
