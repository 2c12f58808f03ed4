"""Urgency from the posterior: calibrated shares, the expected loss, and what was not understood."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.health.assessment import Engine
from moongate.health.inference.posterior import posterior
from moongate.health.inference.triage import LOSS, NOTHING, calibrated, decide, level_shares
from moongate.health.knowledge.schema import LEVELS

SHARES = np.array([0.1, 0.2, 0.3, 0.25, 0.15])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=5, max_size=5).filter(sum), st.floats(0, 1))
def test_calibrated_levels_are_probabilities(shares: list[float], sure: float):
    given_ = np.array(shares) / sum(shares)
    chance = calibrated(given_, sure)
    assert chance.sum() == pytest.approx(1)
    assert (chance > 0).all()


def test_what_is_hardly_known_stays_as_it_is():
    assert calibrated(SHARES, 0.0) == pytest.approx(SHARES, abs=0.005)


def test_a_sure_diagnosis_weighs_its_emergencies_more_and_its_likeliest_level():
    vague, sure = calibrated(SHARES, 0.1), calibrated(SHARES, 1.0)
    assert sure[0] / sure[2] > vague[0] / vague[2]
    clear = np.array([0.0, 0.05, 0.9, 0.05, 0.0])
    assert calibrated(clear, 1.0)[2] > clear[2]


def test_going_home_with_an_emergency_costs_most_and_a_right_level_nothing():
    assert LOSS.argmax() == LEVELS.index("self_care")  # of an emergency: the first row
    assert (np.diag(LOSS) == 0).all()
    for row in range(5):
        assert (np.diff(LOSS[row, row:]) > 0).all()
        assert (np.diff(LOSS[row, : row + 1]) < 0).all()


def test_one_sure_condition_gives_its_own_levels(engine: Engine):
    network = engine.network
    found = posterior(network, network.closed(engine.begin(age=30).evidence))
    at = next(i for c, i in network.condition_at.items() if "pneumonia" in c)
    only = np.zeros(len(network.conditions))
    only[at] = 0.9
    sure = replace(found, probability=only, hypotheses=replace(found.hypotheses, nothing=0.0))
    assert level_shares(network, sure) == pytest.approx(network.levels[at])
    none = replace(found, probability=only * 0)
    assert level_shares(network, none) == pytest.approx(NOTHING)


def test_of_whom_nothing_was_understood_a_doctor_is_advised_whatever_the_priors(engine: Engine):
    for text in ("hello there, what is this", "我想问一下这是什么"):
        told = engine.tell(engine.begin(), text)
        assert not told.evidence.present
        network = engine.network
        triage = decide(network, told.evidence, posterior(network, told.evidence))
        assert (triage.level, triage.reason) == ("gp", "little known")


def test_a_common_cold_is_not_made_urgent_by_what_could_ride_along(engine: Engine):
    told = engine.tell(
        engine.begin(age=30, sex="female"),
        "runny nose, sneezing and a tickly sore throat for two days, no fever, eating and drinking",
    )
    assert LEVELS.index(engine.result(told).triage.level) >= LEVELS.index("pharmacist")
