"""The race's pages."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from moongate.accounts.guests import current_person
from moongate.race import catalogue
from moongate.race.board import CursorError, rank_of, read_board
from moongate.race.course_map import draw_course
from moongate.race.models import Record
from moongate.race.replay import warm_up
from moongate.race.track import Track

TOP = 5
PAGE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first course of the house: what it is, who is fastest, how to drive."""
    course = next(iter(catalogue.courses().values()), None)
    if course is None:
        return render(request, "race/unbuilt.html", status=503)
    page = read_board(course, viewer=current_person(request), limit=TOP)
    return render(request, "race/home.html", _context(course, page=page))


@require_safe
@ensure_csrf_cookie
def play(request: HttpRequest, slug: str) -> HttpResponse:
    """The game. `?ghost=ID` races a record's replay; it is passed on only if there is one."""
    course = _course(slug)
    _make_ready(course.track)
    ghost = _ghost(request.GET.get("ghost", ""), course)
    return render(request, "race/play.html", {"course": course, "ghost": ghost})


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole board of a course, race or lap; a place may be given by `after`."""
    course = _course(slug)
    kind = "lap" if request.GET.get("kind") == "lap" else "race"
    viewer = current_person(request)
    try:
        page = read_board(
            course, kind=kind, viewer=viewer, limit=PAGE, after=request.GET.get("after")
        )
    except CursorError as error:
        raise Http404(str(error)) from error
    best = page.rows[0].time_ms if page.rows else 0
    apart = [page.you] if page.you and page.you not in page.rows else []
    return render(
        request,
        "race/board.html",
        _context(course, page=page, kind=kind, best_ms=best, apart=apart),
    )


@require_safe
def record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """One record: its laps, who drove it, and what was proven."""
    found = get_object_or_404(Record.objects.defer("replay").select_related("player"), pk=record_id)
    course = catalogue.find_course(found.track_slug)
    best = min(found.lap_ms)
    longest = max(found.lap_ms)
    laps = [
        {"number": i, "ms": ms, "best": ms == best, "share": round(100 * ms / longest, 1)}
        for i, ms in enumerate(found.lap_ms, start=1)
    ]
    rank = rank_of(found, "race")
    lap_rank = rank_of(found, "lap")
    current = course is not None and catalogue.is_current(found, course)
    person = current_person(request)
    context = {
        "record": found,
        "laps": laps,
        "best_ms": best,
        "rank": rank,
        "lap_rank": lap_rank,
        "current": current,
        "is_you": person is not None and person.pk == found.player_id,
        "replay_url": reverse("race-api:replay", args=[found.pk]),
    }
    return render(request, "race/record.html", {**context, **(_context(course) if course else {})})


def _context(course: catalogue.Course, **more: Any) -> dict[str, Any]:
    length_km = round(course.facts["length_m"] / 1000, 2)
    return {"course": course, "map": draw_course(course.facts), "length_km": length_km, **more}


_ready = threading.Event()


def _make_ready(track: Track) -> None:
    """Have the simulation loaded, beside this request, by the time the first race is over."""
    if not _ready.is_set():
        _ready.set()
        threading.Thread(target=warm_up, args=(track,), name="race-warm-up", daemon=True).start()


def _course(slug: str) -> catalogue.Course:
    course = catalogue.find_course(slug)
    if course is None:
        raise Http404(slug)
    return course


def _ghost(wanted: str, course: catalogue.Course) -> str:
    try:
        record = Record.objects.defer("replay").filter(pk=UUID(wanted)).first()
    except ValueError:
        return ""
    # By other rules it would drive somewhere else.
    return str(record.pk) if record and catalogue.is_current(record, course) else ""
