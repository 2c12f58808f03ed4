"""A server on loopback that speaks WeChat's server API, and misbehaves on demand."""

from __future__ import annotations

import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40125: "invalid appsecret",
    40163: "code been used",
    42001: "access_token expired",
    43004: "require subscribe",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    48001: "api unauthorized",
}


@dataclass
class Api:
    """What WeChat knows. `faults` are codes that the next calls of a path are answered with."""

    apps: dict[str, str]
    token: str = "token-0"
    lasts_s: int = 7200
    spent: set[str] = field(default_factory=set)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    languages: dict[str, str] = field(default_factory=dict)
    unionids: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[int]] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)
    menus: list[dict] = field(default_factory=list)
    calls: list[tuple[str, dict, dict]] = field(default_factory=list)
    raw: bytes | None = None
    status: int = 200
    slow_s: float = 0.0
    # Take the message, then say nothing: the connection ends without an answer.
    mute: int = 0
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str, query: dict, body: dict) -> dict:
        with self.lock:
            self.calls.append((path, query, body))
            if self.faults.get(path):
                return self.error(self.faults[path].pop(0))
            return {
                "/cgi-bin/stable_token": self.stable_token,
                "/cgi-bin/message/custom/send": self.send,
                "/cgi-bin/menu/create": self.menu,
                "/cgi-bin/user/info": self.user,
                "/sns/jscode2session": self.session,
            }[path](query, body)

    def error(self, code: int) -> dict:
        return {"errcode": code, "errmsg": f"{MESSAGES[code]} rid: 65a-1"}

    def stable_token(self, _query: dict, body: dict) -> dict:
        if self.apps.get(body["appid"]) != body["secret"]:
            return self.error(40125 if body["appid"] in self.apps else 40013)
        if body["force_refresh"] or self.token == "token-0":
            self.spent.add(self.token)
            self.token = f"token-{next(self.numbers)}"
        return {"access_token": self.token, "expires_in": self.lasts_s}

    def refused(self, query: dict) -> dict | None:
        token = query.get("access_token", "")
        if token in self.spent:
            return self.error(42001)
        return None if token == self.token else self.error(40001)

    def send(self, query: dict, body: dict) -> dict:
        if refused := self.refused(query):
            return refused
        text = body["text"]["content"]
        if len(text.encode()) > 2048:
            return self.error(45002)
        self.sent.append((body["touser"], text))
        return {"errcode": 0, "errmsg": "ok"}

    def menu(self, query: dict, body: dict) -> dict:
        if refused := self.refused(query):
            return refused
        self.menus.append(body)
        return {"errcode": 0, "errmsg": "ok"}

    def user(self, query: dict, _body: dict) -> dict:
        if refused := self.refused(query):
            return refused
        openid = query["openid"]
        facts = {"subscribe": 1, "openid": openid, "language": self.languages.get(openid, "")}
        return facts | ({"unionid": self.unionids[openid]} if openid in self.unionids else {})

    def session(self, query: dict, _body: dict) -> dict:
        if self.apps.get(query["appid"]) != query["secret"]:
            return self.error(40125)
        code = query["js_code"]
        if code in self.used:
            return self.error(40163)
        if code not in self.codes:
            return self.error(40029)
        self.used.add(code)
        openid, unionid = self.codes[code]
        facts = {"openid": openid, "session_key": "c2Vzc2lvbg=="}
        return facts | ({"unionid": unionid} if unionid else {})


class Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.exchange({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        # WeChat shows \uXXXX to people as it gets it.
        assert b"\\u" not in raw
        self.exchange(json.loads(raw.decode("utf-8")))

    def exchange(self, body: dict) -> None:
        api: Api = self.server.api
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        answer = api.answer(parts.path, query, body)
        time.sleep(api.slow_s)
        if api.mute and parts.path.endswith("/send"):
            api.mute -= 1
            return
        text = json.dumps(answer).encode() if api.raw is None else api.raw
        self.send_response(api.status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_args) -> None:
        """Silent."""


def serve(api: Api) -> ThreadingHTTPServer:
    """A running server; its address is `http://127.0.0.1:{server_port}`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    server.api = api
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server
