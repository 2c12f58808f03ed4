"""The race's pages."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from moongate.accounts.guests import current_person
from moongate.race import catalogue
from moongate.race.board import CursorError, rank_of, read_board
from moongate.race.cards import REPLAY
from moongate.race.course_map import draw_course
from moongate.race.models import Record
from moongate.race.replay import warm_up
from moongate.race.track import Track
from moongate.race.visibility import visible_records
from moongate.race.wardrobe_views import outfit_json

TOP = 5
PAGE = 50
PICTURE_S = 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first course of the house: what it is, who is fastest, how to drive."""
    course = next(iter(catalogue.courses().values()), None)
    if course is None:
        return render(request, "race/unbuilt.html", status=503)
    return _show(request, course)


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """A course of its own: what it is, who is fastest, where the others are."""
    return _show(request, _course(slug))


def _show(request: HttpRequest, course: catalogue.Course) -> HttpResponse:
    page = read_board(course, viewer=current_person(request), limit=TOP)
    more = {"page": page, "shelf": catalogue.courses_by_edition()}
    return render(request, "race/home.html", _context(course, **more))


@require_safe
@ensure_csrf_cookie
def play(request: HttpRequest, slug: str) -> HttpResponse:
    """The game. `?ghost=ID` races a record's replay; it is passed on only if there is one."""
    course = _course(slug)
    _make_ready(course.track)
    ghost = _ghost(request.GET.get("ghost", ""), course)
    context = {
        "course": course,
        "ghost": ghost,
        "compose_url": _compose_url(),
        "outfit": outfit_json(current_person(request)),
    }
    return render(request, "race/play.html", context)


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
        "post_url": f"{_compose_url()}{found.pk}" if _may_post(found, person) else "",
    }
    return render(request, "race/record.html", {**context, **(_context(course) if course else {})})


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def watch(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """A record's replay, played from broadcast cameras; posts frame this page."""
    found = Record.objects.defer("replay").select_related("player").filter(pk=record_id).first()
    course = catalogue.find_course(found.track_slug) if found else None
    if found is None or course is None or not catalogue.is_current(found, course):
        # In a post's frame too the reason must be readable, so this is no other page.
        return render(request, "race/unplayable.html", {"record": found}, status=404)
    # A driver who chose nothing drives as the edition's first, whoever watches.
    outfit = outfit_json(found.player) or "{}"
    context = {"record": found, "course": course, "outfit": outfit}
    return render(request, "race/watch.html", context)


@require_safe
@cache_control(public=True, max_age=PICTURE_S)
def course_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The course's map as a picture of its own, for cards."""
    course = _course(slug)
    picture = render(request, "race/picture.svg", {"map": draw_course(course.facts)})
    picture["Content-Type"] = "image/svg+xml"
    return picture


def _context(course: catalogue.Course, **more: Any) -> dict[str, Any]:
    facts = {"map": draw_course(course.facts), "length_km": course.length_km}
    return {"course": course, **facts, **more}


def _compose_url() -> str:
    """Where a replay is posted; the record's id follows."""
    return f"{reverse('social:compose')}?card_kind={REPLAY}&card_ref="


def _may_post(found: Record, person: Any) -> bool:
    return visible_records(person).filter(pk=found.pk).exists()


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
