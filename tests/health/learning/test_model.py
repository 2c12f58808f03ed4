"""Learning, the dialogue, and the saved file, on a planted data set."""

import msgspec
import numpy as np
import pytest

from moongate.health.learning.dataset import (
    DatasetError,
    make_schema,
    read_conditions,
    read_evidences,
)
from moongate.health.learning.dialogue import begin, open_questions, tell
from moongate.health.learning.model import load, save, train
from moongate.health.learning.patients import make_batch, read_patients
from moongate.health.learning.simulate import SimulatedPatients
from tests.health.learning.clinic import write_clinic


def learn(clinic, patients=None):
    described, asked = read_conditions(clinic.conditions), read_evidences(clinic.evidences)
    rows = patients or read_patients(clinic.train, make_schema(described, asked))
    return train(described, asked, rows)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    return write_clinic(tmp_path_factory.mktemp("clinic"))


@pytest.fixture(scope="module")
def model(clinic):
    return learn(clinic)


@pytest.fixture(scope="module")
def batch(clinic, model):
    schema = model.likelihoods.schema
    return make_batch(list(read_patients(clinic.patients, schema)), schema)


def answers(model, batch, unknown=0.0, flip=0.0, seed=3):
    return SimulatedPatients(batch, model.likelihoods.schema, unknown=unknown, flip=flip, seed=seed)


def of(model, batch, name):
    return np.flatnonzero(batch.pathology == model.likelihoods.schema.condition_at[name])


def test_training_recovers_the_planted_chances(model):
    schema = model.likelihoods.schema
    fever = np.exp(model.likelihoods.yes[:, schema.item_at["E_fever"]])
    chance = dict(zip(schema.conditions, fever, strict=True))
    assert chance["Flu"] == pytest.approx(0.97, abs=0.06)
    assert max(chance["Cold"], chance["Colic"], chance["Ulcer"]) < 0.01
    flank = np.exp(model.likelihoods.yes[:, schema.item_at["E_where_@_V_flank"]])
    assert flank[schema.condition_at["Colic"]] > 0.75 > 0.2 > flank[schema.condition_at["Ulcer"]]


def test_the_dialogue_finds_the_condition(model, batch):
    outcome = model.hold(batch, answers(model, batch))
    assert (outcome.posterior.argmax(axis=1) == batch.pathology).mean() > 0.95
    assert outcome.questions.mean() < 4


def test_the_dialogue_asks_what_tells_apart(model, batch):
    at = model.likelihoods.schema.evidence_at
    asked = model.hold(batch, answers(model, batch)).asked
    for name, code in (("Flu", "E_fever"), ("Cold", "E_fever"), ("Colic", "E_where")):
        assert asked[of(model, batch, name), at[code]].all()


def test_a_child_is_never_asked_before_its_parent_is_there(model, batch):
    schema = model.likelihoods.schema
    at = schema.evidence_at
    asked = model.hold(batch, answers(model, batch)).asked
    coughing = np.concatenate([of(model, batch, "Cold"), of(model, batch, "Flu")])
    assert not asked[coughing][:, [at["E_where"], at["E_scale"]]].any()
    state = begin(model.likelihoods, batch.take(coughing[:2]))
    assert not open_questions(state, schema)[:, at["E_where"]].any()
    yes, no = np.array([[True]]), np.array([[False]])
    tell(model.likelihoods, state, np.array([0]), at["E_pain"], yes, np.array([True]))
    tell(model.likelihoods, state, np.array([1]), at["E_pain"], no, np.array([True]))
    assert open_questions(state, schema)[:, at["E_where"]].tolist() == [True, False]


def test_nothing_is_asked_twice_and_the_complaint_not_at_all(model, batch):
    said = []

    class Listening(SimulatedPatients):
        def __call__(self, rows, evidence):
            said.extend((int(row), evidence) for row in rows)
            return super().__call__(rows, evidence)

    schema = model.likelihoods.schema
    outcome = model.hold(batch, Listening(batch, schema, unknown=0.3, flip=0.1, seed=1))
    assert len(said) == len(set(said)) == outcome.questions.sum()
    assert not set(said) & set(enumerate(batch.initial.tolist()))


