"""FHIR bundles that another system's parser takes, and that hold what was said."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from moongate.health.fhir.bundle import ICD10, About, bundle
from moongate.health.records.taking import take_snapshot
from tests.health.records.samples import COMPLAINT, SNAPSHOT, changed

RECORD = UUID("1b4e28ba-2fa1-11d2-883f-0016d3cca427")
WHEN = datetime(2026, 11, 25, 3, 4, 5, tzinfo=UTC)
ABOUT = About(RECORD, WHEN, WHEN, 1, "Ann <b>Example</b>")


def of_kind(made, kind):
    return [e["resource"] for e in made["entry"] if e["resource"]["resourceType"] == kind]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_bundle_is_valid_and_comes_back_as_it_was(lang):
    made = bundle(SNAPSHOT, ABOUT, lang)
    read = Bundle.model_validate(made)
    assert json.loads(read.model_dump_json()) == made
    assert {entry["resource"]["resourceType"] for entry in made["entry"]} == {
        "Patient", "Device", "QuestionnaireResponse", "Observation", "RiskAssessment", "Flag",
        "Consent", "Provenance",
    }  # fmt: skip


def test_the_validator_would_see_a_fault():
    made = bundle(SNAPSHOT, ABOUT, "en")
    of_kind(made, "RiskAssessment")[0]["status"] = ["final"]
    with pytest.raises(ValidationError):
        Bundle.model_validate(made)


def test_every_reference_leads_to_a_resource_of_the_bundle():
    made = bundle(SNAPSHOT, ABOUT, "en")
    addresses = [entry["fullUrl"] for entry in made["entry"]]
    assert len(set(addresses)) == len(addresses)
    found = set()

    def walk(node):
        if isinstance(node, dict):
            found.update([node["reference"]] if "reference" in node else [])
            for part in node.values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(made)
    assert len(found) > 3
    assert found <= set(addresses)


def test_conditions_carry_their_probability_and_icd_codes():
    made = bundle(SNAPSHOT, ABOUT, "en")
    (risk,) = of_kind(made, "RiskAssessment")
    assert [p["probabilityDecimal"] for p in risk["prediction"]] == [0.62, 0.2]
    codes = [
        [c["code"] for c in p["outcome"]["coding"] if c["system"] == ICD10]
        for p in risk["prediction"]
    ]
    assert codes == [["I21.9"], ["I20.0", "I20.9"]]
    assert risk["meta"]["security"][0]["code"] == "AIAST"
    assert "no doctor" in risk["note"][0]["text"]


def test_findings_say_yes_and_no_and_what_is_unknown_stays_open():
    made = bundle(SNAPSHOT, ABOUT, "en")
    said = {
        o["code"]["coding"][0]["code"]: o["valueBoolean"]
        for o in of_kind(made, "Observation")
        if "valueBoolean" in o
    }
    assert said == {"chest_pain": True, "sweating_excess": True, "fever": False}
    (answers,) = of_kind(made, "QuestionnaireResponse")
    assert answers["item"][0]["answer"] == [{"valueString": COMPLAINT}]
    asked = {item["text"]: item.get("answer") for item in answers["item"][1]["item"]}
    assert asked == {
        "Sweating a lot": [{"valueBoolean": True}],
        "Fever": [{"valueBoolean": False}],
        "Cough": None,
    }


def test_an_assessment_of_which_little_is_known_is_valid_too():
    bare = changed(
        age_years=None, sex=None, course=None, words=(), absent=(), unknown=(), asked=(), flags=(),
        conditions=(), withheld=1,
    )  # fmt: skip
    made = bundle(bare, About(RECORD, WHEN, WHEN, 1), "en")
    Bundle.model_validate(made)
    (risk,) = of_kind(made, "RiskAssessment")
    assert "prediction" not in risk
    assert "is being checked" in risk["note"][1]["text"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_whatever_was_written_makes_a_valid_bundle(text):
    made = bundle(changed(words=(text,)), About(RECORD, WHEN, WHEN, 1, text[:20]), "zh")
    Bundle.model_validate(json.loads(json.dumps(made)))


def test_what_the_engine_finds_makes_a_valid_bundle(engine):
    words = "worst headache of my life, it came in a second, and my neck is stiff"
    told = engine.tell(engine.begin(lang="en", age=44, sex="female"), words)
    question = engine.question(told)
    told = engine.answer(told, question, dict.fromkeys(question.findings, "absent"), "hours")
    snapshot = take_snapshot(engine, told, words=[words])
    made = bundle(snapshot, ABOUT, "en")
    Bundle.model_validate(made)
    assert snapshot.level == "emergency"
    assert len(of_kind(made, "Flag")) == len(snapshot.flags) > 0
    assert len(of_kind(made, "Observation")) > len(snapshot.present)
