"""Streams as they happen: Jetstream's web socket, Mastodon's timeline and its streaming API."""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlunsplit

import msgspec
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from moongate.social.streams import jetstream, mastodon
from moongate.social.streams.events import LINE_MAX, Event
from moongate.social.streams.faults import StreamError
from moongate.social.streams.files import Item
from moongate.social.streams.network import checked_url, open_socket, tls

TICK_S = 1.0
SILENCE_S = 90.0
POLL_S = 5.0
BACKOFF_MAX_S = 60.0
REWIND_US = 2_000_000
PAGE = 40
PAGE_MAX = 8 * LINE_MAX
AGENT = "Moongate"
# What will not be better in a minute.
_FINAL = {400, 401, 403, 404, 410, 422}

Wait = Callable[[float], None]


class LiveSource:
    """What the live sources share: an address, no end, no file."""

    total = 0
    scheme = ""

    def __init__(self, url: str, allow_loopback: bool, wait: Wait = time.sleep) -> None:
        self._parts = checked_url(url, self.scheme, allow_loopback)
        self._allow_loopback = allow_loopback
        self._wait = wait
        self._failures = 0
        query = [(k, v) for k, v in parse_qsl(self._parts.query) if k not in _CURSORS]
        self.location = urlunsplit(self._parts._replace(query=urlencode(query), fragment=""))

    def identity(self, _position: str) -> str:
        return ""

    def _address(self, **more: str) -> str:
        query = [*parse_qsl(self.location.partition("?")[2]), *more.items()]
        return urlunsplit(self._parts._replace(query=urlencode(query), fragment=""))

    def _back_off(self) -> None:
        """1, 2, 4 … seconds, less a random part: all who lost the server come back at once."""
        pause = min(BACKOFF_MAX_S, 2.0**self._failures)
        self._failures = min(self._failures + 1, 10)
        self._wait(pause * random.uniform(0.5, 1.0))  # noqa: S311


_CURSORS = {"cursor", "since_id", "min_id", "max_id", "limit"}


class JetstreamSource(LiveSource):
    """A Jetstream server, either version. Positions are microseconds, the same on all servers."""

    scheme = "wss"

    def __init__(self, url: str, allow_loopback: bool, wait: Wait = time.sleep) -> None:
        super().__init__(url, allow_loopback, wait)
        self._is_v2 = self._parts.path.rstrip("/").endswith("subscribeEvents")

    parse = staticmethod(jetstream.parse)

    def items(self, position: str, number: int) -> Iterator[Item | None]:
        last = int(position or 0)
        while True:
            try:
                with self._connect(last) as stream:
                    for data in _messages(stream):
                        if data is None:
                            yield None
                            continue
                        self._failures = 0
                        last = max(last, jetstream.cursor_of(data))
                        number += 1
                        yield Item(number, data[: LINE_MAX + 1], str(last))
            except InvalidStatus as error:
                _give_up(error.response.status_code, self.location)
            except (ConnectionClosed, InvalidHandshake, OSError):
                pass
            yield None
            self._back_off()

    def _connect(self, last: int) -> ClientConnection:
        known = {name for name, _ in parse_qsl(self._parts.query)}
        more = {"maxMessageSizeBytes": str(LINE_MAX)}
        collections = "collections" if self._is_v2 else "wantedCollections"
        if collections not in known:
            more[collections] = jetstream.POSTS
        if last:
            # Servers witness an event at slightly different times; what comes twice counts once.
            more["cursor"] = str(max(last - REWIND_US, 1))
        is_tls = self._parts.scheme == "wss"
        return connect(
            self._address(**more),
            sock=open_socket(self._parts, self._allow_loopback),
            ssl=tls() if is_tls else None,
            server_hostname=self._parts.hostname if is_tls else None,
            subprotocols=[Subprotocol("xrpc.v1.json")] if self._is_v2 else None,
            max_size=4 * LINE_MAX,
            compression=None,
            proxy=None,
            user_agent_header=AGENT,
        )


def _messages(stream: ClientConnection) -> Iterator[bytes | None]:
    while True:
        try:
            data = stream.recv(timeout=TICK_S, decode=False)
        except TimeoutError:
            yield None
            continue
        assert isinstance(data, bytes)
        yield data


def mastodon_source(
    url: str, allow_loopback: bool, token: str, wait: Wait = time.sleep
) -> MastodonSource:
    """The timeline or the stream that the address is of. Raises StreamError for any other."""
    path = checked_url(url, "https", allow_loopback).path
    if path.startswith("/api/v1/timelines/"):
        return TimelineSource(url, allow_loopback, token, wait)
    if path.startswith("/api/v1/streaming/"):
        return StreamingSource(url, allow_loopback, token, wait)
    raise StreamError(
        "the address must be of a timeline (https://HOST/api/v1/timelines/public) or a stream "
        f"(https://HOST/api/v1/streaming/public); received the path {path[:80]!r}."
    )


