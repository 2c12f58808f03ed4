"""Who looked at whose page: once a day a pair, and only where both want to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from moongate.social.models import Page, Visit
from moongate.social.pages import page_of
from moongate.social.people import require_member
from moongate.social.visibility import may_see_page, visible_people

SHOWN = 50


@dataclass(frozen=True)
class Visitors:
    """The latest visits, one a visitor and day, and whether the owner keeps visitors at all."""

    visits: QuerySet[Visit]
    is_on: bool


def record_visit(host: Any, *, by: Any) -> bool:
    """Note that `by` looked at the page of `host`; says whether it was noted.

    Not for guests and strangers, not where `host` keeps no visitors, and not for a visitor who
    keeps none either: who does not show theirs is not shown.
    """
    if by is None or not by.is_authenticated or by.is_guest or by.pk == host.pk:
        return False
    if not may_see_page(host, by):
        return False
    if not (page_of(host).counts_visitors and page_of(by).counts_visitors):
        return False
    now = timezone.now()
    Visit.objects.bulk_create(
        [Visit(host=host, visitor=by, day=timezone.localdate(now), at=now)],
        update_conflicts=True,
        unique_fields=["host", "visitor", "day"],
        update_fields=["at"],
    )
    return True


def visitors_of(host: Any) -> Visitors:
    """Who looked at one's own page lately, as far as they show themselves."""
    require_member(host)
    is_on = page_of(host).counts_visitors
    hidden = Page.objects.filter(owner=OuterRef("visitor"), counts_visitors=False)
    visits = Visit.objects.filter(~Exists(hidden), host=host, visitor__in=visible_people(host))
    visits = visits.select_related("visitor").order_by("-at")[:SHOWN]
    return Visitors(visits if is_on else Visit.objects.none(), is_on)


def keep_visitors(person: Any, *, on: bool) -> None:
    """Switch one's visitors on, or off; switched off, those kept are forgotten."""
    require_member(person)
    page = page_of(person)
    Page.objects.filter(pk=page.pk).update(counts_visitors=on)
    if not on:
        Visit.objects.filter(host=person).delete()
