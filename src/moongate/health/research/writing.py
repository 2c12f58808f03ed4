"""The task set's files: our vignettes, DDXPlus's published form, and a manifest that counts."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import secrets
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from moongate.health.evaluation.vignettes import GOLD_OF_LEVEL
from moongate.health.knowledge.schema import LEVELS
from moongate.health.learning.patients import COLUMNS
from moongate.health.research.deidentify import Case, Outcome, middle_of

VIGNETTES = "vignettes.jsonl"
CONDITIONS = "release_conditions.json"
EVIDENCES = "release_evidences.json"
PATIENTS = "patients.csv"
MANIFEST = "manifest.json"
SEXES = {"female": "F", "male": "M"}
FORM = 1
LABELS = (
    "The label of a case is the condition that the program itself named first. Nobody confirmed it."
)


class FolderError(ValueError):
    """A folder that cannot take the export; says which and the mend."""


def write_task_set(outcome: Outcome, folder: Path) -> dict[str, Any]:
    """Write the files and answer the manifest. The folder appears whole or not at all.

    Raises FolderError where something is there already, OSError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderError(f"{folder} must be a new or empty folder. Name another one.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    draft.mkdir(mode=0o700)
    try:
        manifest = _write(outcome, draft)
        if folder.is_dir():
            folder.rmdir()
        os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def _write(outcome: Outcome, folder: Path) -> dict[str, Any]:
    sexed = [case for case in outcome.cases if case.cell.sex in SEXES and _age(case) is not None]
    lines = (json.dumps(_vignette(case), ensure_ascii=False) for case in outcome.cases)
    (folder / VIGNETTES).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    _write_json(folder / CONDITIONS, _conditions(outcome.cases))
    _write_json(folder / EVIDENCES, _evidences(outcome.cases))
    _write_patients(folder / PATIENTS, sexed)
    manifest = {
        "form": FORM,
        "k": outcome.k,
        "quasi_identifiers": ["age_band", "sex", "country", "month"],
        "cases": len(outcome.cases),
        "cases_in_ddxplus_form": len(sexed),
        "cells": outcome.cells,
        "suppressed_cells": outcome.suppressed_cells,
        "suppressed_cases": outcome.suppressed_cases,
        "suppressed_people": outcome.suppressed_people,
        "without_condition": outcome.without_condition,
        "knowledge": dict(sorted(Counter(case.knowledge for case in outcome.cases).items())),
        "urgency": {level: sum(case.level == level for case in outcome.cases) for level in LEVELS},
        "labels": LABELS,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in (VIGNETTES, CONDITIONS, EVIDENCES, PATIENTS)
        },
    }
    _write_json(folder / MANIFEST, manifest)
    return manifest


def _vignette(case: Case) -> dict[str, Any]:
    """The form that `moongate health evaluate vignettes` reads; the complaint is made of names."""
    return {
        "id": case.id,
        "lang": "en",
        "complaint": case.present[0].name.en,
        "age_years": _age(case),
        "sex": case.cell.sex if case.cell.sex in SEXES else None,
        "present": [found.name.en for found in case.present],
        "absent": [found.name.en for found in case.absent],
        "gold": {
            "condition": case.conditions[0].name.en,
            "triage": GOLD_OF_LEVEL[case.level],
        },
        **case.cell._asdict(),
    }


def _conditions(cases: tuple[Case, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for case in cases:
        for place, condition in enumerate(case.conditions):
            entry = found.setdefault(
                condition.id,
                {
                    "condition_name": condition.id,
                    "cond-name-eng": condition.name.en,
                    "icd10-id": ", ".join(condition.icd10),
                    "symptoms": {},
                    "antecedents": {},
                },
            )
            if place == 0:
                entry["symptoms"].update({finding.id: {} for finding in case.present})
    return dict(sorted(found.items()))


def _evidences(cases: tuple[Case, ...]) -> dict[str, Any]:
    names = {found.id: found.name for case in cases for found in (*case.present, *case.absent)}
    return {
        code: {
            "name": code,
            "code_question": code,
            "question_en": name.en,
            "question_zh": name.zh,
            "is_antecedent": False,
            "default_value": 0,
            "possible-values": [],
            "data_type": "B",
        }
        for code, name in sorted(names.items())
    }


def _write_patients(path: Path, cases: list[Case]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for case in cases:
            total = sum(condition.probability for condition in case.conditions) or 1.0
            differential = [[c.id, round(c.probability / total, 6)] for c in case.conditions]
            row = {
                "AGE": round(_age(case) or 0),
                "DIFFERENTIAL_DIAGNOSIS": differential,
                "SEX": SEXES[case.cell.sex],
                "PATHOLOGY": case.conditions[0].id,
                "EVIDENCES": [found.id for found in case.present],
                "INITIAL_EVIDENCE": case.present[0].id,
            }
            writer.writerow(row[column] for column in COLUMNS)


def _age(case: Case) -> float | None:
    return middle_of(case.cell.age_band)


def _write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
