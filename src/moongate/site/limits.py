"""A limit on request bodies, before anything of them is kept.

Django's ASGI handler spools a whole body to disk before a view can look at its size.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 2 * 1024 * 1024


class BodyLimit:
    """Answers 413 to a body over max_bytes, announced or not, and reads no more of it."""

    def __init__(self, app: App, max_bytes: int = MAX_BODY_BYTES):
        self.app, self.max_bytes = app, max_bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self.max_bytes:
            await self.refuse(send)
            return
        total = 0
        started = False

        async def counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            # To the application the client has gone; it lets go of what it has.
            return message if total <= self.max_bytes else {"type": "http.disconnect"}

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        await self.app(scope, counted, watched)
        if total > self.max_bytes and not started:
            await self.refuse(send)

    async def refuse(self, send: Send) -> None:
        body = json.dumps(
            {
                "reason": f"the request has more than {self.max_bytes} bytes",
                "mend": "Send a smaller file.",
            }
        ).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})
