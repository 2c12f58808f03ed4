"""What a conversation is as plain JSON, and what it refuses to be."""

import json
import secrets

import pytest

from moongate.health.assessment import Engine
from moongate.health.talk import Talk, TalkError, append, back, begin, change, switch
from moongate.health.talk.steps import MAX_JSON_BYTES, MAX_STEPS, Age, OfSex, Say, Seen, Stop


@pytest.fixture
def talk(engine: Engine) -> Talk:
    talk = append(engine, begin(engine, "en"), Say(text="a cough", at="2026-11-25T03:00:00Z"))
    return append(engine, talk, Age(years=34))


def test_it_comes_back_from_json_as_it_was(talk: Talk):
    assert Talk.from_json(talk.to_json()) == talk
    assert Talk.from_json(talk.to_json().decode()) == talk
    assert talk.to_json() == Talk.from_json(talk.to_json()).to_json()


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("version", 2, "version"),
        ("lang", "fr", "lang"),
        ("country", "us", "country"),
        ("edition", "<script>", "edition"),
        ("edition", "1" * 90, "edition"),
        ("steps", {}, "steps"),
        ("steps", [{"kind": "sing"}], "steps[0].kind"),
        ("steps", [{"kind": "say"}], "steps[0]"),
        ("steps", [{"kind": "say", "text": ""}], "steps[0].text"),
        ("steps", [{"kind": "say", "text": "x" * 9_000}], "steps[0].text"),
        ("steps", [{"kind": "say", "text": "x", "admin": True}], "steps[0]"),
        ("steps", [{"kind": "stop"}, {"kind": "age", "years": 121}], "steps[1].years"),
        ("steps", [{"kind": "age", "years": -1}], "steps[0].years"),
        ("steps", [{"kind": "age", "years": "34"}], "steps[0].years"),
        ("steps", [{"kind": "age", "years": True}], "steps[0].years"),
        ("steps", [{"kind": "severity", "degree": 11}], "steps[0].degree"),
        ("steps", [{"kind": "severity", "degree": 2.5}], "steps[0].degree"),
        ("steps", [{"kind": "since", "hours": 0}], "steps[0].hours"),
        ("steps", [{"kind": "since", "hours": 1e12}], "steps[0].hours"),
        ("steps", [{"kind": "sex", "sex": "other"}], "steps[0].sex"),
        ("steps", [{"kind": "stop", "at": "yesterday"}], "steps[0].at"),
        ("steps", [{"kind": "confirm", "finding": "../x", "answer": "yes"}], "steps[0].finding"),
        ("steps", [{"kind": "site", "parts": ["head"], "findings": []}], "steps[0].findings"),
        ("steps", [{"kind": "stop"}] * (MAX_STEPS + 1), "steps"),
        ("steps", [{"kind": "say", "text": "x" * 8_000}] * 6, "steps"),
    ],
)  # fmt: skip
def test_hostile_json_is_refused_by_the_field(talk: Talk, field: str, value: object, named: str):
    data = json.loads(talk.to_json()) | {field: value}
    with pytest.raises(TalkError) as refusal:
        Talk.from_json(json.dumps(data))
    assert str(refusal.value).startswith(f"{named}: ")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", "[" * 100_000])
def test_what_is_no_talk_at_all_is_refused(data: bytes | str):
    with pytest.raises(TalkError):
        Talk.from_json(data)


def test_too_much_is_refused_before_it_is_read():
    with pytest.raises(TalkError, match="at most"):
        Talk.from_json(b" " * (MAX_JSON_BYTES + 1))


def test_a_refusal_never_repeats_what_was_said(talk: Talk):
    secret = secrets.token_hex(8)
    for step in (
        {"kind": secret},
        {"kind": "say", "text": "x", secret: 1},
        {"kind": "sex", "sex": secret},
    ):
        data = json.loads(talk.to_json()) | {"steps": [step]}
        with pytest.raises(TalkError) as refusal:
            Talk.from_json(json.dumps(data))
        assert secret not in str(refusal.value)


def test_back_takes_the_last_step_and_stops_at_the_beginning(engine: Engine, talk: Talk):
    assert back(engine, talk).steps == talk.steps[:-1]
    empty = begin(engine, "en")
    assert back(engine, empty) == empty


def test_a_changed_step_leaves_the_others_where_they_were(engine: Engine, talk: Talk):
    changed = change(engine, talk, 0, Say(text="a headache"))
    assert changed.steps == (Say(text="a headache"), Age(years=34))
    with pytest.raises(TalkError, match=r"steps\[7\]"):
        change(engine, talk, 7, Stop())


def test_a_full_conversation_takes_no_more(engine: Engine):
    talk = begin(engine, "en")
    for _ in range(MAX_STEPS):
        talk = append(engine, talk, Seen(what="emergency"))
    with pytest.raises(TalkError, match="steps"):
        append(engine, talk, OfSex(sex=None))


def test_another_language_keeps_the_country(engine: Engine):
    talk = begin(engine, "zh")
    assert talk.country == "cn"
    assert switch(talk, lang="en").country == "cn"
    assert switch(talk, country="uk").lang == "zh"


def test_going_on_takes_the_knowledge_of_today(engine: Engine, talk: Talk):
    old = Talk(edition="2020.1.0+abc", lang="en", country="uk", steps=talk.steps)
    assert append(engine, old, Stop()).edition == engine.base.edition
