"""A body over the limit is refused before it is kept."""

import asyncio
import json

import pytest

from moongate.site.limits import BodyLimit


def post(
    chunks: list[bytes], headers: list[tuple[bytes, bytes]] = (), path: str = "/"
) -> tuple[int, bytes, int]:
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

    scope = {"type": "http", "path": path, "headers": list(headers)}
    limit = BodyLimit(app, max_bytes=100, per_path={"/photos/": 200})
    asyncio.run(limit(scope, receive, send))
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


def test_a_path_with_a_limit_of_its_own_admits_more_up_to_it():
    assert post([b"x" * 150], path="/photos/") == (200, b"150", 1)
    status, body, taken = post([b"x" * 150] * 9, path="/photos/")
    assert (status, taken) == (413, 2)
    assert json.loads(body)["reason"] == "the request has more than 200 bytes"
    assert post([b"x"], [(b"content-length", b"201")], path="/photos/")[0::2] == (413, 0)


@pytest.mark.parametrize(
    "path", ["/", "/photos", "/photos//", "/photos/x", "/PHOTOS/", "/photos/%00"]
)
def test_no_other_path_admits_more(path):
    assert post([b"x" * 150], path=path)[0] == 413


@pytest.mark.parametrize(
    ("path", "megabytes"),
    [
        ("/social/photos/", 16),
        ("/social/posts/", 32),
        ("/social/albums/0f8fad5b-d9cb-469f-a165-70867728950e/add/", 32),
        ("/social/albums/0f8fad5b-d9cb-469f-a165-70867728950e/edit/", 2),
        ("/social/albums/0f8fad5b-d9cb-469f-a165-70867728950e/add/more", 2),
        ("/social/albums/x/add/", 2),
        ("/social/albums/new/", 2),
        ("/social/photos/\n", 2),
        ("/accounts/login/", 2),
    ],
)
def test_only_the_doors_for_photos_admit_more(path, megabytes):
    assert BodyLimit(None).limit_of(path) == megabytes * 1024 * 1024
