"""WeChat's signature: SHA-1 over the sorted parts, of which the token is the secret one."""

from __future__ import annotations

import hashlib
import hmac
import re

from moongate.health.wechat.protocol.faults import Refused

WINDOW_S = 300
PART_MAX = 64
_NUMBER = re.compile(r"[0-9]{1,12}")


def signature_of(token: str, *parts: str) -> str:
    """The signature in hex of the token and the parts, in whatever order they come."""
    # WeChat's own choice; the token is what makes it hard to forge.
    joined = "".join(sorted([token, *parts])).encode()
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def check_signature(signature: str, token: str, *parts: str) -> None:
    """Raises Refused when the signature is another's. Takes as long whatever differs."""
    expected = signature_of(token, *parts)
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        raise Refused("signature")


def check_time(timestamp: str, now: float) -> None:
    """Raises Refused for a timestamp (s since 1970) more than WINDOW_S away from `now`."""
    if not _NUMBER.fullmatch(timestamp) or abs(int(timestamp) - now) > WINDOW_S:
        raise Refused("timestamp")


def check_part(part: str) -> str:
    """A nonce or timestamp of a sane size; raises Refused."""
    if not 1 <= len(part) <= PART_MAX:
        raise Refused("query")
    return part
