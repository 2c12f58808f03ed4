"""Reaching a stream's server, and no machine of the house's own network by way of its name."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from urllib.parse import SplitResult, urlsplit

from moongate.social.streams.faults import StreamError

CONNECT_S = 15.0
_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}
# Addresses inside of which another one stands, behind how many leading bytes.
_CARRIERS = {ipaddress.IPv6Network("64:ff9b::/96"): 12, ipaddress.IPv6Network("2002::/16"): 2}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def checked_url(url: str, scheme: str, allow_loopback: bool) -> SplitResult:
    """The parts of a stream's address. Raises StreamError for any but `scheme`, for its plain
    sister (ws, http) unless loopback is allowed, and for names or keys within it.
    """
    parts = urlsplit(url)
    plain = {"wss": "ws", "https": "http"}[scheme]
    if parts.scheme != scheme and not (allow_loopback and parts.scheme == plain):
        raise StreamError(f"the address must start with {scheme}:// (received: {url[:80]!r}).")
    try:
        port = parts.port
    except ValueError:
        port = -1
    if not parts.hostname or port == -1:
        raise StreamError(f"the address names no host, or no port that is one: {url[:80]!r}.")
    if "@" in parts.netloc or "access_token=" in parts.query:
        raise StreamError("the address must not hold a name or token; use --token-file FILE.")
    return parts


def open_socket(parts: SplitResult, allow_loopback: bool) -> socket.socket:
    """A connection to the host. Its name is looked up once and the very address checked is used.

    Raises StreamError for private addresses, OSError when nobody answers.
    """
    host = parts.hostname or ""
    port = parts.port or _PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise StreamError(f"{host!r} is no name of a host.") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    is_plain = parts.scheme in ("ws", "http")
    for address in addresses:
        if allow_loopback and address.is_loopback:
            continue
        if is_plain or not is_public(address):
            raise StreamError(
                f"{host} is {address}, which is no public address; a stream on this machine needs "
                "--allow-loopback, any other network is refused."
            )
    failure: OSError | None = None
    for address in dict.fromkeys(addresses):
        try:
            return socket.create_connection((str(address), port), timeout=CONNECT_S)
        except OSError as error:
            failure = error
    raise failure or OSError(f"{host} has no address")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, also one wrapped in another."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        for network, skip in _CARRIERS.items():
            if address in network:
                return is_public(ipaddress.IPv4Address(address.packed[skip : skip + 4]))
    return address.is_global and not address.is_multicast


def tls() -> ssl.SSLContext:
    """The machine's trust, nothing less than TLS 1.2."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
