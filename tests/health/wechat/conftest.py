"""An Official Account set up, its WeChat on loopback, and messages answered without threads."""

from concurrent.futures import Future

import pytest

from moongate.health import serving
from moongate.health.wechat import desk
from moongate.health.wechat.api import access, transport
from tests.health.wechat.api_server import Api, serve
from tests.health.wechat.peer import AES_KEY, APP_ID, SECRET, TOKEN, Peer

MINI_ID, MINI_SECRET = "wx0000mini", "s3cret-of-the-mini-program"


@pytest.fixture
def account(settings, monkeypatch, engine):
    """The account in plain mode, and the engine of the test run."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "weixin": {
            "APPS": [{"key": "official_account", "client_id": APP_ID, "secret": SECRET}],
        }
    }
    settings.WECHAT_MESSAGES = {"token": TOKEN, "aes_keys": []}
    settings.WECHAT_MINI_PROGRAM = {"app_id": MINI_ID, "secret": MINI_SECRET}
    settings.PUBLIC_URL = "https://moongate.example"
    settings.WECHAT_API_URL = "http://127.0.0.1:9"  # nobody, unless a test says who
    monkeypatch.setattr(serving, "engine", lambda: engine)
    monkeypatch.setattr(desk, "submit", at_once)
    monkeypatch.setattr(desk, "warm_up", lambda: None)
    return settings


@pytest.fixture
def sealed_account(account):
    """The same with an AES key."""
    account.WECHAT_MESSAGES = {"token": TOKEN, "aes_keys": [AES_KEY]}
    return account


@pytest.fixture
def api(account, monkeypatch):
    """WeChat's API on loopback."""
    monkeypatch.setattr(transport, "PAUSE_S", 0.0)
    monkeypatch.setattr(access, "POLL_S", 0.01)
    world = Api({APP_ID: SECRET, MINI_ID: MINI_SECRET})
    server = serve(world)
    account.WECHAT_API_URL = f"http://127.0.0.1:{server.server_port}"
    yield world
    server.shutdown()
    server.server_close()


@pytest.fixture
def peer(client, account):
    """WeChat's servers, at Django's test client."""

    def send(address, body):
        if body is None:
            answer = client.get(address)
        else:
            answer = client.generic("POST", address, body, content_type="text/xml")
        answer.close()
        return answer.status_code, answer.headers["Content-Type"], answer.content

    return Peer(send)


def at_once(job, pk):
    done = Future()
    try:
        job(pk)
    except Exception as error:
        done.set_exception(error)
    else:
        done.set_result(None)
    return done
