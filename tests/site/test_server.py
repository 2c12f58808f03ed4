"""`moongate run`: says when it is ready, ends cleanly, and explains why it cannot start."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from moongate.site import server

READY = re.compile(r"Moongate is ready: (http://127\.0\.0\.1:\d+)")


def command(*words: str, home: Path) -> list[str]:
    return [sys.executable, "-m", "moongate", *words]


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"MOONGATE_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def run(*words: str, home: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(*words, home=home),
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_house_opens_answers_and_ends_cleanly(tmp_path, stop):
    home = tmp_path / "home"
    with subprocess.Popen(
        command("run", "--port", "0", home=home),
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            ready = READY.search(process.stdout.readline())
            assert ready, process.stderr.read()
            with urllib.request.urlopen(ready[1] + "/readyz") as answer:
                assert answer.status == 200
            process.send_signal(stop)
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert out.strip() == "Moongate has stopped."
    assert "Traceback" not in err
    assert sorted(file.name for file in home.iterdir()) == ["db.sqlite3", "secret_key"]


def test_a_port_in_use_is_named_with_another_to_try(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("run", "--port", str(port), home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"moongate: port {port} on 127.0.0.1 is in use")
    assert f"--port {port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["70000", "-1", "http", "80.5", ""])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    done = run("run", f"--port={port}", home=tmp_path)
    assert done.returncode == 2
    assert "a port is a number from 0 to 65535" in done.stderr


def test_a_home_that_cannot_be_used_is_explained(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("run", "--port", "0", home=tmp_path / "file" / "home")
    assert done.returncode == 1
    assert "Set MOONGATE_HOME to a folder you may write to" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_explained_without_a_traceback(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://db/x")
    for words in (("run", "--port", "0"), ("manage", "check")):
        done = run(*words, home=tmp_path)
        assert done.returncode == 1
        assert "DATABASE_URL must start with sqlite:// or postgres://" in done.stderr
        assert "Traceback" not in done.stderr


def test_operators_reach_djangos_commands(tmp_path):
    done = run("manage", "check", home=tmp_path)
    assert done.returncode == 0
    assert "no issues" in done.stdout


def test_a_host_of_another_machine_is_refused():
    with pytest.raises(server.CannotRun, match="no address of this machine"):
        server.listen("192.0.2.1", 0)
    with pytest.raises(server.CannotRun, match="not known here"):
        server.listen("no-such-host.invalid", 0)


def test_the_address_shown_is_one_to_type_into_a_browser():
    for host, name in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")):
        with server.listen(host, 0) as listener:
            port = listener.getsockname()[1]
            assert server.address_of(listener, host) == f"http://{name}:{port}"
