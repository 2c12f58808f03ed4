"""A body over the limit is refused before it is kept."""

import asyncio
import json

import pytest

from moongate.site.limits import BodyLimit


def post(chunks: list[bytes], headers: list[tuple[bytes, bytes]] = ()) -> tuple[int, bytes, int]:
    """Status, body of the answer, and how many chunks were taken, of an app that echoes sizes."""
    taken = 0
    sent: list[dict] = []

    async def receive() -> dict:
        nonlocal taken
        chunk = chunks[taken]
        taken += 1
        return {"type": "http.request", "body": chunk, "more_body": taken < len(chunks)}

    async def send(message: dict) -> None:
        sent.append(message)

    async def app(scope, receive, send) -> None:
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(size).encode()})

    scope = {"type": "http", "headers": list(headers)}
    asyncio.run(BodyLimit(app, max_bytes=100)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"], taken


@pytest.mark.parametrize("size", [0, 1, 100])
def test_a_body_within_the_limit_goes_through(size: int):
    assert post([b"x" * size]) == (200, str(size).encode(), 1)


def test_an_announced_giant_is_refused_unread():
    status, body, taken = post([b"x"], [(b"content-length", b"101")])
    assert (status, taken) == (413, 0)
    assert json.loads(body)["mend"] == "Send a smaller file."


def test_a_giant_in_chunks_is_refused_at_the_limit():
    status, _, taken = post([b"x" * 40] * 50)
    assert (status, taken) == (413, 3)


def test_a_lie_about_the_length_does_not_help():
    status, _, _ = post([b"x" * 60] * 3, [(b"content-length", b"5")])
    assert status == 413
