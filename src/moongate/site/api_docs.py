"""The programs' doors of the whole house: one description, and one page that shows it.

Each area with an `api` has it mounted at /api/<area>/ with a description of its own; here they are
put together. Names that two areas give to different shapes get the area's name before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView
from ninja import NinjaAPI

AREAS = ("social", "race", "fashion", "health", "awards")
VERSION = "1"
_REF = "#/components/"


@lru_cache(1)
def apis() -> dict[str, NinjaAPI]:
    """The areas' APIs, of those areas that have one."""
    return {
        area: import_module(f"moongate.{area}.api").api
        for area in AREAS
        if find_spec(f"moongate.{area}") and find_spec(f"moongate.{area}.api")
    }


def urls() -> list[URLPattern | URLResolver]:
    """Everything below /api/."""
    to_docs = RedirectView.as_view(pattern_name="api_docs", permanent=True)
    places: list[URLPattern | URLResolver] = [
        path("docs", docs, name="api_docs"),
        path("docs/", to_docs),
        path("openapi.json", openapi, name="api_openapi"),
    ]
    for area, api in apis().items():
        # An area's own page would say less than this one.
        places += [path(f"{area}/docs", to_docs), path(f"{area}/", api.urls)]
    return places


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description of every area."""
    return JsonResponse(describe(apis()))


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page that shows it and lets one try."""
    viewer = {"url": reverse("api_openapi"), "layout": "BaseLayout", "deepLinking": True}
    viewer |= {"docExpansion": "list", "defaultModelsExpandDepth": 0, "validatorUrl": None}
    return render(request, "site/api_docs.html", {"viewer": viewer, "areas": list(apis())})


def describe(areas: Mapping[str, NinjaAPI]) -> dict[str, Any]:
    """One OpenAPI document of the areas' own; operations are tagged with their area first."""
    found: dict[str, Any] = {"paths": {}, "components": {}}
    words = []
    for area, api in areas.items():
        own = dict(api.get_openapi_schema())
        renamed = _renamed(area, own.get("components", {}), found["components"])
        own = _told_anew(own, renamed)
        for kind, parts in own.get("components", {}).items():
            kept = found["components"].setdefault(kind, {})
            kept.update({renamed.get((kind, name), name): part for name, part in parts.items()})
        for address, operations in own["paths"].items():
            found["paths"][address] = {
                method: _of_area(area, operation) for method, operation in operations.items()
            }
        words.append(f"**{area}**: {api.description}")
    info = {"title": "Moongate", "version": VERSION, "description": "\n\n".join(words)}
    return {"openapi": "3.1.0", "info": info, **found}


def _renamed(
    area: str, own: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[tuple[str, str], str]:
    """New names for those of the area's components that are called as another's are."""
    return {
        (kind, name): f"{area.capitalize()}{name}"
        for kind, parts in own.items()
        for name, part in parts.items()
        if known.get(kind, {}).get(name, part) != part
    }


def _told_anew(node: Any, renamed: Mapping[tuple[str, str], str]) -> Any:
    """The document with its references, and its demands for a key, by the new names."""
    if isinstance(node, list):
        return [_told_anew(part, renamed) for part in node]
    if not isinstance(node, dict):
        return node
    told = {}
    for key, value in node.items():
        if key == "$ref" and isinstance(value, str) and value.startswith(_REF):
            kind, name = value.removeprefix(_REF).split("/", 1)
            told[key] = f"{_REF}{kind}/{renamed.get((kind, name), name)}"
        elif key == "security":
            told[key] = [
                {
                    renamed.get(("securitySchemes", name), name): scopes
                    for name, scopes in way.items()
                }
                for way in value
            ]
        else:
            told[key] = _told_anew(value, renamed)
    return told


def _of_area(area: str, operation: Any) -> Any:
    if not isinstance(operation, dict):
        return operation
    tags = [f"{area}: {tag}" for tag in operation.get("tags", ())]
    return {**operation, "tags": tags or [area]}
