"""What every answer carries, and the one log line per request."""

from __future__ import annotations

import time
import uuid

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("moongate.request")

PERMISSIONS = ", ".join(
    [
        *(
            f"{name}=(self)"
            for name in (
                "accelerometer",
                "autoplay",
                "fullscreen",
                "gamepad",
                "gyroscope",
                "publickey-credentials-create",
                "publickey-credentials-get",
                "screen-wake-lock",
            )
        ),
        *(
            f"{name}=()"
            for name in (
                "browsing-topics",
                "camera",
                "display-capture",
                "geolocation",
                "microphone",
                "midi",
                "payment",
                "serial",
                "usb",
            )
        ),
    ]
)


# Asked every few seconds by whatever watches the house.
QUIET = {"healthz", "readyz"}


class PermissionsPolicy:
    """Says which powers of the browser our pages may ask for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RequestLog:
    """Gives each request an id, and writes one line: method, route, status, milliseconds.

    The route (`accounts/password/reset/key/<key>/`) is logged rather than the path, since a path
    can carry a secret.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:12]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.id)
        begun = time.perf_counter()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.id
        match = request.resolver_match
        if match is not None and match.url_name in QUIET and response.status_code < 400:
            return response
        if match is not None or response.status_code >= 400:
            log.log(
                _level(response.status_code),
                "request",
                method=request.method,
                route=f"/{match.route}" if match else None,
                status=response.status_code,
                ms=round((time.perf_counter() - begun) * 1000, 1),
            )
        return response


def _level(status: int) -> int:
    return 40 if status >= 500 else 20
