"""The conversation for programs: whole assessments, and answers that the description names."""

import json

import pytest
import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from moongate.health.chat.tokens import seal
from moongate.health.records import limits
from moongate.health.safety.switches import switch_off
from moongate.health.serving import engine
from moongate.health.talk import begin, reply

pytestmark = pytest.mark.django_db
CALLED = 3


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def post(where: str, **body):
    return Client().post(f"/api/health/{where}", json.dumps(body), "application/json")


def test_a_whole_assessment():
    told = post("talks", lang="en", country="cn").json()
    assert (told["prompt"]["kind"], told["country"], told["result"]) == ("complaint", "cn", None)
    told = post("talks/answer", talk=told["talk"], text="I have a headache and a fever").json()
    assert [p["name"] for p in told["heard"] if p["kind"] == "present"] == ["Headache", "Fever"]
    answers = {"age": {"years": 30}, "sex": {"options": ["female"]}, "severity": {"degree": 3},
               "course": {"hours": 30}}  # fmt: skip
    asked = []
    while told["prompt"]["kind"] != "done":
        prompt = told["prompt"]
        asked.append(prompt["kind"])
        answer = answers.get(prompt["kind"], {"options": ["none" if prompt["many"] else "no"]})
        sent = {"talk": told["talk"], "prompt": prompt["id"], **answer}
        response = post("talks/answer", **sent)
        assert response.status_code == 200, response.json()
        # Sent twice, it is answered twice alike.
        again = post("talks/answer", **sent).json()
        told = response.json()
        assert again | {"talk": ""} == told | {"talk": ""}
    assert asked[:3] == ["age", "sex", "severity"]
    result = told["result"]
    assert result["level"] in ("emergency", "today", "gp", "pharmacist", "self_care")
    assert result["conditions"][0]["low"] <= result["conditions"][0]["probability"]
    assert told["ai_generated"] is True


def test_the_body_map_and_an_early_result():
    told = post("talks", lang="zh").json()
    site = {"part": "belly_low_right", "findings": ["abdo_pain_rlq", "vomiting"]}
    told = post("talks/answer", talk=told["talk"], site=site).json()
    assert told["prompt"]["kind"] == "age"
    result = post("talks/result", talk=told["talk"]).json()
    assert result["result"]["conditions"]
    assert post("talks/result", talk=result["talk"]).json()["result"] == result["result"]
    english = post("talks/result", talk=told["talk"], lang="en").json()["result"]
    assert english["conditions"][0]["id"] == result["result"]["conditions"][0]["id"]
    assert english["name"] != result["result"]["name"]


def test_a_crisis_is_told_before_all_else():
    told = post("talks", lang="en").json()
    told = post("talks/answer", talk=told["talk"], text="I want to end my life").json()
    assert told["crisis"]["numbers"][0] == {
        "country": "uk", "number": "999", "who": "UK: when life is in danger now", "text": "",
        "href": "tel:999",
    }  # fmt: skip
    seen = post("talks/answer", talk=told["talk"], do="seen").json()
    assert seen["crisis"]["seen"] is True


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"talk": "x"}, 422, "cannot be read"),
        ({"talk": "x" * 700_000}, 422, "talk"),
        ({"years": 3}, 422, "talk"),
        ({"talk": None, "years": 130}, 422, "years"),
        ({"talk": None, "options": ["yes"]}, 422, "answers"),
        ({"talk": None, "text": "   "}, 422, "no text"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_field(body, status, words):
    if body.get("talk", "x") is None:
        talk = reply(engine(), begin(engine(), "en"), "I have a cough")
        if body.get("options"):
            talk = reply(engine(), talk, "30")
        body = body | {"talk": seal(talk)}
    response = post("talks/answer", **body)
    assert response.status_code == status
    assert words in response.json()["reason"]
    assert set(response.json()) == {"reason", "mend"}


def test_too_many_are_asked_to_wait(monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "talk", (2, 600))
    assert [post("talks").status_code for _ in range(3)] == [200, 200, 429]
    refused = post("talks")
    assert int(refused["Retry-After"]) == refused.json()["retry_after_s"]


def test_no_conversation_begins_with_a_version_that_is_switched_off(django_user_model):
    boss = django_user_model.objects.create_user("boss", password=None)
    switch_off("version", engine().base.edition, actor=boss, reason="checked by a test")
    refused = post("talks", lang="zh")
    assert refused.status_code == 503
    assert "120" in refused.json()["mend"]


def test_every_answer_is_one_that_the_description_names(monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "talk", (10**9, 600))
    made = engine()
    talks = [begin(made, "en"), reply(made, begin(made, "zh"), "头疼")]
    talks.append(reply(made, reply(made, talks[0], "I have a headache"), "stop"))
    tokens = [seal(talk) for talk in talks]
    described = schemathesis.openapi.from_wsgi("/api/health/openapi.json", get_wsgi_application())
    operations = {found.ok().path: found.ok() for found in described.get_all_operations()}
    mine = [op for path, op in operations.items() if path.startswith("/api/health/talks")]
    assert len(mine) == CALLED
    answered = set()
    for operation in mine:

        @given(case=operation.as_strategy(), token=st.sampled_from(tokens), known=st.booleans())
        @hypothesis_settings(
            max_examples=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        def ask(case, token, known):
            if known and isinstance(case.body, dict) and "talk" in case.body:
                case.body["talk"] = token
            # Whether a token opens, and an answer fits its prompt, is found after it was read.
            answer = case.call_and_validate(excluded_checks=[positive_data_acceptance])
            answered.add(answer.status_code)

        ask()
    assert {200, 422} <= answered
