"""Structured logs: JSON with MOONGATE_LOG=json, readable otherwise.

A line carries a request's id and route, never its query, body, address or person.
"""

from __future__ import annotations

import logging
import logging.config
import os

import structlog
from structlog.dev import plain_traceback
from structlog.tracebacks import ExceptionDictTransformer

# Locals would put passwords and sessions into the log.
PLAIN_DICT = ExceptionDictTransformer(show_locals=False)

SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class RouteForPath(logging.Filter):
    """Django names a failed request by its path, which can hold a secret; the route cannot."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            record.msg, record.args = "request failed: %s", (match.route if match else "no route",)
        return True


def configure() -> None:
    """Route both structlog's and the standard library's records through one formatter."""
    as_json = os.environ.get("MOONGATE_LOG", "").lower() == "json"
    level = os.environ.get("MOONGATE_LOG_LEVEL", "INFO").upper()
    if level not in logging.getLevelNamesMapping():
        from django.core.exceptions import ImproperlyConfigured

        raise ImproperlyConfigured(
            f"MOONGATE_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR (received: {level!r})."
        )
    renderer: list[structlog.types.Processor] = (
        [structlog.processors.ExceptionRenderer(PLAIN_DICT), structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain_traceback)]
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": SHARED,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        *renderer,
                    ],
                }
            },
            "filters": {"route": {"()": RouteForPath}},
            "handlers": {
                "out": {
                    "class": "logging.StreamHandler",
                    "formatter": "structured",
                    "filters": ["route"],
                }
            },
            "root": {"handlers": ["out"], "level": level},
            "loggers": {
                # Our own line per request says it with the route instead of the whole address.
                "django.request": {"level": "ERROR"},
                "django.security.DisallowedHost": {"level": "CRITICAL"},
                # Its debugging lines hold whole contexts, and so what people wrote.
                "django.template": {"level": "INFO"},
                "uvicorn": {"level": "WARNING"},
                "asyncio": {"level": "WARNING"},
                # It lists the letters of what is printed, and a health report is printed.
                "fontTools": {"level": "WARNING"},
            },
        }
    )
