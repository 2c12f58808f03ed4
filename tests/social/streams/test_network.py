"""Which addresses a stream may be at."""

import ipaddress
import socket

import pytest

from moongate.social.streams.faults import StreamError
from moongate.social.streams.network import checked_url, is_public, open_socket
from moongate.social.streams.sources import open_stream


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
    ],
)  # fmt: skip
def test_a_private_address_is_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"]
)
def test_a_public_address_is_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("kind", "url", "reason"),
    [
        ("jetstream", "ws://example.org/", "must start with wss://"),
        ("jetstream", "https://example.org/", "must start with wss://"),
        ("jetstream", "wss:///subscribe", "names no host"),
        ("jetstream", "wss://host:70000/", "names no host, or no port"),
        ("jetstream", "wss://me:secret@example.org/", "must not hold a name or token"),
        ("mastodon", "http://example.org/api/v1/timelines/public", "must start with https://"),
        ("mastodon", "file:///etc/passwd", "must start with https://"),
        ("mastodon", "https://example.org/", "must be of a timeline"),
        ("mastodon", "https://h.example/api/v1/streaming/public?access_token=x", "--token-file"),
        ("posts", "https://example.org/posts.csv", "posts are read from files"),
    ],
)
def test_other_addresses_are_refused(kind, url, reason):
    with pytest.raises(StreamError, match=reason):
        open_stream(kind, url)


def test_loopback_needs_to_be_allowed_and_nothing_else_ever_is(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        parts = checked_url(f"wss://localhost:{port}/", "wss", False)
        with pytest.raises(StreamError, match=r"which is no public address; .* --allow-loopback"):
            open_socket(parts, False)
        open_socket(checked_url(f"ws://127.0.0.1:{port}/", "wss", True), True).close()
    for found in ("10.0.0.1", "9.9.9.9"):
        answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, 80))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, answer=answer, **__: answer)
        with pytest.raises(StreamError, match="no public address"):
            open_socket(checked_url("ws://rebound.example/", "wss", True), True)
