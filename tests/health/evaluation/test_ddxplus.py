"""The measures, by hand; the whole run, on a planted data set and on a part of the real one."""

import numpy as np
import pytest

from moongate.health.evaluation.ddxplus import (
    Tally,
    calibration_error,
    differential_quality,
    evaluate,
)
from moongate.health.learning.dataset import DatasetError
from moongate.health.learning.model import Outcome
from moongate.health.learning.patients import Batch
from tests.health.learning.clinic import HEADER, write_clinic

KEYS = {"n", "gtpa1", "gtpa3", "questions_mean", "per", "ddr", "ddp", "ddf1", "ece", "intervals"}


def test_differential_quality_by_hand():
    truth = np.array([[0.6, 0.4, 0.0, 0.0], [0.5, 0.49, 0.01, 0.0]])
    guess = np.array([[0.5, 0.0, 0.25, 0.25], [0.9, 0.1, 0.0, 0.0]])
    recall, precision, f1 = differential_quality(truth, guess)
    np.testing.assert_allclose(recall, [1 / 2, 1.0])  # 0.01 itself is not above 0.01
    np.testing.assert_allclose(precision, [1 / 3, 1.0])
    np.testing.assert_allclose(f1, [2 / 5, 1.0])


def test_calibration_error_by_hand():
    sure = np.array([0.95, 0.91, 0.55, 1.0])
    right = np.array([True, True, False, True])
    assert calibration_error(sure, right) == pytest.approx((abs(2.86 - 3) + 0.55) / 4)


def test_the_summary_by_hand():
    batch = Batch(
        np.array([30, 40]),
        np.array([True, False]),
        np.array([0, 3]),
        np.array([0, 1]),
        np.zeros((2, 3), dtype=bool),
        np.array([[1.0, 0, 0, 0], [0, 0, 0.5, 0.5]]),
    )
    outcome = Outcome(
        posterior=np.array([[0.9, 0.1, 0, 0], [0.4, 0.3, 0.2, 0.1]]),
        differential=np.array([[1.0, 0, 0, 0], [0.5, 0, 0, 0.5]]),
        asked=np.array([[True, True, False], [False, True, True]]),
        questions=np.array([1, 4]),
    )
    tally = Tally()
    tally.add(batch, np.array([[True, False, True], [False, True, False]]), outcome)
    summary = tally.summary()
    assert summary["n"] == 2
    assert (summary["gtpa1"], summary["gtpa3"]) == (0.5, 0.5)
    assert summary["questions_mean"] == 2.5
    assert summary["per"] == pytest.approx((1 / 2 + 1) / 2)
    assert summary["ddr"] == summary["ddp"] == summary["ddf1"] == pytest.approx(0.75)
    assert summary["ece"] == pytest.approx((0.1 + 0.4) / 2)
    low, high = summary["intervals"]["gtpa1"]
    assert low < 0.5 < high


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    return write_clinic(tmp_path_factory.mktemp("clinic"))


def run(clinic, **settings):
    return evaluate(clinic.conditions, clinic.evidences, clinic.train, clinic.patients, **settings)


def test_a_whole_run_measures_dialogue_and_full_evidence(clinic):
    lines = []
    summary = run(clinic, full=True, progress=lines.append)
    assert set(summary) == KEYS | {"full"}
    assert set(summary["full"]) == KEYS
    assert summary["n"] == summary["full"]["n"] == 120
    assert summary["gtpa1"] > 0.95
    assert summary["ddf1"] == 1.0
    assert summary["full"]["per"] == 1.0
    assert lines == ["learning", "120 patients"]


def test_noise_is_seeded_and_costs_accuracy(clinic):
    noisy = [run(clinic, unknown=0.3, flip=0.3, seed=seed) for seed in (1, 1, 2)]
    assert noisy[0] == noisy[1] != noisy[2]
    assert noisy[0]["gtpa1"] < run(clinic)["gtpa1"]


def test_silence_alone_ends_the_dialogue_without_harm(clinic):
    summary = run(clinic, unknown=1.0)
    assert summary["gtpa3"] == 1.0  # the complaint alone leaves two of four conditions
    assert summary["per"] > 0


def test_what_cannot_be_measured_is_named(clinic, tmp_path):
    with pytest.raises(ValueError, match=r"unknown must be from 0 to 1, is 2\."):
        run(clinic, unknown=2.0)
    empty = tmp_path / "empty.csv"
    empty.write_text(",".join(HEADER) + "\n")
    with pytest.raises(DatasetError, match="holds no patient"):
        evaluate(clinic.conditions, clinic.evidences, clinic.train, empty)


def test_on_part_of_the_real_data_few_questions_are_enough(tmp_path, shared_data):
    real = shared_data / "ddxplus"
    lines = (real / "patients_dev.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    train, patients = tmp_path / "train.csv", tmp_path / "patients.csv"
    train.write_text("".join([lines[0], *lines[1::2]]), encoding="utf-8")
    patients.write_text("".join([lines[0], *lines[2:402:2]]), encoding="utf-8")
    summary = evaluate(
        real / "release_conditions.json", real / "release_evidences.json", train, patients
    )
    assert summary["n"] == 200
    assert summary["gtpa1"] > 0.95
    assert summary["questions_mean"] <= 5.3
    assert summary["ece"] < 0.04
