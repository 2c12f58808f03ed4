"""Whole conversations: what is shown is what the log comes to, whatever the way there."""

import random

import pytest

from moongate.health.assessment import Engine
from moongate.health.talk import (
    ReplyError,
    Talk,
    append,
    back,
    begin,
    change,
    reply,
    switch,
    turn,
)
from moongate.health.talk.body import complaints, parts
from moongate.health.talk.replaying import course_of, forget, replay
from moongate.health.talk.severity import SEVERE
from moongate.health.talk.steps import (
    Age,
    Answered,
    Asked,
    Confirm,
    OfSex,
    Say,
    Seen,
    Severity,
    Since,
    Site,
    Stop,
)

COMPLAINTS = {
    "en": ("I have a sore throat and a fever", "my back hurts since yesterday", "itchy rash on my arm"),
    "zh": ("嗓子疼，发烧两天", "昨天开始腰疼", "胳膊上起疹子，很痒"),
}  # fmt: skip


def answered(engine: Engine, lang: str, seed: int, most: int = 30) -> list[Talk]:
    """A whole conversation with answers drawn at random: every state of it, the empty one first."""
    draw = random.Random(seed)
    talks = [begin(engine, lang)]
    for _ in range(most):
        shown = turn(engine, talks[-1])
        if shown.prompt.kind == "done":
            break
        line = {
            "complaint": draw.choice(COMPLAINTS[lang]),
            "age": str(draw.randrange(1, 95)),
            "sex": draw.choice(("f", "m", "skip")),
            "severity": str(draw.randrange(11)),
            "several": draw.choice(("0", "1", "1,2", "?")),
            "course": draw.choice(("1", "2", "3", "4", "?")),
        }.get(shown.prompt.kind) or draw.choice(("yes", "no", "?", "没有"))
        talks.append(reply(engine, talks[-1], line))
    return talks


@pytest.mark.parametrize(("lang", "seed"), [("en", 1), ("en", 2), ("zh", 3), ("zh", 4)])
def test_every_prefix_replays_to_the_same_turn(engine: Engine, lang: str, seed: int):
    talks = answered(engine, lang, seed)
    assert turn(engine, talks[-1]).prompt.kind == "done"
    shown = [turn(engine, talk) for talk in talks]
    forget()
    for at, talk in enumerate(talks):
        # As a process does that was killed and has nothing but the log.
        read = Talk.from_json(talk.to_json())
        assert turn(engine, read) == shown[at]
        assert turn(engine, read, cached=False) == shown[at]
        if at:
            assert turn(engine, back(engine, read)) == shown[at - 1]


def test_progress_is_honest(engine: Engine):
    talks = answered(engine, "en", 5)
    seen = [turn(engine, talk).progress for talk in talks]
    assert [p.asked for p in seen] == sorted(p.asked for p in seen)
    assert all(p.asked + p.at_most == 20 for p in seen[:-1])
    assert seen[0].part == "complaint"
    assert (seen[-1].part, seen[-1].at_most) == ("result", 0)


def test_every_prompt_says_why_and_names_its_options_in_both_languages(engine: Engine):
    for talk in answered(engine, "en", 6):
        english, chinese = turn(engine, talk).prompt, turn(engine, switch(talk, lang="zh")).prompt
        assert [o.id for o in english.options] == [o.id for o in chinese.options]
        assert (english.kind, english.id, english.many) == (chinese.kind, chinese.id, chinese.many)
        assert english.text != chinese.text
        if english.kind not in ("complaint", "done"):
            assert english.why
            assert chinese.why


def test_a_language_switch_changes_words_and_nothing_else(engine: Engine):
    talk = answered(engine, "en", 7)[-1]
    english, chinese = turn(engine, talk).result, turn(engine, switch(talk, lang="zh")).result
    assert english.level == chinese.level
    assert [(c.id, c.probability, c.low, c.high) for c in english.conditions] == [
        (c.id, c.probability, c.low, c.high) for c in chinese.conditions
    ]
    assert english.name != chinese.name


def test_what_was_understood_stands_at_its_place(engine: Engine):
    said = "I have a headache but no fever, gromblewort everywhere"
    shown = turn(engine, append(engine, begin(engine, "en"), Say(text=said)))
    assert "".join(piece.text for piece in shown.heard) == said
    kinds = {piece.text: (piece.kind, piece.name) for piece in shown.heard}
    assert kinds["headache"] == ("present", "Headache")
    assert any(kind == ("absent", "Fever") for kind in kinds.values())
    assert any("Headache" in m.text for m in shown.messages if m.kind == "understood")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_emergency_is_told_at_once_with_the_number_of_the_country(engine: Engine, lang: str):
    said = {
        "en": "crushing pain in my chest, it goes into my left arm and I am in a cold sweat",
        "zh": "胸口压着疼，疼到左胳膊，出冷汗",
    }[lang]
    talk = append(engine, begin(engine, lang), Say(text=said))
    shown = turn(engine, talk)
    assert shown.emergency is not None
    assert shown.unseen is shown.emergency
    assert shown.emergency.because
    first = shown.emergency.numbers[0]
    assert (first.number, first.href) == {"en": ("999", "tel:999"), "zh": ("120", "tel:120")}[lang]
    went_on = turn(engine, append(engine, talk, Seen(what="emergency")))
    assert went_on.emergency is not None
    assert went_on.unseen is None
    assert went_on.prompt.kind == shown.prompt.kind


