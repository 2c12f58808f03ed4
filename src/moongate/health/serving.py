"""The engine of this process: made at first need, once, and heeding the operator's switches."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from moongate.health.safety.switches import conditions_off

if TYPE_CHECKING:
    from moongate.health.assessment import Engine

_lock = threading.Lock()


def engine() -> Engine:
    """The one engine over the knowledge that ships. The first call takes seconds.

    Raises KnowledgeError where the base has a grave fault.
    """
    with _lock:
        return _made()


@lru_cache(1)
def _made() -> Engine:
    # Not at the top: importing it takes seconds, and most processes never ask for it.
    from moongate.health.assessment import Engine

    made = Engine.load()
    made.withheld = conditions_off
    return made
