"""A real server, a real browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from moongate.race.editions.build import build_edition
from moongate.race.editions.scaffold import begin_edition

SIZES = {"phone": (390, 844), "desk": (1280, 800), "landscape": (844, 390)}
SHOTS = Path(__file__).parent / "shots"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--autoplay-policy=no-user-gesture-required",
]
START_S = 120

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `moongate run --demo`, a process of its own with an empty home."""
    with served(tmp_path_factory.mktemp("home"), "--demo") as address:
        yield address


@contextmanager
def served(home: Path, *words: str) -> Iterator[str]:
    """The address of `moongate run` with more words, a process of its own, while in the block."""
    port = _free_port()
    env = os.environ | {"MOONGATE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "moongate", "run", "--port", str(port), *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        assert process.stdout
        for line in process.stdout:
            said.append(line)
            if "ready" in line:
                ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    if not ready.wait(START_S) or process.poll() is not None:
        process.kill()
        pytest.fail("moongate run did not start:\n" + "".join(said))
    yield f"http://localhost:{port}"
    process.send_signal(signal.SIGINT)
    try:
        code = process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        pytest.fail("moongate run did not end on Ctrl-C:\n" + "".join(said[-40:]))
    assert code == 0, "".join(said[-40:])
    assert "Traceback" not in "".join(said)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the machine.

    For a module only: while Playwright runs, no other test can have an event loop.
    """
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found:
        pytest.skip("no Chromium on this machine: install it to run the browser tests")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def dales(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a house with a second edition, whose one course is a single short lap."""
    home = tmp_path_factory.mktemp("home")
    source = begin_edition("dales", tmp_path_factory.mktemp("sources") / "dales")
    track = source / "tracks" / "round-the-pond.toml"
    track.write_text(track.read_text().replace("laps = 2", "laps = 1"))
    build_edition(source, home / "editions" / "dales")
    with served(home) as address:
        yield address


@pytest.fixture
def page_at(browser: Browser, live: str) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own: page_at("phone", "zh-hans", dark=True, house=dales)."""
    contexts = []

    def open_page(size: str = "desk", language: str = "en", dark: bool = False, **more) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=more.pop("house", live),
            viewport={"width": width, "height": height},
            locale={"en": "en-GB", "zh-hans": "zh-CN"}[language],
            color_scheme="dark" if dark else "light",
            has_touch=size != "desk",
            is_mobile=size != "desk",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where screenshots go, for people to look at."""
    SHOTS.mkdir(exist_ok=True)
    return SHOTS