class MastodonSource(LiveSource):
    """A Mastodon server. Positions are ids of statuses."""

    scheme = "https"

    def __init__(self, url: str, allow_loopback: bool, token: str, wait: Wait = time.sleep) -> None:
        super().__init__(url, allow_loopback, wait)
        self._token = token
        self.host = self._parts.netloc.lower()

    def parse(self, data: bytes) -> Event | None:
        return mastodon.parser(self.host)(data)

    def _ask(self, timeout: float, accept: str, **more: str) -> http.client.HTTPResponse:
        """The server's answer when it is 200; StreamError when it never will be, else OSError."""
        parts = self._parts
        connection = http.client.HTTPConnection(parts.hostname or "", timeout=timeout)
        plain = open_socket(parts, self._allow_loopback)
        try:
            connection.sock = (
                tls().wrap_socket(plain, server_hostname=parts.hostname)
                if parts.scheme == "https"
                else plain
            )
            connection.sock.settimeout(timeout)
            headers = {"Host": parts.netloc, "Accept": accept, "User-Agent": AGENT}
            if self._token:
                headers["Authorization"] = f"Bearer {self._token}"
            address = self._address(**more)
            target = address.partition(parts.netloc)[2] or "/"
            connection.request("GET", target, headers={**headers, "Connection": "close"})
            answer = connection.getresponse()
        except BaseException:
            plain.close()
            raise
        if answer.status == 200:
            return answer
        answer.close()
        if 300 <= answer.status < 400:
            goal = (answer.getheader("Location") or "")[:200]
            raise StreamError(f"{parts.netloc} sends us on to {goal!r}; give that address instead.")
        _give_up(answer.status, self.location)
        if answer.status == 429:
            self._wait(_retry_after(answer))
        raise OSError(f"answered {answer.status}")


class TimelineSource(MastodonSource):
    """A timeline, page by page. It says nothing of deletions: streaming does."""

    def items(self, position: str, number: int) -> Iterator[Item | None]:
        last = position
        while True:
            try:
                page = self._page(last)
            except (OSError, http.client.HTTPException, msgspec.MsgspecError, ValueError):
                yield None
                self._back_off()
                continue
            self._failures = 0
            for status in reversed(page):
                last = mastodon.id_of(status) or last
                number += 1
                yield Item(number, bytes(status)[: LINE_MAX + 1], last)
            yield None
            if len(page) < PAGE:
                self._wait(POLL_S)

    def _page(self, last: str) -> list[msgspec.Raw]:
        """The statuses that follow `last`, latest first."""
        more = {"limit": str(PAGE)} | ({"min_id": last} if last else {})
        with self._ask(30.0, "application/json", **more) as answer:
            body = answer.read(PAGE_MAX + 1)
        if len(body) > PAGE_MAX:
            raise StreamError(f"{self.host} sent a page of more than {PAGE_MAX} bytes.")
        return _pages.decode(body)


_pages: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])


class StreamingSource(MastodonSource):
    """Server-sent events, deletions and edits among them; what passes while away is missed."""

    def items(self, position: str, number: int) -> Iterator[Item | None]:
        last = position
        while True:
            try:
                with self._ask(SILENCE_S, "text/event-stream") as answer:
                    for event, data in sent_events(answer.readline):
                        self._failures = 0
                        if not event:
                            yield None
                            continue
                        last = mastodon.id_of(data) or last
                        number += 1
                        frame = msgspec.json.encode({"event": event, "payload": _text(data)})
                        yield Item(number, frame[: LINE_MAX + 1], last)
            except (OSError, http.client.HTTPException):
                pass
            yield None
            self._back_off()


def sent_events(readline: Callable[[int], bytes]) -> Iterator[tuple[str, bytes]]:
    """Events and their data from server-sent events; a comment or a blank event has no name."""
    event, data = "", b""
    while line := readline(LINE_MAX + 1):
        while not line.endswith(b"\n") and (rest := readline(LINE_MAX + 1)):
            line = line[: LINE_MAX + 1] + (rest[-1:] if rest.endswith(b"\n") else b"")
        line = line.rstrip(b"\r\n")
        if not line:
            if event and data:
                yield event, data
            event, data = "", b""
        elif line.startswith(b":"):
            yield "", b""
        else:
            name, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if name == b"event":
                event = _text(value[:64])
            elif name == b"data":
                data = (data + b"\n" + value if data else value)[: LINE_MAX + 1]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _give_up(status: int, location: str) -> None:
    if status in _FINAL:
        mend = " Some servers ask for a token: --token-file FILE." if status in (401, 422) else ""
        raise StreamError(f"{location} answers {status}: nothing to be read there.{mend}")


def _retry_after(answer: Any) -> float:
    told = answer.getheader("Retry-After") or ""
    return min(float(told), 15 * 60.0) if told.isdecimal() else BACKOFF_MAX_S
