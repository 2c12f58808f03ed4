"""`{% vite "client/race/main.ts" %}`: the built script and style of one entry of the client."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import structlog
from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
log = structlog.get_logger(__name__)
ROOT = "client/"


class ClientNotBuilt(ImproperlyConfigured):
    """The browser's side is missing."""


@functools.lru_cache(maxsize=4)
def _manifest(path: Path, changed_ns: int) -> dict[str, Any]:
    return json.loads(path.read_text())


def manifest() -> dict[str, Any]:
    path = Path(settings.BUILT) / "client" / ".vite" / "manifest.json"
    try:
        changed_ns = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise ClientNotBuilt(
            "The browser's side of Moongate is not built (built/client/.vite/manifest.json is "
            "missing): run `make client`."
        ) from None
    return _manifest(path, changed_ns)


def entry_files(entry: str) -> tuple[list[str], list[str], list[str]]:
    """Styles, preloadable chunks and scripts of an entry, relative to built/client/."""
    chunks = manifest()
    key = entry.removeprefix(ROOT)
    if key not in chunks:
        key = entry
    if key not in chunks:
        known = ", ".join(sorted(k for k, c in chunks.items() if c.get("isEntry")))
        raise ClientNotBuilt(f"The client has no entry {entry!r} (it has: {known or 'none'}).")
    styles: list[str] = []
    preloads: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        chunk = chunks[name]
        for imported in chunk.get("imports", ()):
            visit(imported)
            preloads.append(chunks[imported]["file"])
        styles.extend(chunk.get("css", ()))

    visit(key)
    file = chunks[key]["file"]
    if file.endswith(".css"):
        return [*dict.fromkeys([*styles, file])], [], []
    return [*dict.fromkeys(styles)], [*dict.fromkeys(preloads)], [file]


@register.simple_tag
def vite(entry: str, before_paint: bool = False) -> SafeString:
    """Tags of an entry; with before_paint the page is not shown until its script has run."""
    blocking = mark_safe(' blocking="render"') if before_paint else ""
    try:
        styles, preloads, scripts = entry_files(entry)
    except ClientNotBuilt as error:
        # A page without its style is better than no page; the reason stands where one looks.
        log.error("client not built", entry=entry, reason=str(error))
        return format_html("<!-- {} -->", str(error))
    tags = (
        *(format_html('<link rel="stylesheet" href="{}">', url(file)) for file in styles),
        *(format_html('<link rel="modulepreload" href="{}">', url(file)) for file in preloads),
        *(
            format_html('<script type="module" src="{}"{}></script>', url(file), blocking)
            for file in scripts
        ),
    )
    return mark_safe("\n".join(tags))  # noqa: S308


def url(file: str) -> str:
    return static(f"{ROOT}{file}")
