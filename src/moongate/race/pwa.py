"""The race as an app on a phone: its manifest, its service worker, and pages that know nobody.

The worker keeps the game and its courses on the device. It is given pages made without cookies
(`shell`, `offline`), so that no page of a person ever lies in its cache.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from moongate.race import catalogue

GAME = "race/main.ts"
WORKER = "race/sw/worker.ts"
PAGES = ("shared/site.ts", "race-pages/pages.ts")
BUILT_FILE = re.compile(r"^[a-z-]+/[\w.-]+\.[0-9a-f]{8}\.[a-z0-9]{2,5}$")
ICONS = ((192, "any"), (512, "any"), (192, "maskable"), (512, "maskable"))
AN_HOUR = 3600


@require_safe
@cache_control(max_age=AN_HOUR, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the race on its home screen."""
    return JsonResponse(
        {
            "id": reverse("race:home"),
            "name": _("Moongate Race"),
            "short_name": _("Race"),
            "description": _("Racing in a model village: time trials, opponents, ghosts."),
            "lang": translation.get_language(),
            "start_url": reverse("race:home"),
            "scope": reverse("race:home"),
            "display": "standalone",
            "background_color": "#f5f7fa",
            "theme_color": "#1f429a",
            "categories": ["games"],
            "icons": [
                {
                    "src": static(f"icons/race-{purpose}-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size, purpose in ICONS
            ],
        },
        content_type="application/manifest+json",
    )


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with what this version of the game consists of written before it."""
    language = _language(request)
    try:
        kept = _kept(language)
        code = (_client() / _chunks()[WORKER]["file"]).read_text("utf-8")
    except (OSError, KeyError, ValueError) as error:
        raise Http404("the client is not built") from error
    kept["version"] = _version(kept, code)
    # JSON is no longer a subset of what stands in a script only for these two, and tags.
    told = json.dumps(kept).replace("<", "\\u003c")
    response = HttpResponse(f"self.MOONGATE = {told};\n{code}", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def shell(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of the game for nobody in particular: what is shown without a network."""
    course = catalogue.find_course(slug)
    if course is None:
        raise Http404(slug)
    return _for_nobody(request, "race/play.html", {"course": course, "ghost": ""})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a page that needs the network shows without one: the courses kept here."""
    language = _language(request)
    courses = [
        {"course": course, "shell": f"{reverse('race:shell', args=[slug])}?lang={language}"}
        for slug, course in catalogue.courses().items()
    ]
    return _for_nobody(request, "race/offline.html", {"courses": courses})


def _for_nobody(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that is the same for all who speak its language, whoever asks."""
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    request.COOKIES.clear()
    with translation.override(_language(request)):
        response = render(request, template, context)
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    known = dict(settings.LANGUAGES)
    return asked if asked in known else str(translation.get_language() or settings.LANGUAGE_CODE)


def _kept(language: str) -> dict[str, Any]:
    """What the worker keeps from the start, and where pages for nobody are."""
    first = next(iter(catalogue.courses().values()), None)
    pages = [f"{reverse('race:offline')}?lang={language}"]
    files = sorted({static(f"client/{file}") for file in _entry_files(GAME, *PAGES)})
    if first is not None:
        pages.append(f"{reverse('race:shell', args=[first.slug])}?lang={language}")
        files += course_files(first)
    return {
        "language": language,
        "files": files,
        "pages": pages,
        "offline": pages[0],
        "scope": reverse("race:home"),
        "play": reverse("race:home") + "play/",
        "shell": reverse("race:home") + "shell/",
        "static": settings.STATIC_URL,
    }


def course_files(course: catalogue.Course) -> list[str]:
    """The addresses of what one course needs: its edition's index, its own files, the drivers."""
    place = Path(course.edition_file).parent.as_posix()
    index = json.loads((Path(settings.BUILT) / course.edition_file).read_text("utf-8"))
    own = [*_built_names(course.facts), *_built_names(_drivers(index))]
    found = [course.edition_file, *(f"{place}/{name}" for name in dict.fromkeys(own))]
    return [static(path) for path in found]


def _drivers(index: dict[str, Any]) -> list[Any]:
    """Whoever may stand on the grid: each figure in their own kart, or the first kart alone."""
    karts = index.get("karts", [])
    people = [person for person in index.get("characters", []) if person.get("model")]
    if not people:
        return list(karts[:1])
    driven = {person["kart"] for person in people}
    return [
        *(person["model"] for person in people),
        *(kart for kart in karts if kart["slug"] in driven),
    ]


def _built_names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if BUILT_FILE.match(value):
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _built_names(part)
    elif isinstance(value, list):
        for part in value:
            yield from _built_names(part)


def _client() -> Path:
    return Path(settings.BUILT) / "client"


def _chunks() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_client() / ".vite/manifest.json").read_text("utf-8"))
    return found


def _entry_files(*entries: str) -> set[str]:
    """Every file that these entries of the built client can ask for."""
    chunks = _chunks()
    files: set[str] = set()
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen or name not in chunks:
            return
        seen.add(name)
        chunk = chunks[name]
        files.add(chunk["file"])
        files.update(chunk.get("css", ()))
        files.update(chunk.get("assets", ()))
        for more in (*chunk.get("imports", ()), *chunk.get("dynamicImports", ())):
            visit(more)

    for entry in entries:
        visit(entry)
    return files


def _version(kept: dict[str, Any], code: str) -> str:
    """Changes with the game, the courses' index and the worker itself."""
    total = hashlib.sha256(json.dumps(kept, sort_keys=True).encode() + code.encode())
    for course in catalogue.courses().values():
        total.update(f"{course.slug} {course.track_id} {course.scenery}".encode())
    return total.hexdigest()[:12]
