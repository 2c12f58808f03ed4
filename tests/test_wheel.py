"""A wheel carries all it needs: installed elsewhere it serves the game, client included."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the tree; in the environment of the tests, so that nothing is downloaded."""
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (made,) = out.glob("*.whl")
    return made


def test_the_wheel_holds_client_editions_and_translations(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        r"moongate/built/client/assets/race-.*\.js\.gz",
        r"moongate/built/editions/uk/edition\.json",
        r"moongate/built/editions/uk/tracks/london\..*\.glb",
        r"moongate/site/locale/zh_Hans/LC_MESSAGES/django\.mo",
        r"moongate/race/migrations/0001_.*\.py",
        r"moongate/race/determinism/worker\.js",
        r"moongate/site/templates/base\.html",
    ):
        assert any(re.fullmatch(wanted, name) for name in names), wanted
    assert not [n for n in names if "node_modules" in n or n.startswith("tests")]


def test_an_installed_wheel_runs_from_anywhere(wheel: Path, tmp_path: Path):
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MOONGATE", "PYTEST"))}
    # Its own packages come first: what runs is the wheel's, with the dependencies installed here.
    env |= {
        "PYTHONPATH": str(site),
        "MOONGATE_HOME": str(tmp_path / "home"),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "moongate", "run", "--port", str(port)],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = threading.Timer(120, process.kill)
    watchdog.start()
    try:
        assert process.stdout
        said = ""
        for line in process.stdout:
            said += line
            if "ready" in line:
                break
        assert f"Moongate is ready: http://127.0.0.1:{port}" in said, said
        base = f"http://127.0.0.1:{port}"
        page = urllib.request.urlopen(f"{base}/race/play/london/").read().decode()
        script = re.search(r'src="(/static/client/assets/race-[^"]+\.js)"', page)
        assert script, page
        body = urllib.request.urlopen(base + script[1]).read()
        built = ROOT / "src/moongate/built/client/assets" / Path(script[1]).name
        assert body == built.read_bytes()
        edition = urllib.request.urlopen(f"{base}/static/editions/uk/edition.json").read()
        assert b"london" in edition
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()
        watchdog.cancel()
        shutil.rmtree(site)
    assert process.returncode == 0
