"""Runs the simulation: on CPython as it is written, or compiled by Numba.

The compiled form is one linked module in a cache folder named by the simulation's version, so a
change anywhere in `race/sim` compiles afresh and nothing else does.
"""

import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .dialect import link
from .sim import layout
from .transpile import to_python

State = npt.NDArray[np.float64]
Table = npt.NDArray[np.float64]
Inputs = npt.NDArray[np.int32]

SIM_VERSION = link().version

_DRIVERS = """
@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def drive_inputs(state, track, inputs):
    for t in range(inputs.shape[0]):
        step(state, track, inputs[t])


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def drive_rooms(states, track, inputs):
    for t in range(inputs.shape[0]):
        for r in range(states.shape[0]):
            step(states[r], track, inputs[t])


@njit(cache=True, error_model="numpy", nogil=True, _nrt=False)
def fold_hash(words):
    a = np.uint32(0x811C9DC5)
    b = np.uint32(0x9E3779B9)
    for w in words:
        a = np.uint32((a ^ w) * np.uint32(0x01000193))
        b = np.uint32((b ^ w) * np.uint32(0x85EBCA6B))
        b = np.uint32(b ^ (b >> np.uint32(13)))
    return a, b
"""


@dataclass(frozen=True)
class Sim:
    """The simulation on one runtime; every function works on the flat arrays of `sim.layout`."""

    name: str
    init_race: Callable[[Any, Any, int, int], None]
    step: Callable[[Any, Any, Any], None]
    drive: Callable[[Any, Any, Any], None]
    SIM_VERSION: str = SIM_VERSION


def new_state(n_karts: int) -> State:
    """Zeroed state for 1 to 8 karts, float64[HEADER + KART_STRIDE * n_karts]."""
    if not 1 <= n_karts <= 8:
        raise ValueError(f"n_karts must be 1 to 8, not {n_karts}")
    return np.zeros(layout.HEADER + layout.KART_STRIDE * n_karts)


@cache
def load(name: Literal["numba", "python"] = "numba") -> Sim:
    """The simulation on `numba` (fast, compiled once and cached) or `python` (as written)."""
    if name == "numba":
        module = compiled()
        return Sim("numba", module.init_race, module.step, module.drive_inputs)
    if name == "python":
        from .sim.race import init_race, step

        def drive(state: Any, track: Any, inputs: Any) -> None:
            for row in inputs:
                step(state, track, row)  # type: ignore[no-untyped-call]

        return Sim("python", init_race, step, drive)
    raise ValueError(f"runtime must be numba or python, not {name!r}")


def state_hash(state: State) -> str:
    """16 hex digits of the state's bits: equal only for bit-identical states."""
    a, b = compiled().fold_hash(np.ascontiguousarray(state).view(np.uint32))
    return f"{int(a):08x}{int(b):08x}"


def cache_directory() -> Path:
    """Where the compiled simulation is kept: MOONGATE_CACHE, or the user's cache folder."""
    chosen = os.environ.get("MOONGATE_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "moongate"


@cache
def compiled() -> ModuleType:
    """The linked module with Numba's functions; written to the cache on first use."""
    source = to_python(link()).replace("from numba import njit", _NUMBA_IMPORTS) + _DRIVERS
    return import_source(f"moongate_sim_{SIM_VERSION}", source)


def import_source(name: str, source: str) -> ModuleType:
    """A module of this source, written to the cache folder where Numba keeps what it compiles."""
    try:
        folder = cache_directory()
        folder.mkdir(parents=True, exist_ok=True)
        path = _write(folder / f"{name}.py", source)
    except OSError:
        # A read-only home: compile into a folder that goes with the process.
        path = _write(Path(tempfile.mkdtemp(prefix="moongate-")) / f"{name}.py", source)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


_NUMBA_IMPORTS = "import numpy as np\nfrom numba import njit"


def _write(path: Path, source: str) -> Path:
    """Writes only what is new, at once: Numba's cache goes by the file's time."""
    if not path.exists() or path.read_text(encoding="utf-8") != source:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, delete=False, encoding="utf-8"
        ) as new:
            new.write(source)
        os.replace(new.name, path)
    return path