def test_a_crisis_ends_the_questions_and_shows_whom_to_talk_to(engine: Engine):
    shown = turn(engine, reply(engine, begin(engine, "en"), "I want to end my life tonight"))
    assert shown.prompt.kind == "done"
    assert shown.crisis is not None
    assert shown.unseen is shown.crisis
    assert [n.number for n in shown.crisis.numbers[:3]] == ["999", "116 123", "85258"]
    assert shown.crisis.numbers[2].href == "sms:85258"
    assert shown.result.crisis


def test_danger_found_by_an_answer_is_told_too(engine: Engine):
    talk = begin(engine, "en")
    for step in (Say(text="I have a headache"), Age(years=40), OfSex(sex="female")):
        talk = append(engine, talk, step)
    assert turn(engine, talk).emergency is None
    asked = Asked(kind="danger", findings=("seizure", "drowsiness"), why="red flag")
    talk = append(engine, talk, Answered(asked=asked, answers={"drowsiness": "present"}))
    assert turn(engine, talk).emergency is not None


def test_stop_gives_the_result_and_more_words_go_on(engine: Engine):
    talk = reply(engine, begin(engine, "en"), "I have a cough")
    stopped = reply(engine, talk, "stop")
    assert turn(engine, stopped).result is not None
    assert turn(engine, reply(engine, stopped, "I also have a fever")).prompt.kind != "done"
    assert turn(engine, reply(engine, stopped, "back")) == turn(engine, talk)


def test_a_proposal_counts_only_when_confirmed(engine: Engine):
    talk = append(engine, begin(engine, "en"), Say(text="fever, head going round and round"))
    state = replay(engine, talk)
    assert state.pending == ("vertigo_spinning",)
    finding = state.pending[0]
    assert turn(engine, talk).prompt.kind == "proposal"
    yes = replay(engine, reply(engine, talk, "yes"))
    assert finding in yes.assessment.evidence.present
    no = replay(engine, reply(engine, talk, "没有"))
    assert finding in no.assessment.evidence.absent
    assert finding not in replay(engine, reply(engine, talk, "?")).assessment.evidence.present


def test_a_changed_answer_keeps_what_still_applies_and_says_what_does_not(engine: Engine):
    talk = begin(engine, "en")
    for step in (
        Say(text="I have a cough"),
        Age(years=30),
        OfSex(sex="male"),
        Answered(
            asked=Asked(kind="attributes", findings=("cough_dry", "cough_barking"), why="urgency"),
            answers={"cough_dry": "present", "cough_barking": "absent"},
        ),
        Answered(
            asked=Asked(kind="finding", findings=("fever",), why="urgency"),
            answers={"fever": "present"},
        ),
    ):
        talk = append(engine, talk, step)
    assert "cough_dry" in replay(engine, talk).assessment.evidence.present
    changed = change(engine, talk, 0, Say(text="I have a sore knee, no cough"))
    state = replay(engine, changed)
    assert state.idle == (3,)
    assert "fever" in state.assessment.evidence.present
    assert "cough_dry" not in state.assessment.evidence.present
    shown = turn(engine, changed)
    assert [entry.counts for entry in shown.log] == [True, True, True, False, True]
    assert any(m.kind == "news" for m in shown.messages)


def test_knowledge_that_changed_in_between_is_told(engine: Engine):
    talk = reply(engine, begin(engine, "en"), "I have a cough")
    gone = Answered(
        asked=Asked(kind="finding", findings=("no_such_finding_now",), why="urgency"),
        answers={"no_such_finding_now": "present"},
    )
    old = Talk(edition="2020.1.0", lang="en", country="uk", steps=(*talk.steps, gone))
    shown = turn(engine, old)
    assert "renewed" in " ".join(m.text for m in shown.messages if m.kind == "news")
    assert not shown.log[-1].counts
    went_on = append(engine, old, Age(years=30))
    assert not any("renewed" in m.text for m in turn(engine, went_on).messages)


def test_severity_settles_what_severe_means(engine: Engine):
    talk = begin(engine, "en")
    for step in (Say(text="I have a headache"), Age(years=30), OfSex(sex="male")):
        talk = append(engine, talk, step)
    assert turn(engine, talk).prompt.kind == "severity"
    evidence = [
        replay(engine, append(engine, talk, Severity(degree=degree))).assessment.evidence
        for degree in (9, 5, 2)
    ]
    assert "headache_severe" in evidence[0].present
    assert "headache_severe" in evidence[1].unknown
    assert "headache_severe" in evidence[2].absent


