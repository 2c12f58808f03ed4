"""A server on loopback that speaks WeChat's OAuth2 API as its documentation says.

Codes count once, errors are HTTP 200 with `errcode`, bodies are JSON in UTF-8 labelled text/plain,
and an openid belongs to one app while a unionid is the same for all that are bound together.
"""

import itertools
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40013: "invalid appid",
    40029: "invalid code",
    40030: "invalid refresh_token",
    40125: "invalid appsecret",
    40163: "code been used",
    41008: "missing code",
    42001: "access_token expired",
}


@dataclass
class Person:
    """Somebody at WeChat: the name, and the unionid shared by all bound apps."""

    key: str
    nickname: str = "小明🀄"
    unionid: str = ""

    def openid(self, app_id: str) -> str:
        return f"o-{self.key}-{app_id}"


@dataclass
class WeChat:
    """What the server knows, and how it misbehaves on demand."""

    apps: dict[str, str]
    codes: dict[str, tuple[Person, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    tokens: dict[str, tuple[Person, str]] = field(default_factory=dict)
    refresh_tokens: dict[str, tuple[Person, str]] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)
    busy: int = 0  # how many answers from now are "system busy"
    snapshot: bool = False
    raw: bytes | None = None  # answer with exactly this instead
    status: int = 200
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def agree(self, person: Person, app_id: str) -> str:
        """The person touches “agree”: the code that their browser brings back."""
        code = f"code-{next(self.numbers)}"
        self.codes[code] = (person, app_id)
        return code

    def answer(self, path: str, query: dict[str, str]) -> dict:
        self.calls.append((path, query))
        if self.busy:
            self.busy -= 1
            return self.error(-1)
        ways = {
            "/sns/oauth2/access_token": self.access_token,
            "/sns/oauth2/refresh_token": self.refresh_token,
            "/sns/userinfo": self.userinfo,
            "/sns/auth": self.auth,
        }
        return ways[path](query)

    def error(self, code: int) -> dict:
        return {"errcode": code, "errmsg": f"{MESSAGES[code]}, rid: 65a-1"}

    def access_token(self, query: dict[str, str]) -> dict:
        if query.get("appid") not in self.apps:
            return self.error(40013)
        if query.get("secret") != self.apps[query["appid"]]:
            return self.error(40125)
        code = query.get("code")
        if not code:
            return self.error(41008)
        if code in self.used:
            return self.error(40163)
        person, app_id = self.codes.get(code, (None, ""))
        if person is None or app_id != query["appid"]:
            return self.error(40029)
        self.used.add(code)
        return self.issue(person, app_id)

    def issue(self, person: Person, app_id: str) -> dict:
        number = next(self.numbers)
        token, refresh = f"token-{number}", f"refresh-{number}"
        self.tokens[token] = self.refresh_tokens[refresh] = (person, app_id)
        facts = {
            "access_token": token,
            "expires_in": 7200,
            "refresh_token": refresh,
            "openid": person.openid(app_id),
            "scope": "snsapi_userinfo",
        }
        if person.unionid:
            facts["unionid"] = person.unionid
        if self.snapshot:
            facts["is_snapshotuser"] = 1
        return facts

    def refresh_token(self, query: dict[str, str]) -> dict:
        if query.get("refresh_token") not in self.refresh_tokens:
            return self.error(40030)
        return self.issue(*self.refresh_tokens[query["refresh_token"]])

    def holder(self, query: dict[str, str]) -> tuple[Person | None, str, int]:
        token = query.get("access_token", "")
        if token in self.expired:
            return None, "", 42001
        if token not in self.tokens:
            return None, "", 40001
        person, app_id = self.tokens[token]
        return person, app_id, 0 if query.get("openid") == person.openid(app_id) else 40003

    def userinfo(self, query: dict[str, str]) -> dict:
        person, app_id, fault = self.holder(query)
        if fault:
            return self.error(fault)
        facts = {
            "openid": person.openid(app_id),
            "nickname": person.nickname,
            "sex": 0,
            "province": "",
            "city": "",
            "country": "",
            "headimgurl": "https://thirdwx.qlogo.cn/mmopen/0/132",
            "privilege": [],
        }
        return facts | ({"unionid": person.unionid} if person.unionid else {})

    def auth(self, query: dict[str, str]) -> dict:
        fault = self.holder(query)[2]
        return self.error(fault) if fault else {"errcode": 0, "errmsg": "ok"}


class Door(BaseHTTPRequestHandler):
    """GET, and answers labelled text/plain."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        wechat: WeChat = self.server.wechat
        answer = wechat.answer(parts.path, query)
        body = json.dumps(answer, ensure_ascii=False).encode() if wechat.raw is None else wechat.raw
        self.send_response(wechat.status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args) -> None:
        """Silent."""


def serve(wechat: WeChat) -> ThreadingHTTPServer:
    """A running server; its address is `http://127.0.0.1:{server_port}`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    server.wechat = wechat
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server
