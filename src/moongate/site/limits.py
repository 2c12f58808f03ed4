"""A limit on request bodies, before anything of them is kept.

Django's ASGI handler spools a whole body to disk before a view can look at its size.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 2 * 1024 * 1024
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Paths with a limit of their own: a message from WeChat is small, a photo of 15 MB
# in its multipart wrapping is not, and where no script runs a post or an album has several.
PER_PATH = {
    "/health/wechat/": 64 * 1024,
    "/social/photos/": 16 * 1024 * 1024,
    "/social/posts/": 32 * 1024 * 1024,
    f"/social/albums/{UUID}/add/": 32 * 1024 * 1024,
}


class BodyLimit:
    """Answers 413 to a body over its path's limit, announced or not, and reads no more of it.

    `per_path` are regular expressions of whole paths that have a limit of their own; every other
    has `max_bytes`.
    """

    def __init__(
        self,
        app: App,
        max_bytes: int = MAX_BODY_BYTES,
        per_path: Mapping[str, int] = PER_PATH,
    ):
        self.app, self.max_bytes = app, max_bytes
        self.per_path = [(re.compile(path), most) for path, most in per_path.items()]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.limit_of(scope["path"])
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > most:
            await self.refuse(send, most)
            return
        total = 0
        started = False

        async def counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            # To the application the client has gone; it lets go of what it has.
            return message if total <= most else {"type": "http.disconnect"}

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        await self.app(scope, counted, watched)
        if total > most and not started:
            await self.refuse(send, most)

    def limit_of(self, path: str) -> int:
        """How many bytes a body sent to the path may have."""
        fitting = (most for pattern, most in self.per_path if pattern.fullmatch(path))
        return next(fitting, self.max_bytes)

    async def refuse(self, send: Send, most: int) -> None:
        body = json.dumps(
            {
                "reason": f"the request has more than {most} bytes",
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
