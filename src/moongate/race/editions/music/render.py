"""Render compiled scores with the browser's own synthesiser, in a headless Chromium."""

from __future__ import annotations

import base64
import json
import mimetypes
import shutil
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moongate.race.editions.faults import EditionError

CLIENT = Path(__file__).parents[3] / "built" / "client"
ENTRY = "race/audio/music/render.ts"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Never asked of a network: every request is answered from the built client.
ORIGIN = "https://music.invalid"
LONGEST_S = 600.0

Sound = NDArray[np.float64]


@dataclass(frozen=True)
class Performance:
    """What is played, in seconds: the race's moments, as the player in the browser gets them."""

    seconds: float
    intro: float = 0.0
    countdown: float = 0.0
    skip_bars: int = 0
    last_lap: float | None = None
    finish: float | None = None
    boost: tuple[float, float] | None = None
    only: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same, as the browser's module names it."""
        wish: dict[str, Any] = {k: v for k, v in asdict(self).items() if v is not None and v != ()}
        names = {"skip_bars": "from", "last_lap": "lastLap"}
        return {names.get(key, key): value for key, value in wish.items()}


@dataclass(frozen=True)
class Rendered:
    """Stereo sound: (samples, 2) in −1 … 1, its rate in Hz, and the peak before the 16 bits."""

    sound: Sound
    rate: int
    peak: float


class Studio:
    """An open page with the synthesiser in it."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def perform(self, score: dict[str, Any], performance: Performance) -> Rendered:
        """Play a compiled score into memory."""
        if not 0 < performance.seconds <= LONGEST_S:
            raise ValueError(f"seconds must be in 0 … {LONGEST_S} (got {performance.seconds})")
        done = self._page.evaluate(
            "([score, wish]) => moongateMusic.perform(JSON.parse(score), wish)",
            [json.dumps(score), performance.as_json()],
        )
        pcm = np.frombuffer(base64.b64decode(done["pcm"]), "<i2").reshape(-1, 2)
        return Rendered(pcm / 32767.0, int(done["rate"]), float(done["peak"]))

    def instruments(self) -> tuple[list[str], list[str]]:
        """The instruments and the drums the synthesiser has."""
        names, drums = self._page.evaluate("[moongateMusic.instruments, moongateMusic.drums]")
        return list(names), list(drums)


@contextmanager
def studio(client: Path = CLIENT) -> Iterator[Studio]:
    """A headless Chromium with the synthesiser in it; EditionError names what is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise EditionError(
            "render-music", "Playwright", "it is not installed", "pip install playwright."
        ) from None
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found:
        raise EditionError(
            "render-music",
            "Chromium",
            "there is none on this machine",
            "Install Chromium (apt install chromium).",
        )
    script = _script(client)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            page = browser.new_page()
            page.route("**/*", lambda route: _answer(route, client))
            page.goto(f"{ORIGIN}/")
            page.evaluate(f"import('/static/client/{script}').then(() => true)")
            yield Studio(page)
        finally:
            browser.close()


def _script(client: Path) -> str:
    manifest = client / ".vite" / "manifest.json"
    mend = "Build the client first (python client/build.py)."
    try:
        entry = json.loads(manifest.read_text("utf-8"))[ENTRY]
    except (OSError, ValueError, KeyError):
        raise EditionError(manifest, ENTRY, "the client is not built", mend) from None
    return str(entry["file"])


def _answer(route: Any, client: Path) -> None:
    path = route.request.url.removeprefix(f"{ORIGIN}/")
    if path == "":
        route.fulfill(content_type="text/html", body="<!doctype html><title>music</title>")
        return
    file = (client / path.removeprefix("static/client/")).resolve()
    if client.resolve() in file.parents and file.is_file():
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        route.fulfill(content_type=kind, body=file.read_bytes())
    else:
        route.fulfill(status=404)


def write_wav(file: Path, rendered: Rendered) -> None:
    """16-bit stereo WAV."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(rendered.rate)
        out.writeframes(np.round(rendered.sound * 32767).astype("<i2").tobytes())
