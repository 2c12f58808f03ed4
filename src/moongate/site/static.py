"""Static files straight from the packages, compressed beforehand where a .gz lies beside them."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

HASHED_FOLDER = "/static/client/assets/"
HASHED_NAME = re.compile(r"[.-][0-9a-f]{8,64}\.[a-z0-9]{2,5}$")


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, answering with whole bodies.

    Under ASGI Django would gather a synchronous file iterator into memory anyway, with a warning.
    """

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Whether the address names its content by hash, so a browser may keep it for ever."""
        return url.startswith(HASHED_FOLDER) or HASHED_NAME.search(url) is not None

    @staticmethod
    def serve(static_file, request: HttpRequest) -> HttpResponse:
        answer = static_file.get_response(request.method, request.META)
        body = b""
        if answer.file is not None:
            with answer.file:
                body = answer.file.read()
        response = HttpResponse(body, status=int(answer.status))
        del response["Content-Type"]
        for key, value in answer.headers:
            response[key] = value
        return response
