"""What "7 out of 10" means for the findings: how bad a pain must be to count as severe."""

from __future__ import annotations

from moongate.health.inference.network import Evidence, Network

# Findings whose meaning is that their parent is severe.
SEVERE = (
    "abdo_pain_severe",
    "chest_pain_severe",
    "eye_pain_severe",
    "headache_severe",
    "sore_throat_severe",
)
# The usual cut-offs on a scale from 0 to 10: 7 and above severe, up to 4 mild or moderate. What
# lies between decides nothing.
LEAST_SEVERE, MOST_MILD = 7, 4


def open_severe(network: Network, evidence: Evidence) -> tuple[str, ...]:
    """The severe forms of what is present, of which nothing was said yet."""
    settled = evidence.present | evidence.absent | evidence.unknown
    return tuple(
        name for name in SEVERE if network.parent.get(name) in evidence.present - {name}
        and name not in settled
    )  # fmt: skip


def with_severity(network: Network, evidence: Evidence, degree: int | None) -> Evidence:
    """The evidence after a degree from 0 to 10 (None: cannot say)."""
    answer = "unknown"
    if degree is not None and degree >= LEAST_SEVERE:
        answer = "present"
    elif degree is not None and degree <= MOST_MILD:
        answer = "absent"
    for name in open_severe(network, evidence):
        evidence = evidence.with_(name, answer)
    return network.closed(evidence)
