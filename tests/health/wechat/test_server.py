"""The real server on loopback, in WeChat's three modes, and killed in the middle of a talk."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.health.wechat.api_server import Api, serve
from tests.health.wechat.peer import AES_KEY, APP_ID, SECRET, TOKEN, Peer
from tests.health.wechat.test_gate import BODIES

ROOT = Path(__file__).parents[3]
START_S = 120
MING = "o-ming"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(home, api_port, *, sealed):
    """The process and a way to send to it; killed at the end if it still lives."""
    port = free_port()
    env = os.environ | {
        "MOONGATE_HOME": str(home),
        "MOONGATE_WECHAT_ACCOUNT_ID": APP_ID,
        "MOONGATE_WECHAT_ACCOUNT_SECRET": SECRET,
        "MOONGATE_WECHAT_TOKEN": TOKEN,
        "MOONGATE_WECHAT_AES_KEY": AES_KEY if sealed else "",
        "WECHAT_API_URL": f"http://127.0.0.1:{api_port}",
        "SLOW_FILE": str(home / "slow"),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "moongate.site.settings",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.health.wechat.site_on_loopback", str(port)],
        env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said = []
    ready = threading.Event()

    def listen():
        for line in process.stdout:
            said.append(line)
            if "Moongate is ready" in line:
                ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        assert ready.wait(START_S), "".join(said)
        assert process.poll() is None, "".join(said)
        yield process, sender(port), said
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(20)


def sender(port):
    def send(address, body):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            headers = {"Content-Type": "text/xml"} if body is not None else {}
            connection.request("GET" if body is None else "POST", address, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers["Content-Type"], answer.read()
        finally:
            connection.close()

    return send


@pytest.fixture
def api():
    world = Api({APP_ID: SECRET})
    server = serve(world)
    yield world, server.server_port
    server.shutdown()
    server.server_close()


def hostile(peer):
    """Everything that must be refused; a body over the limit may be cut off before."""
    for name, body in BODIES.items():
        status, _kind, answer = peer.send(peer.at(peer.query()), body)
        assert status in ((403, 413) if name == "too long" else (403,)), name
        assert b"Traceback" not in answer
    wrong = [
        Peer(peer.send, peer.mode, token="sunlight8"),
        Peer(peer.send, peer.mode, ahead_s=-900),
    ]
    if peer.mode != "plain":
        wrong.append(Peer(peer.send, peer.mode, aes_key="Z" * 43))
        wrong.append(Peer(peer.send, peer.mode, app_id="wx0000000000000000"))
    for stranger in wrong:
        assert stranger.text(MING, "头痛").status == 403
    address, body = peer.request("o-other", MsgType="text", Content="你好", MsgId="1")
    assert peer.deliver(address, body).status == 200
    _address, other = peer.request("o-other", MsgType="text", Content="你好", MsgId="2")
    assert peer.send(address, other)[0] == 403


def test_three_modes_and_a_kill_in_the_middle(tmp_path, api):
    world, api_port = api
    with running(tmp_path, api_port, sealed=True) as (process, send, said):
        safe, compatible = Peer(send, "safe"), Peer(send, "compatible")
        assert safe.verify()[2] == b"5837251039472"
        hostile(safe)
        hostile(compatible)
        safe.text(MING, "你好")
        safe.text(MING, "1")
        assert "多大年龄" in told(compatible, world, "头痛")
        question = told(safe, world, "30")
        assert "性别" in question
        # An answer under way when the process is killed.
        (tmp_path / "slow").write_text("30")
        request = safe.request(MING, MsgType="text", Content="1", MsgId="77")
        lost = []

        def send_and_lose():
            try:
                safe.deliver(*request)
            except (OSError, http.client.HTTPException) as error:
                lost.append(error)

        waiting = threading.Thread(target=send_and_lose)
        waiting.start()
        time.sleep(1.0)
        process.send_signal(signal.SIGKILL)
        waiting.join(20)
        assert len(lost) == 1
        assert "Traceback" not in "".join(said)
    (tmp_path / "slow").unlink()
    with running(tmp_path, api_port, sealed=False) as (process, send, said):
        peer = Peer(send, "plain")
        assert peer.verify()[0] == 200
        # WeChat's repetition of the lost message is answered, and the talk stands where it stood.
        on = told(peer, world, None, MsgType="text", Content="1", MsgId="77")
        assert "已记下：女" in on
        assert peer.message(MING, MsgType="text", Content="1", MsgId="77").status == 200
        assert told(peer, world, "重复") == on
        assert told(peer, world, "返回") == question
        hostile(peer)
        (tmp_path / "slow").write_text("4.5")
        before, begun = len(world.sent), time.monotonic()
        assert peer.text(MING, "English").body == b"success"
        assert time.monotonic() - begun < 5
        assert until(lambda: len(world.sent) > before)
        assert "born female or male" in world.sent[-1][1]
        assert {openid for openid, _text in world.sent} == {MING}
        assert len(set(world.sent)) == len(world.sent)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert "Traceback" not in "".join(said)
        for word in ("头痛", "性别", MING):
            assert word not in "".join(said)


def told(peer, world, words, **fields):
    """What the person is told, in the answer or, where the machine is busy, after it."""
    before = len(world.sent)
    answer = peer.text(MING, words) if words else peer.message(MING, **fields)
    if answer.text is None:
        assert until(lambda: len(world.sent) > before)
        time.sleep(0.5)  # until the server knows that it has arrived
        return world.sent[-1][1]
    return answer.text


def until(found, within_s=20.0):
    give_up = time.monotonic() + within_s
    while not found() and time.monotonic() < give_up:
        time.sleep(0.1)
    return found()
