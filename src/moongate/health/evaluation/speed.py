"""How long the inference takes, beside pyAgrum on a network that both can solve."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moongate.health.assessment import Engine
from moongate.health.evaluation.sensitivity import typical_case
from moongate.health.inference.exact import exact_posterior
from moongate.health.inference.hypotheses import enumerate_hypotheses

Floats = NDArray[np.float64]
POSITIVES = (2, 4, 8, 10, 12, 14, 16)
SHARED_CONDITIONS, SHARED_FINDINGS = 18, 10


def _seconds(call: Callable[[], object], least: int = 3) -> float:
    """The median of a few runs after one that warms up."""
    call()
    times = []
    for _ in range(least):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def _random_network(n: int, m: int, seed: int) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    q = np.where(rng.random((n, m)) < 0.35, rng.uniform(0.1, 0.9, (n, m)), 0.0)
    return rng.uniform(0.005, 0.1, n), q, rng.uniform(0.01, 0.1, m)


def bench() -> dict[str, Any]:
    """Times in milliseconds; `peer` compares with pyAgrum in this run, None where it is absent."""
    engine = Engine.load()
    network = engine.network
    posterior: dict[str, Any] = {}
    rng = np.random.default_rng(7)
    prior = network.prior(engine.begin(age=40).evidence)
    common = np.argsort(-(network.q > 0).sum(axis=0), kind="stable")[:120]
    for m in POSITIVES:
        columns = rng.choice(common, size=m, replace=False)
        q = np.ascontiguousarray(network.q[:, columns])
        leak, absent = network.leak[columns], np.ones(prior.shape)
        case = (prior, q, leak, absent)
        exact = _seconds(partial(exact_posterior, *case))
        near = _seconds(partial(enumerate_hypotheses, *case))
        posterior[str(m)] = {
            "exact_ms": round(1000 * exact, 2),
            "approximate_ms": round(1000 * near, 2),
        }
    times = []
    for condition in network.conditions[:: max(1, len(network.conditions) // 60)]:
        assessment = engine.begin()
        evidence = typical_case(network, condition)
        for finding in sorted(evidence.present)[:4]:
            evidence_so_far = assessment.evidence.with_(finding, "present")
            assessment = type(assessment)(assessment.lang, network.closed(evidence_so_far))
        engine.question(assessment)
        start = time.perf_counter()
        engine.question(assessment)
        times.append(time.perf_counter() - start)
    return {
        "knowledge": engine.base.edition,
        "conditions": len(network.conditions),
        "findings": len(network.findings),
        "posterior": posterior,
        "next_question_p50_ms": round(1000 * float(np.quantile(times, 0.5)), 2),
        "next_question_p95_ms": round(1000 * float(np.quantile(times, 0.95)), 2),
        "peer": _peer(),
    }


def _peer() -> dict[str, Any] | None:
    """Both solve one small random network; its treewidth is what limits pyAgrum."""
    try:
        import pyagrum
    except ImportError:
        return None
    prior, q, leak = _random_network(SHARED_CONDITIONS, SHARED_FINDINGS, seed=3)
    net = pyagrum.BayesNet()
    for i, p in enumerate(prior):
        net.add(pyagrum.LabelizedVariable(f"c{i}", "", 2))
        net.cpt(f"c{i}").fillWith([1 - float(p), float(p)])
    for j, p in enumerate(leak):
        net.addNoisyORNet(pyagrum.LabelizedVariable(f"f{j}", "", 2), float(p))
        for i in range(len(prior)):
            if q[i, j] > 0:
                net.addWeightedArc(f"c{i}", f"f{j}", float(q[i, j]))
    evidence = {f"f{j}": 1 for j in range(len(leak))}

    def theirs() -> list[float]:
        engine = pyagrum.LazyPropagation(net)
        engine.setEvidence(evidence)
        engine.makeInference()
        return [float(engine.posterior(f"c{i}")[1]) for i in range(len(prior))]

    ours = exact_posterior(prior, q, leak, np.ones(len(prior)))[0]
    difference = float(np.abs(np.array(theirs()) - ours).max())
    our_time = _seconds(lambda: exact_posterior(prior, q, leak, np.ones(len(prior))))
    their_time = _seconds(theirs)
    return {
        "name": f"pyAgrum {pyagrum.__version__} LazyPropagation",
        "conditions": SHARED_CONDITIONS,
        "positives": SHARED_FINDINGS,
        "ours_ms": round(1000 * our_time, 3),
        "theirs_ms": round(1000 * their_time, 3),
        "times_faster": round(their_time / our_time, 1),
        "largest_difference": difference,
    }


def bench_lines(result: dict[str, Any]) -> list[str]:
    """The measurement as lines of text."""
    lines = [
        f"{result['conditions']} conditions, {result['findings']} findings ({result['knowledge']})"
    ]
    for m, row in result["posterior"].items():
        lines.append(
            f"{m:>3} positives: exact {row['exact_ms']:9.2f} ms, "
            f"approximate {row['approximate_ms']:7.2f} ms"
        )
    lines.append(
        f"next question: p50 {result['next_question_p50_ms']} ms, "
        f"p95 {result['next_question_p95_ms']} ms"
    )
    peer = result["peer"]
    if peer is None:
        lines.append("pyAgrum is not installed: no comparison (the `bench` extra has it)")
    else:
        lines.append(
            f"{peer['conditions']} conditions, {peer['positives']} positives: "
            f"ours {peer['ours_ms']} ms, "
            f"{peer['name']} {peer['theirs_ms']} ms: ×{peer['times_faster']}, "
            f"largest difference {peer['largest_difference']:.1e}"
        )
    return lines
