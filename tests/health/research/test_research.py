"""What leaves for research points to nobody, and only leaves with consent as it stands."""

import json
import stat
from collections import defaultdict
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.accounts.consents import give_consent, withdraw_consent
from moongate.accounts.models import AuditEntry
from moongate.health.evaluation.vignettes import read_vignettes
from moongate.health.knowledge.schema import AGE_BANDS
from moongate.health.learning.dataset import make_schema, read_conditions, read_evidences
from moongate.health.learning.patients import read_patients
from moongate.health.records import profiles
from moongate.health.records.purposes import GUARDIAN
from moongate.health.research.deidentify import Source, band_of, cell_of, deidentify, middle_of
from moongate.health.research.exporting import export_research
from moongate.health.research.writing import FolderError, write_task_set
from tests.health.records.samples import COMPLAINT, SNAPSHOT, changed, member, row_of

people = st.builds(
    Source,
    person=st.integers(1, 12),
    month=st.sampled_from(["2026-10", "2026-11"]),
    snapshot=st.builds(
        changed,
        age_years=st.sampled_from([None, 3.0, 20.0, 30.0, 90.0]),
        sex=st.sampled_from([None, "female", "male"]),
        country=st.sampled_from(["uk", "cn"]),
        conditions=st.sampled_from([SNAPSHOT.conditions, ()]),
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(people, max_size=60), st.integers(2, 6))
def test_no_cell_leaves_with_fewer_than_k_people_and_nothing_is_lost_uncounted(sources, k):
    outcome = deidentify(sources, k)
    usable = [s for s in sources if s.snapshot.conditions]
    who = defaultdict(set)
    for source in usable:
        who[cell_of(source)].add(source.person)
    large = {cell for cell, persons in who.items() if len(persons) >= k}
    assert {case.cell for case in outcome.cases} == large
    assert outcome.cells == len(large)
    assert outcome.suppressed_cells == len(who) - len(large)
    assert len(outcome.cases) + outcome.suppressed_cases + outcome.without_condition == len(sources)
    hidden = {s.person for s in usable} - {p for cell in large for p in who[cell]}
    assert outcome.suppressed_people == len(hidden)
    assert len({case.id for case in outcome.cases}) == len(outcome.cases)


def test_one_person_with_many_assessments_is_still_one():
    sources = [Source(1, "2026-11", SNAPSHOT)] * 9
    outcome = deidentify(sources, 2)
    assert (outcome.cases, outcome.suppressed_cases, outcome.suppressed_people) == ((), 9, 1)


@pytest.mark.parametrize("k", [1, 0, -3])
def test_k_of_one_protects_nobody_and_is_refused(k):
    with pytest.raises(ValueError, match="k must be at least 2"):
        deidentify([], k)


@given(st.floats(0, 120))
def test_the_middle_of_a_band_lies_in_it(age):
    band = band_of(age)
    middle = middle_of(band)
    start = max(first for first in AGE_BANDS if age >= first)
    assert middle is not None
    assert band_of(middle) == band
    assert middle >= start


def test_the_files_hold_no_words_and_can_be_read_as_what_they_are(tmp_path):
    sources = [Source(n, "2026-11", SNAPSHOT) for n in range(4)]
    sources.append(Source(9, "2026-11", changed(sex="female")))
    manifest = write_task_set(deidentify(sources, 3), tmp_path / "set")
    folder = tmp_path / "set"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        text = path.read_text()
        assert COMPLAINT not in text
        assert "breakfast" not in text
        assert '"58' not in text
        assert ": 58" not in text
    rows = read_vignettes(folder / "vignettes.jsonl")
    assert [(row.age_years, row.sex, row.gold.condition) for row in rows] == [
        (55.0, "male", "Infarct")
    ] * 4
    schema = make_schema(
        read_conditions(folder / "release_conditions.json"),
        read_evidences(folder / "release_evidences.json"),
    )
    patients = list(read_patients(folder / "patients.csv", schema))
    assert [patient.age_years for patient in patients] == [55] * 4
    assert schema.conditions[patients[0].pathology] == "infarct"
    assert manifest["suppressed_cells"] == 1
    assert manifest["cases"] == 4
    assert json.loads((folder / "manifest.json").read_text()) == manifest


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FolderError, match="must be a new or empty folder"):
        write_task_set(deidentify([], 5), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.django_db
def test_only_who_agrees_today_is_in_the_next_export(tmp_path):
    when = datetime(2026, 11, 3, tzinfo=UTC)
    crowd = [member(f"person{n}") for n in range(4)]
    for person in crowd:
        give_consent(person, "health_research")
        row_of(person, created=when)
    silent = member("silent")
    row_of(silent, created=when)
    child = profiles.add_profile(
        crowd[0], name="Kim", relation="child", consent_version=GUARDIAN.version
    )
    row_of(crowd[0], profile=child, created=when)
    row_of(crowd[1], changed(about="child"), created=when)
    first = export_research(tmp_path / "one", k=3)
    assert (first["cases"], first["suppressed_cells"]) == (4, 0)
    withdraw_consent(crowd[0], "health_research")
    assert export_research(tmp_path / "two", k=3)["cases"] == 3
    withdraw_consent(crowd[1], "health_records")
    third = export_research(tmp_path / "three", k=3)
    assert (third["cases"], third["suppressed_cells"], third["suppressed_cases"]) == (0, 1, 2)
    assert AuditEntry.objects.filter(action="research.exported").count() == 3
