"""Lines of public streams for the tests, as their servers send them."""

import json
from typing import Any

ADA = "did:plc:ada"
BOB = "did:plc:bob"
AT = 1_725_911_162_329_308
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


def tid(microseconds: int) -> str:
    value = microseconds << 10
    return "".join(DIGITS[value >> shift & 31] for shift in range(60, -1, -5))


def record(text: str = "A tartan coat", **more: Any) -> dict[str, Any]:
    return {
        "$type": "app.bsky.feed.post",
        "text": text,
        "createdAt": "2024-09-09T19:46:02.102Z",
        "langs": ["en"],
        **more,
    }


def commit(
    operation: str = "create",
    rkey: str = "one",
    *,
    did: str = ADA,
    at: int = AT,
    collection: str = "app.bsky.feed.post",
    **fields: Any,
) -> dict[str, Any]:
    """A line of /subscribe."""
    body: dict[str, Any] = {
        "rev": tid(at - 1_000),
        "operation": operation,
        "collection": collection,
        "rkey": rkey,
    }
    if operation != "delete":
        body |= {"record": record(**fields), "cid": "bafyrei"}
    return {"did": did, "time_us": at, "kind": "commit", "commit": body}


def account(did: str = ADA, *, at: int = AT, active: bool = False, status: str | None = "deleted"):
    told = {"active": active, "did": did, "seq": 1, "time": "2024-09-09T19:46:03.000Z"}
    if status:
        told["status"] = status
    return {"did": did, "time_us": at, "kind": "account", "account": told}


def v2(variant: str, **payload: Any) -> dict[str, Any]:
    """A frame of network.bsky.jetstream.subscribeEvents."""
    lexicon = f"network.bsky.jetstream.subscribeEvents#{variant}"
    return {"$type": "message", "payload": {"$type": lexicon, "seq": 7, **payload}}


def v2_commit(operation: str = "create", rkey: str = "one", **fields: Any) -> dict[str, Any]:
    body = {
        "did": ADA,
        "time": "2024-09-09T19:46:02.329308Z",
        "witnessedAt": "2024-09-09T19:46:02.329308Z",
        "rev": tid(AT - 1_000),
        "operation": operation,
        "collection": "app.bsky.feed.post",
        "rkey": rkey,
    }
    if operation != "delete":
        body |= {"record": record(**fields), "cid": "bafyrei"}
    return v2("commit", **body)


def status(number: int | str = 1, **more: Any) -> dict[str, Any]:
    """A Mastodon status."""
    return {
        "id": str(number),
        "created_at": "2024-09-09T19:46:02.102Z",
        "visibility": "public",
        "language": "en",
        "content": "<p>A tartan coat</p>",
        "spoiler_text": "",
        "sensitive": False,
        "reblog": None,
        "in_reply_to_id": None,
        "account": {
            "acct": "ada",
            "url": "https://social.example/@ada",
            "bot": False,
        },
        "media_attachments": [],
        "tags": [],
        **more,
    }


def dump(*lines: Any) -> bytes:
    """JSON lines."""
    return b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )
