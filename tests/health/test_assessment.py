"""An assessment from first words to result: questions, urgency, reasons, and awkward people."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.health.assessment import AssessmentError, Engine
from moongate.health.inference.posterior import posterior
from moongate.health.knowledge.schema import LEVELS
from moongate.health.wording import question_text, replies, result_lines, why
from tests.health.small import write_base


def begun(engine: Engine, text: str, **who):
    return engine.tell(engine.begin(**who), text)


def played(engine: Engine, assessment, yes: set[str]):
    """Answers every question: yes to what is in `yes`, no to the rest."""
    questions = []
    while (question := engine.question(assessment)) is not None:
        questions.append(question)
        answers = {f: "present" if f in yes else "absent" for f in question.findings}
        assessment = engine.answer(assessment, question, answers, "days")
    return assessment, questions


def test_pneumonia_is_found_by_its_answers(engine: Engine):
    begun_ = begun(engine, "I have had a cough and a fever for 4 days", age=60, sex="male")
    yes = {"cough_productive", "sputum_purulent", "chills", "dyspnoea", "chest_pain",
           "chest_pain_pleuritic", "fatigue", "fever_high", "chest_crackles"}  # fmt: skip
    done, _ = played(engine, begun_, yes)
    result = engine.result(done)
    assert "pneumonia" in " ".join(name for name, _ in result.conditions[:3])
    assert LEVELS.index(result.triage.level) <= LEVELS.index("today")


def test_the_same_answers_give_the_same_assessment(engine: Engine):
    one = played(engine, begun(engine, "my head hurts", age=30, sex="female"), {"nausea"})
    two = played(engine, begun(engine, "my head hurts", age=30, sex="female"), {"nausea"})
    assert one[1] == two[1]
    assert engine.result(one[0]).conditions == engine.result(two[0]).conditions


def test_it_never_asks_twice_nor_more_than_twenty(engine: Engine):
    _, questions = played(engine, begun(engine, "I feel tired", age=50, sex="female"), set())
    asked = [finding for question in questions for finding in question.findings]
    assert len(asked) == len(set(asked))
    assert 0 < len(questions) <= 20


def test_attributes_are_asked_only_once_their_parent_is_there(engine: Engine):
    assessment = begun(engine, "I have a cough", age=40, sex="male")
    while (question := engine.question(assessment)) is not None:
        for finding in question.findings:
            above = engine.network.parent.get(finding)
            assert above is None or above in assessment.evidence.present
        assessment = engine.answer(assessment, question, {}, None)


def test_nobody_is_asked_what_their_sex_or_age_rules_out(engine: Engine):
    _, questions = played(engine, begun(engine, "stomach ache", age=70, sex="male"), set())
    for question in questions:
        for name in question.findings:
            finding = engine.base.findings.get(name)
            if finding is not None:
                assert finding.sex != "female"
                assert finding.age is None or finding.age[0] <= 70 <= finding.age[1]


def test_every_question_says_why(engine: Engine):
    _, questions = played(engine, begun(engine, "I have chest pain", age=58, sex="male"), set())
    for question in questions:
        for lang in ("en", "zh"):
            assert question_text(engine.network, question, lang)
            assert len(why(engine.network, question, lang)) > 5
    assert any(question.why == "red flag" for question in questions)


def test_dont_know_is_an_answer(engine: Engine):
    assessment = begun(engine, "I have a cough", age=40, sex="male")
    question = engine.question(assessment)
    assert question is not None
    after = engine.answer(assessment, question, {}, None)
    assert set(question.findings) <= after.evidence.unknown | {"course_days", "course_hours",
                                                               "course_weeks", "course_months"}  # fmt: skip
    again = engine.question(after)
    assert again is None or not set(again.findings) & set(question.findings)


def test_a_red_flag_only_raises_the_urgency(engine: Engine):
    network = engine.network
    for text in ("I have chest pain", "I have a headache", "my baby has a fever", "肚子疼"):
        evidence = begun(engine, text, age=40).evidence
        for name, rule in list(network.base.red_flags.items())[:60]:
            if rule.any or rule.sex or rule.age:
                continue
            more = evidence
            for finding in rule.all:
                more = more.with_(finding, "present")
            state = replace(engine.begin(age=40), evidence=network.closed(more))
            level = engine.result(state).triage.level
            assert LEVELS.index(level) <= LEVELS.index(rule.level), name


def test_danger_to_life_is_an_emergency_with_crisis_numbers(engine: Engine):
    told = begun(engine, "I want to kill myself tonight, I have the pills ready")
    result = engine.result(told)
    assert result.triage.level == "emergency"
    assert any(fire.rule.crisis for fire in result.triage.flags)
    assert engine.question(told) is None
    assert "116 123" in "\n".join(result_lines(engine.network, result, "en"))
    assert "12356" in "\n".join(result_lines(engine.network, result, "zh"))


def test_an_overdose_is_an_emergency(engine: Engine):
    for text in ("I took 30 paracetamol tablets an hour ago", "我吞了一整瓶安眠药"):
        assert engine.result(begun(engine, text)).triage.level == "emergency", text


@pytest.mark.parametrize("text", ["拉肚子带血两天", "I've had bloody diarrhoea for two days"])
def test_blood_in_diarrhoea_is_seen_today_whatever_else_is_denied(engine: Engine, text: str):
    told, _questions = played(engine, begun(engine, text), set())
    assert LEVELS.index(engine.result(told).triage.level) <= LEVELS.index("today")


def test_little_coverage_never_sends_home(engine: Engine):
    told = begun(engine, "I have a strange feeling")
    assert LEVELS.index(engine.result(told).triage.level) <= LEVELS.index("gp")


@pytest.mark.parametrize("age", [-1, 300, float("nan")])
def test_impossible_ages_are_refused(engine: Engine, age: float):
    with pytest.raises(AssessmentError, match="age must be from 0 to 120"):
        engine.begin(age=age)


def test_an_impossible_age_in_words_is_told_and_not_kept(engine: Engine):
    told = begun(engine, "I am 300 years old and I have a cough")
    assert told.evidence.age is None
    assert "0 to 120" in " ".join(replies(engine.network, told, told.heard[-1]))


def test_a_pregnant_man_is_told_that_it_does_not_fit(engine: Engine):
    told = begun(engine, "I am pregnant and have a headache", sex="male")
    assert "does not fit the sex" in " ".join(replies(engine.network, told, told.heard[-1]))
    assert engine.result(told).conditions


def test_contradictions_are_told_and_the_last_word_counts(engine: Engine):
    told = engine.tell(begun(engine, "I have a fever"), "no, I have no fever")
    assert told.contradictions == ("fever",)
    assert "fever" in told.evidence.absent
    assert "both yes and no" in " ".join(replies(engine.network, told, told.heard[-1]))


def test_a_child_alone_is_sent_to_a_grown_up(engine: Engine):
    told = begun(engine, "I am 8 years old and my tummy hurts")
    assert "grown-up" in " ".join(replies(engine.network, told, told.heard[-1]))


def test_the_cat_is_sent_to_a_vet(engine: Engine):
    told = begun(engine, "my cat has a fever")
    assert "vet" in " ".join(replies(engine.network, told, told.heard[-1]))
    assert not told.evidence.present


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("text", ["", "👍", "x" * 1_000_000, "Здравствуйте, помогите мне"])
def test_unfit_messages_get_a_reply(engine: Engine, lang, text: str):
    told = engine.tell(engine.begin(lang=lang), text)
    assert all(len(reply) > 5 for reply in replies(engine.network, told, told.heard[-1]))
    assert replies(engine.network, told, told.heard[-1])


def test_the_explanation_adds_up(engine: Engine):
    told = begun(engine, "I have a cough and a fever but no sore throat", age=30)
    result = engine.result(told)
    first = result.explained[0]
    assert first.condition == result.conditions[0][0]
    assert {name for name, _ in first.for_} <= told.evidence.present | {
        f"course_{told.evidence.course}"} | told.evidence.absent  # fmt: skip
    assert all(value > 0 for _, value in first.for_)
    assert all(value < 0 for _, value in first.against)


def test_probabilities_are_probabilities_and_the_method_is_told(engine: Engine):
    few = begun(engine, "I have a cough", age=30)
    found = posterior(engine.network, few.evidence)
    assert found.method == "exact"
    assert 0 <= found.probability.min() <= found.probability.max() <= 1
    many = few
    for name in list(engine.network.finding_at)[:60]:
        if name in engine.base.findings:
            many = replace(many, evidence=many.evidence.with_(name, "present"))
    found = posterior(engine.network, engine.network.closed(many.evidence))
    assert found.method == "approximate"
    assert 0 <= found.probability.min() <= found.probability.max() <= 1 + 1e-9


def test_an_assessment_records_the_knowledge_it_rests_on(engine: Engine):
    assert begun(engine, "cough").edition == engine.base.edition


@given(st.lists(st.sampled_from(["present", "absent", "unknown"]), min_size=1, max_size=25))
@settings(max_examples=20, deadline=None)
def test_any_answers_lead_to_a_result(answers):
    engine = SMALL[0]
    assessment = engine.tell(engine.begin(age=40), "I have a cough")
    for answer in answers:
        question = engine.question(assessment)
        if question is None:
            break
        assessment = engine.answer(assessment, question, dict.fromkeys(question.findings, answer))
    result = engine.result(assessment)
    assert result.triage.level in LEVELS
    assert abs(result.triage.probability.sum() - 1) < 1e-9


SMALL: list[Engine] = []


@pytest.fixture(autouse=True, scope="module")
def _small_engine(tmp_path_factory):
    SMALL[:] = [Engine.load(write_base(tmp_path_factory.mktemp("base")))]
