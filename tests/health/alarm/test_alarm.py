"""The second ear: danger told in words that no rule knows, and everyday words that are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.health.alarm.model import SILENT, Alarm, Sounds, read_weights, write_weights
from moongate.health.alarm.training import Sentence, digest, read_sentences, train
from moongate.health.assessment import Engine
from moongate.health.inference.triage import raised
from moongate.health.knowledge.faults import KnowledgeError
from moongate.health.knowledge.schema import LEVELS


@pytest.fixture(scope="module")
def alarm() -> Alarm:
    return Alarm()


def test_weights_belong_to_the_sentences_that_ship(alarm: Alarm):
    assert alarm.weights.sentences == digest(read_sentences())


def test_both_languages_and_all_wants_are_taught():
    sentences = read_sentences()
    for lang in ("en", "zh"):
        for want in ("emergency", "today", "calm"):
            assert sum(s.lang == lang and s.want == want for s in sentences) >= 20
    assert sum(s.crisis for s in sentences) >= 50
    assert len({s.text for s in sentences}) == len(sentences)


@pytest.mark.parametrize("text", [
    "he went grey and slumped in his chair, cant get him to answer me and his breathing is gurgly",
    "老公突然倒在厨房，脸发紫，怎么叫都没反应，只剩一点喘气",
])  # fmt: skip
def test_danger_sounds_like_danger(alarm: Alarm, text: str):
    assert alarm.hear(text).level == "emergency"


@pytest.mark.parametrize("text", [
    "I have had a runny nose and a bit of a tickle in my throat since Monday",
    "which cream is best for dry elbows in the winter, nothing else wrong",
    "最近有点口干，白天喝水不多，想问问要不要多喝水",
    "打球后小腿有点酸，休息一天就好多了",
])  # fmt: skip
def test_everyday_words_do_not(alarm: Alarm, text: str):
    assert alarm.hear(text).level is None


def test_a_goodbye_is_heard_as_a_crisis(alarm: Alarm):
    sounds = alarm.hear("I have written the letters and said goodbye to the dog, I cannot go on")
    assert sounds.level is not None


def test_a_bare_complaint_tells_nothing_of_how_it_is(alarm: Alarm):
    assert alarm.hear("chest pain") == SILENT
    assert alarm.hear("胸痛") == SILENT


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str):
    sounds = _ALARM.hear(text)
    assert 0 <= sounds.danger <= 1


_ALARM = Alarm()


def test_the_worse_of_two_messages_counts():
    calm, bad = Sounds(0.1, 0.1, 0.0, None, False), Sounds(0.9, 0.9, 0.0, "emergency", False)
    crisis = Sounds(0.5, 0.2, 0.9, "emergency", True)
    assert calm.or_worse(bad) == bad == bad.or_worse(calm)
    assert bad.or_worse(crisis).in_crisis


def test_words_only_raise_urgency_and_only_where_there_is_room_for_danger(engine: Engine):
    triage = engine.result(engine.tell(engine.begin(lang="en"), "I have a cold")).triage
    for level in LEVELS:
        assert LEVELS.index(raised(triage, level, always=True).level) <= LEVELS.index(triage.level)
    assert raised(triage, None) is triage


def test_training_tells_apart_what_can_be_told_apart(tmp_path):
    made = [
        Sentence("en", f"{who} cannot breathe and is turning blue number {n}", "emergency")
        for n in range(15) for who in ("he", "she")
    ] + [
        Sentence("en", f"{who} would like a cream for a dry elbow number {n}", "calm")
        for n in range(15) for who in ("he", "she")
    ]  # fmt: skip
    weights, summary = train(made)
    assert summary["raised"] == 1.0
    assert summary["false_alarms"] == 0.0
    write_weights(weights, tmp_path / "weights.npz")
    assert read_weights(tmp_path / "weights.npz").sentences == digest(made)


def test_missing_weights_say_what_to_do(tmp_path):
    with pytest.raises(KnowledgeError, match="alarm train"):
        Alarm(tmp_path / "none.npz").hear("he cannot breathe and is turning blue")
