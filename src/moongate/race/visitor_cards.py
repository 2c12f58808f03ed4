"""The page of a course's visitor's cards; which of them are yours, only your browser knows."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moongate.race import catalogue


@require_safe
def visitor_cards(request: HttpRequest, slug: str) -> HttpResponse:
    """Every landmark's card. The browser locks those it has not driven past."""
    course = catalogue.find_course(slug)
    if course is None:
        raise Http404(slug)
    cards = [
        {
            "slug": mark["slug"],
            "name": catalogue.words(mark["name"]),
            "what": catalogue.words(mark["what"]),
            "why": catalogue.words(mark["why"]),
        }
        for mark in course.facts.get("landmarks", [])
        if "slug" in mark
    ]
    key = f"{course.edition}/{course.facts.get('slug', course.slug)}"
    return render(request, "race/cards.html", {"course": course, "cards": cards, "key": key})