def test_every_severe_finding_has_the_parent_it_speaks_of(engine: Engine):
    assert set(SEVERE) <= engine.network.parent.keys()


@pytest.mark.parametrize(
    ("hours", "course"),
    [(1, "hours"), (23, "hours"), (24, "days"), (300, "days"), (400, "weeks"), (9000, "months")],
)
def test_a_duration_falls_into_its_span(engine: Engine, hours: float, course: str):
    assert course_of(hours) == course
    talk = append(engine, reply(engine, begin(engine, "en"), "I have a cough"), Since(hours=hours))
    assert replay(engine, talk).assessment.evidence.course == course


def test_the_body_map_has_complaints_that_the_knowledge_knows(engine: Engine):
    for name, part in parts().items():
        assert [f for f, _ in complaints(engine, name, "en")] == list(part.findings), name
        assert all(engine.base.findings[f].kind in ("symptom", "sign") for f in part.findings)
    assert complaints(engine, "tail", "en") == []


def test_a_place_on_the_body_map_counts_as_said(engine: Engine):
    site = Site(parts=("belly_low_right",), findings=("abdo_pain_rlq", "vomiting"))
    shown = turn(engine, append(engine, begin(engine, "zh"), site))
    evidence = replay(engine, append(engine, begin(engine, "zh"), site)).assessment.evidence
    assert {"abdominal_pain", "abdo_pain_rlq", "vomiting"} <= evidence.present
    assert shown.prompt.kind == "age"
    assert "右下腹" in shown.messages[-1].text


def test_the_ranges_hold_the_figure_and_are_the_same_each_time(engine: Engine):
    talk = reply(engine, reply(engine, begin(engine, "en"), "sore throat, fever, no cough"), "stop")
    first = turn(engine, talk).result.conditions
    assert first
    for part in first:
        assert 0 < part.low <= part.probability <= part.high < 1
        assert part.high - part.low > 0.001
    forget()
    assert turn(engine, talk).result.conditions == first


def test_what_to_watch_for_is_not_there_yet(engine: Engine):
    talk = reply(engine, reply(engine, begin(engine, "en"), "I have a headache, a fever"), "stop")
    result = turn(engine, talk).result
    assert result.watch_for
    assert not {"Headache", "Fever"} & set(result.watch_for)


@pytest.mark.parametrize(
    ("lines", "line", "why"),
    [
        ([], "   ", "no text"),
        (["I have a cough"], "130", "0 to 120"),
        (["I have a cough"], "-3", "0 to 120"),
        (["I have a headache", "30", "f"], "11", "0 to 10"),
        (["I have a headache", "30", "f", "5"], "99", "from 1 to"),
        (["I have a headache", "30", "f", "5"], "0,1", "from 1 to"),
        (["I have a headache", "30", "f", "5"], "yes", "Which ones"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_says_why(engine: Engine, lines: list[str], line: str, why: str):
    talk = begin(engine, "en")
    for earlier in lines:
        talk = reply(engine, talk, earlier)
    with pytest.raises(ReplyError, match=why):
        reply(engine, talk, line)


@pytest.mark.parametrize(
    ("line", "years"),
    [("34", 34), ("six", None), ("三十五岁", 35), ("6 months", 0.5), ("3周", 0.0575), ("两岁", 2), ("I'm 40", 40), ("3", 3), ("0", 0), ("1", 1), ("2", 2), ("no", None)],
)  # fmt: skip
def test_ages_as_people_type_them(engine: Engine, line: str, years: float | None):
    talk = reply(engine, reply(engine, begin(engine, "en"), "a cough"), line)
    age = replay(engine, talk).assessment.evidence.age
    assert age == (None if years is None else pytest.approx(years, abs=0.01))


def test_words_at_a_question_answer_it(engine: Engine):
    talk = begin(engine, "en")
    for line in ("I have a headache", "30", "f", "5"):
        talk = reply(engine, talk, line)
    question = turn(engine, talk).prompt.question
    told = reply(engine, talk, "I had a fit an hour ago")
    state = replay(engine, told)
    assert "seizure" in state.assessment.evidence.present
    assert [q.findings for q in state.assessment.asked] == [question.findings]


def test_a_confirmation_of_what_nobody_proposed_counts_for_nothing(engine: Engine):
    talk = reply(engine, begin(engine, "en"), "I have a cough")
    state = replay(engine, append(engine, talk, Confirm(finding="chest_pain", answer="present")))
    assert "chest_pain" not in state.assessment.evidence.present
    assert state.idle == (1,)


def test_a_switched_off_condition_is_neither_named_nor_remembered(engine: Engine):
    off: set[str] = set()
    watched = Engine(engine.base, lambda: frozenset(off))
    talk = append(engine, reply(engine, begin(engine, "en"), "sore throat and a fever"), Stop())
    before = turn(watched, talk).result
    off.add(before.conditions[0].id)
    after = turn(watched, talk).result
    assert before.conditions[0].id not in {c.id for c in after.conditions}
    assert "1" in " ".join(after.notes)
    off.clear()
    assert turn(watched, talk).result == before