def test_unknown_answers_leave_the_belief_as_it_was(model, batch):
    state = begin(model.likelihoods, batch)
    before = state.belief()
    fever = model.likelihoods.schema.evidence_at["E_fever"]
    rows = np.arange(len(batch))
    nobody = np.zeros(len(batch), dtype=bool)
    tell(model.likelihoods, state, rows, fever, np.ones((len(batch), 1), bool), nobody)
    np.testing.assert_array_equal(state.belief(), before)
    assert not state.there[:, fever].any()


def test_a_single_wrong_answer_is_survived_when_others_speak_against_it(model, batch):
    schema = model.likelihoods.schema
    state = begin(model.likelihoods, batch.take(of(model, batch, "Colic")[:1]))
    row, sure = np.array([0]), np.array([True])
    where = np.array([[False, True, True, False, False]])
    tell(model.likelihoods, state, row, schema.evidence_at["E_fever"], np.array([[True]]), sure)
    tell(model.likelihoods, state, row, schema.evidence_at["E_where"], where, sure)
    assert schema.conditions[state.belief()[0].argmax()] == "Colic"


def test_the_head_names_the_partner_that_the_posterior_rules_out(model, batch):
    outcome = model.hold(batch, answers(model, batch))
    np.testing.assert_array_equal(outcome.differential > 0.01, batch.differential > 0.01)
    np.testing.assert_allclose(outcome.differential.sum(axis=1), 1.0)
    rows = np.arange(len(batch))
    assert outcome.differential[rows, batch.pathology].mean() == pytest.approx(0.7, abs=0.1)


def test_training_and_dialogue_are_deterministic(clinic, model, batch):
    again = learn(clinic)
    for name in ("prior", "yes", "no", "initial"):
        np.testing.assert_array_equal(
            getattr(again.likelihoods, name), getattr(model.likelihoods, name)
        )
    noisy = [m.hold(batch, answers(m, batch, 0.2, 0.1)) for m in (model, again)]
    np.testing.assert_array_equal(noisy[0].posterior, noisy[1].posterior)
    np.testing.assert_array_equal(noisy[0].differential, noisy[1].differential)


def test_a_patient_answers_alike_whoever_else_is_in_the_batch(model, batch):
    schema = model.likelihoods.schema
    alone = SimulatedPatients(
        batch.take(np.array([5])), schema, unknown=0.3, flip=0.3, seed=3, first=5
    )
    together = answers(model, batch, 0.3, 0.3)
    for e in range(len(schema.evidences)):
        for one, other in zip(alone(np.array([0]), e), together(np.array([5]), e), strict=True):
            np.testing.assert_array_equal(one, other)


def test_a_saved_model_comes_back_equal(tmp_path, model, batch):
    save(model, tmp_path / "model.bin")
    back = load(tmp_path / "model.bin")
    assert back.likelihoods.schema.evidences == model.likelihoods.schema.evidences
    assert (back.stop, back.likelihoods.settings) == (model.stop, model.likelihoods.settings)
    for one, other in (
        (back.hold(batch, answers(back, batch)), model.hold(batch, answers(model, batch))),
        (back.hear_all(batch, answers(back, batch)), model.hear_all(batch, answers(model, batch))),
    ):
        np.testing.assert_array_equal(one.posterior, other.posterior)
        np.testing.assert_array_equal(one.differential, other.differential)
        np.testing.assert_array_equal(one.asked, other.asked)
    save(back, tmp_path / "again.bin")
    assert (tmp_path / "again.bin").read_bytes() == (tmp_path / "model.bin").read_bytes()


def test_a_file_that_is_no_model_is_refused(tmp_path, model):
    path = tmp_path / "model.bin"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(DatasetError, match="is no saved model"):
        load(path)
    save(model, path)
    content = msgspec.msgpack.decode(path.read_bytes())
    path.write_bytes(msgspec.msgpack.encode(content | {"version": 99}))
    with pytest.raises(DatasetError, match="version must be 1, is 99"):
        load(path)
    path.write_bytes(msgspec.msgpack.encode(content | {"tables": {}}))
    with pytest.raises(DatasetError, match="is damaged"):
        load(path)


def test_too_few_patients_are_refused(clinic, model):
    schema = model.likelihoods.schema
    few = list(read_patients(clinic.train, schema))[:3]
    with pytest.raises(DatasetError, match="at least 20 are needed, got 3"):
        learn(clinic, few)
