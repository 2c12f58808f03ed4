"""The garage, where a driver is dressed, and the gallery of an edition."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from moongate.accounts.guests import current_person
from moongate.race import catalogue
from moongate.race.course_map import draw_course
from moongate.race.wardrobe import (
    MOST_BYTES,
    SLOTS,
    WardrobeError,
    earned_pieces,
    outfit_of,
    read_wish,
    wear,
)


@require_safe
@ensure_csrf_cookie
def garage(request: HttpRequest) -> HttpResponse:
    """Choose who drives, what, and dressed how; who is nobody here keeps it in the browser."""
    edition = _edition(request, people=True)
    if edition is None:
        return render(request, "race/unbuilt.html", status=503)
    person = current_person(request)
    course = next(
        (each for each in catalogue.courses().values() if each.edition == edition.slug), None
    )
    context = {
        "edition": edition,
        "course": course,
        "outfit": outfit_json(person),
        "owned": json.dumps(sorted(earned_pieces(person, edition.slug))),
        "wear_url": reverse("race:wear") if person is not None else "",
    }
    return render(request, "race/garage.html", context)


@require_POST
def wear_outfit(request: HttpRequest) -> HttpResponse:
    """Keep what the garage sends, for whoever is here."""
    person = current_person(request)
    if person is None:
        reason = _("Nobody is signed in, so it is kept in your browser only.")
        return JsonResponse({"reason": reason, "mend": _("Sign in.")}, status=403)
    try:
        wear(read_wish(request.read(MOST_BYTES + 1)), by=person)
    except WardrobeError as error:
        told = {"field": error.field, "reason": error.reason, "mend": error.mend}
        return JsonResponse(told, status=422)
    return HttpResponse(status=204)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """An edition on one page: its people, its wardrobe, its karts, its courses."""
    edition = _edition(request, people=False)
    if edition is None:
        return render(request, "race/unbuilt.html", status=503)
    index = edition.index
    costumes = index.get("costumes", [])
    courses = [each for each in catalogue.courses().values() if each.edition == edition.slug]
    context = {
        "edition": edition,
        "others": [each for each in catalogue.editions() if each.slug != edition.slug],
        "people": index["characters"],
        "karts": index["karts"],
        "layers": [
            {"slot": slot, "name": _layer_name(slot), "pieces": pieces}
            for slot in SLOTS
            if (pieces := [piece for piece in costumes if piece["slot"] == slot])
        ],
        "pieces": index.get("music", []),
        "courses": [{"course": each, "map": draw_course(each.facts)} for each in courses],
    }
    return render(request, "race/gallery.html", context)


def outfit_json(person: Any) -> str:
    """What a person wears as the pages hand it to the game; "" where the browser knows."""
    outfit = outfit_of(person)
    return json.dumps(outfit, separators=(",", ":")) if outfit else ""


def _edition(request: HttpRequest, *, people: bool) -> catalogue.BuiltEdition | None:
    """The edition asked for, else the first (that has people to dress)."""
    wanted = request.GET.get("edition", "")
    for edition in catalogue.editions():
        dressed = any(each.get("model") for each in edition.index["characters"])
        if wanted == edition.slug or (not wanted and (dressed or not people)):
            return edition
    if wanted:
        raise Http404(wanted)
    return None


def _layer_name(slot: str) -> str:
    return {
        "head": _("On the head"),
        "face": _("On the face"),
        "body": _("On the body"),
        "hands": _("On the hands"),
        "feet": _("On the feet"),
        "kart": _("On the kart"),
    }[slot]
