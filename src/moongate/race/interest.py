"""Anonymous counts of collected visitor's cards: what a tourist board would want to know.

A count is a landmark and a day. No person, no address and no time of day is kept with it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from moongate.race import catalogue
from moongate.race.models import LandmarkInterest

MOST_CARDS = 24  # of one course, told at once


@dataclass(frozen=True)
class Total:
    """How often a landmark's card was collected, over the days asked for."""

    edition: str
    track: str
    landmark: str
    name: str
    collected: int


def landmark_names(course: catalogue.Course) -> dict[str, str]:
    """A course's landmarks that have a short name, by it, in the reader's language."""
    marks = course.facts.get("landmarks", [])
    return {mark["slug"]: catalogue.words(mark["name"]) for mark in marks if "slug" in mark}


def count_cards(course: catalogue.Course, cards: Iterable[str], *, day: datetime.date) -> int:
    """Add one to each landmark of the course named in `cards`; says how many there were."""
    known = sorted(set(cards) & set(landmark_names(course)))
    with transaction.atomic():
        for landmark in known:
            row, _new = LandmarkInterest.objects.get_or_create(
                edition=course.edition, track=course.facts["slug"], landmark=landmark, day=day
            )
            LandmarkInterest.objects.filter(pk=row.pk).update(collected=F("collected") + 1)
    return len(known)


def totals(rows: QuerySet[LandmarkInterest]) -> list[Total]:
    """The rows summed over their days, the most collected first."""
    names = {
        (course.edition, course.facts["slug"], slug): name
        for course in catalogue.courses().values()
        if "slug" in course.facts
        for slug, name in landmark_names(course).items()
    }
    sums = (
        rows.order_by()
        .values_list("edition", "track", "landmark")
        .annotate(total=Sum("collected"))
        .order_by("-total", "edition", "track", "landmark")
    )
    # A landmark that an edition has dropped keeps its count and its short name.
    return [
        Total(edition, track, landmark, names.get((edition, track, landmark), landmark), total)
        for edition, track, landmark, total in sums
    ]
