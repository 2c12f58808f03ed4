"""The exact posterior against rational enumeration, and what must hold of any posterior."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moongate.health.inference.exact import exact_posterior
from moongate.health.inference.hypotheses import enumerate_hypotheses
from tests.health.inference.brute import enumerate_posterior

TOLERANCE = 1e-12


def random_network(rng, n, m):
    """A random network with some hard cases: certain links, tiny priors, no leak."""
    prior = 10 ** rng.uniform(-7, -0.2, n)
    q = np.where(rng.random((n, m)) < 0.5, rng.random((n, m)), 0.0)
    q[rng.random((n, m)) < 0.03] = 1.0
    leak = rng.choice([1e-9, 1e-4, 0.02, 0.5], m) * rng.random(m)
    return prior, q, leak, rng.random(n)


def assert_same(prior, q, leak, absent):
    posterior, log_evidence = exact_posterior(prior, q, leak, absent)
    expected, total = enumerate_posterior(
        prior.tolist(), q.tolist(), leak.tolist(), absent.tolist()
    )
    for ours, theirs in zip(posterior, expected, strict=True):
        assert abs(ours - float(theirs)) <= TOLERANCE * max(1.0, float(theirs))
    assert math.isclose(math.exp(log_evidence), float(total), rel_tol=1e-10)


def test_ten_thousand_random_networks_agree_with_big_number_enumeration():
    rng = np.random.default_rng(20261124)
    for _ in range(10_000):
        n, m = int(rng.integers(1, 5)), int(rng.integers(0, 5))
        assert_same(*random_network(rng, n, m))


def test_larger_networks_agree_with_big_number_enumeration():
    rng = np.random.default_rng(5)
    for _ in range(12):
        assert_same(*random_network(rng, 8, 8))


def test_many_positive_findings_lose_no_digits():
    """At 16 positives the classic quickscore in float64 is negative (alternating terms)."""
    rng = np.random.default_rng(16)
    n, m = 6, 16
    assert_same(10 ** rng.uniform(-6, -2, n), rng.uniform(0.01, 0.99, (n, m)),
                np.full(m, 1e-4), np.ones(n))  # fmt: skip


probability = st.floats(0.001, 0.999)


@st.composite
def networks(draw):
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    row = st.lists(probability, min_size=n, max_size=n)
    q = draw(st.lists(st.lists(st.one_of(st.just(0.0), probability), min_size=m, max_size=m),
                      min_size=n, max_size=n))  # fmt: skip
    leak = draw(st.lists(probability, min_size=m, max_size=m))
    return (np.array(draw(row)), np.array(q), np.array(leak), np.array(draw(row)))


@given(networks())
@settings(max_examples=150, deadline=None)
def test_order_of_conditions_and_findings_does_not_matter(network):
    prior, q, leak, absent = network
    posterior, evidence = exact_posterior(prior, q, leak, absent)
    rows, columns = np.arange(len(prior))[::-1], np.arange(len(leak))[::-1]
    turned, same = exact_posterior(
        prior[rows], np.ascontiguousarray(q[rows][:, columns]), leak[columns], absent[rows]
    )
    np.testing.assert_allclose(turned[::-1], posterior, rtol=1e-11, atol=1e-14)
    assert math.isclose(evidence, same, rel_tol=1e-9, abs_tol=1e-9)


@given(networks())
@settings(max_examples=150, deadline=None)
def test_a_condition_that_causes_nothing_changes_nothing(network):
    prior, q, leak, absent = network
    before, _ = exact_posterior(prior, q, leak, absent)
    after, _ = exact_posterior(
        np.append(prior, 0.3), np.vstack([q, np.zeros(len(leak))]), leak, np.append(absent, 1.0)
    )
    np.testing.assert_allclose(after[:-1], before, rtol=1e-11, atol=1e-14)
    assert math.isclose(after[-1], 0.3, rel_tol=1e-12)


@given(networks())
@settings(max_examples=150, deadline=None)
def test_a_finding_raises_its_cause_and_its_absence_lowers_it(network):
    prior, q, leak, absent = network
    cause = 0
    q[cause, 0] = 0.9
    q[1:, 0] = 0.0
    without, _ = exact_posterior(prior, np.ascontiguousarray(q[:, 1:]), leak[1:], absent)
    with_, _ = exact_posterior(prior, q, leak, absent)
    denied = absent.copy()
    denied[cause] *= 1 - 0.9
    lowered, _ = exact_posterior(prior, np.ascontiguousarray(q[:, 1:]), leak[1:], denied)
    assert with_[cause] >= without[cause] * (1 - 1e-12)
    assert lowered[cause] <= without[cause] * (1 + 1e-12)


@given(networks(), st.floats(1.0, 5.0))
@settings(max_examples=150, deadline=None)
def test_a_larger_prior_never_lowers_its_own_posterior(network, factor):
    prior, q, leak, absent = network
    before, _ = exact_posterior(prior, q, leak, absent)
    raised = prior.copy()
    raised[0] = min(0.999, raised[0] * factor)
    after, _ = exact_posterior(raised, q, leak, absent)
    assert after[0] >= before[0] * (1 - 1e-11)


def test_hypotheses_come_near_the_exact_posterior_while_priors_are_small():
    rng = np.random.default_rng(3)
    for _ in range(30):
        n, m = 40, 6
        prior = 10 ** rng.uniform(-6, -2.5, n)
        q = np.where(rng.random((n, m)) < 0.3, rng.uniform(0.2, 0.9, (n, m)), 0.0)
        leak, absent = np.full(m, 0.03), rng.random(n)
        exact, _ = exact_posterior(prior, q, leak, absent)
        near = enumerate_hypotheses(prior, q, leak, absent)
        assert np.abs(near.marginal - exact).max() < 0.02 + near.tail
        assert math.isclose(near.weight.sum(), 1.0, rel_tol=1e-9)


def test_hypotheses_are_exact_where_three_conditions_are_all_there_is():
    rng = np.random.default_rng(4)
    prior, q = rng.random(3), rng.random((3, 5))
    leak, absent = rng.random(5), rng.random(3)
    exact, _ = exact_posterior(prior, q, leak, absent)
    near = enumerate_hypotheses(prior, q, leak, absent)
    np.testing.assert_allclose(near.marginal, exact, rtol=1e-9)


BAD = [
    ((np.array([0.5]), np.array([[0.5, 0.5]]), np.array([0.1]), np.array([1.0])), "want"),
    ((np.array([1.5]), np.array([[0.5]]), np.array([0.1]), np.array([1.0])), "prior must lie"),
    ((np.array([0.5]), np.array([[np.nan]]), np.array([0.1]), np.array([1.0])), "q must lie"),
    ((np.array([0.5]), np.zeros((1, 19)), np.full(19, 0.1), np.array([1.0])), "at most 18"),
    ((np.array([0.5]), np.array([[0.0]]), np.array([0.0]), np.array([1.0])), "nothing"),
    ((np.array([1.0]), np.array([[0.5]]), np.array([0.1]), np.array([0.0])), "contradicts"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), BAD, ids=[b[1] for b in BAD])
def test_bad_arguments_are_told(arguments, words):
    with pytest.raises(ValueError, match=words):
        exact_posterior(*arguments)
