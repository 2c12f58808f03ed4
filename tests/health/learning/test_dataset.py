"""Reading the published form, and naming what does not fit."""

import json

import numpy as np
import pytest

from moongate.health.learning.dataset import (
    DatasetError,
    make_schema,
    read_conditions,
    read_evidences,
)
from moongate.health.learning.patients import batches, make_batch, read_patients
from tests.health.learning.clinic import HEADER, conditions, write_clinic, write_patients

GOOD = ("30", "[['Flu', 1.0]]", "F", "Flu", "['E_cough', 'E_fever']", "E_cough")


@pytest.fixture
def clinic(tmp_path):
    return write_clinic(tmp_path)


@pytest.fixture
def schema(clinic):
    return make_schema(read_conditions(clinic.conditions), read_evidences(clinic.evidences))


def test_a_row_becomes_indices_and_left_out_evidences_take_their_default(clinic, schema):
    write_patients(clinic.patients, [GOOD])
    batch = make_batch(list(read_patients(clinic.patients, schema)), schema)
    there = {schema.evidences[e].code for e in np.flatnonzero(schema.positive(batch.items)[0])}
    assert there == {"E_cough", "E_fever"}
    assert batch.items[0, schema.item_at["E_where_@_V_none"]]
    assert batch.items[0, schema.item_at["E_scale_@_0"]]
    assert schema.conditions[batch.pathology[0]] == "Flu"
    assert (batch.age_years[0], batch.male[0]) == (30, False)


def test_a_child_knows_its_parent_and_a_parent_outside_the_file_is_none(clinic):
    entries = json.loads(clinic.evidences.read_text())
    entries["E_fever"]["code_question"] = "E_elsewhere"
    clinic.evidences.write_text(json.dumps(entries))
    parents = {e.code: e.parent for e in read_evidences(clinic.evidences)}
    assert parents["E_where"] == "E_pain"
    assert parents["E_fever"] is None


def test_patients_are_read_one_at_a_time(clinic, schema):
    write_patients(clinic.patients, [GOOD, (*GOOD[:2], "X", *GOOD[3:])])
    rows = read_patients(clinic.patients, schema)
    assert next(rows).age_years == 30
    with pytest.raises(DatasetError, match="line 3"):
        next(rows)


def test_batches_hold_at_most_their_size(clinic, schema):
    sizes = [len(batch) for batch in batches(read_patients(clinic.train, schema), schema, 50)]
    assert sizes == [50, 50, 20]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("AGE", "-3", "AGE must be whole years from 0 to 130, is '-3'"),
        ("SEX", "X", "SEX must be M or F, is 'X'"),
        ("PATHOLOGY", "Gout", "PATHOLOGY 'Gout' is no name in the conditions file"),
        ("EVIDENCES", "['E_cough', 'E_9']", "EVIDENCES holds 'E_9'"),
        ("EVIDENCES", "E_cough", "EVIDENCES must be a list in brackets, is 'E_cough'"),
        ("EVIDENCES", "[1]", "EVIDENCES holds 1"),
        ("INITIAL_EVIDENCE", "E_9", "INITIAL_EVIDENCE 'E_9' is not in the evidences file"),
        ("DIFFERENTIAL_DIAGNOSIS", "[['Gout', 1.0]]", "DIFFERENTIAL_DIAGNOSIS holds ['Gout', 1.0]"),
        ("DIFFERENTIAL_DIAGNOSIS", "[['Flu', 7]]", "gives 'Flu' the probability 7"),
        ("DIFFERENTIAL_DIAGNOSIS", "[", "DIFFERENTIAL_DIAGNOSIS must be a list"),
    ],
)
def test_a_bad_field_is_named_with_file_line_and_rule(clinic, schema, column, value, words):
    bad = dict(zip(HEADER, GOOD, strict=True)) | {column: value}
    write_patients(clinic.patients, [GOOD, tuple(bad.values())])
    with pytest.raises(DatasetError) as caught:
        list(read_patients(clinic.patients, schema))
    assert str(caught.value).startswith(f"{clinic.patients}: line 3: ")
    assert words in str(caught.value)


def test_a_missing_column_is_named(clinic, schema):
    clinic.patients.write_text("AGE,SEX\n3,M\n")
    with pytest.raises(DatasetError, match="line 1: no column DIFFERENTIAL_DIAGNOSIS, PATHOLOGY"):
        list(read_patients(clinic.patients, schema))


def test_files_that_are_no_data_are_named(tmp_path, clinic, schema):
    broken = tmp_path / "broken.json"
    broken.write_text("{\n  'a': 1\n}")
    with pytest.raises(DatasetError, match=r"broken\.json: line 2"):
        read_conditions(broken)
    with pytest.raises(DatasetError, match=r"nowhere\.csv: No such file"):
        list(read_patients(tmp_path / "nowhere.csv", schema))
    clinic.patients.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DatasetError, match="not UTF-8"):
        list(read_patients(clinic.patients, schema))


def test_entries_that_do_not_fit_are_named(clinic):
    entries = json.loads(clinic.evidences.read_text())
    entries["E_where"]["default_value"] = "V_moon"
    clinic.evidences.write_text(json.dumps(entries))
    with pytest.raises(DatasetError, match="evidence 'E_where': possible-values must differ and"):
        read_evidences(clinic.evidences)
    entries["E_where"] |= {"default_value": "V_none", "code_question": "E_scale"}
    entries["E_scale"]["code_question"] = "E_where"
    clinic.evidences.write_text(json.dumps(entries))
    with pytest.raises(DatasetError, match="Break it"):
        read_evidences(clinic.evidences)


def test_a_condition_that_lists_an_unknown_evidence_is_named(clinic):
    described = conditions()
    described["Cold"]["symptoms"] = {"E_9": {}}
    clinic.conditions.write_text(json.dumps(described))
    with pytest.raises(DatasetError, match="condition 'Cold' lists 'E_9'"):
        make_schema(read_conditions(clinic.conditions), read_evidences(clinic.evidences))
