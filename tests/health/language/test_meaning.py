"""Words that no phrase matches are proposed by meaning, and count only when confirmed."""

import pytest

from moongate.health.assessment import Engine
from moongate.health.conversation import converse


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        ("head going round and round", "vertigo_spinning"),
        ("皮温高", "skin_red_hot_swollen"),
        ("cramps low down", "pelvic_pain"),
    ],
)
def test_other_words_for_a_finding_propose_it(engine: Engine, words: str, finding: str):
    proposal = engine.meaning.propose([words])[0]
    assert proposal is not None
    assert proposal.finding == finding
    assert proposal.cosine <= 1 + 1e-6


@pytest.mark.parametrize("words", ["drove home", "my sister called", "the", "2019", "", "@@@@"])
def test_words_about_nothing_propose_nothing(engine: Engine, words: str):
    assert engine.meaning.propose([words]) == [None]


def test_what_is_called_normal_is_not_proposed(engine: Engine):
    text = "sore throat, gait pattern entirely normal"
    heard = engine.tell(engine.begin(), text).heard[-1]
    for proposal in engine.proposals(heard, text):
        assert "gait" not in proposal.phrase


@pytest.mark.parametrize(("answer", "kept"), [("yes", "present"), ("no", "absent"), ("?", "open")])
def test_a_proposal_counts_as_the_person_answers(engine: Engine, answer: str, kept: str):
    lines = iter(["fever, head going round and round", answer, "40", "m", "stop"])
    said: list[str] = []
    assessment = converse(engine, "en", lambda prompt: next(lines), said.append)
    assert any("Do you mean" in text for text in said)
    finding = "vertigo_spinning"
    evidence = assessment.evidence
    assert (finding in evidence.present) == (kept == "present")
    assert (finding in evidence.absent) == (kept == "absent")
