"""The drivers' kernel compiled by Numba, kept under a name made of all it depends on."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from moongate.race import runtime
from moongate.race.dialect import link_drivers
from moongate.race.transpile import to_python


@cache
def compiled_policy() -> ModuleType:
    """The kernel and what it needs of the simulation as one compiled module."""
    linked = link_drivers()
    return runtime.import_source(f"moongate_drivers_{linked.version}", to_python(linked))
