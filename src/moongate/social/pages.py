"""Everybody's page: made when first needed, and locked by the verbs that change its counts."""

from __future__ import annotations

from typing import Any

from moongate.social.models import Page


def page_of(person: Any) -> Page:
    """The person's page, made if there is none yet."""
    page = Page.objects.filter(owner=person).first()
    if page is None:
        _make([person])
        page = Page.objects.get(owner=person)
    return page


def lock_pages(*people: Any) -> dict[int, Page]:
    """Their pages by owner's id, locked until the transaction ends, always in the same order.

    Whoever locks posts as well locks the pages first.
    """
    owners = {person.pk: person for person in people}
    known = set(Page.objects.filter(owner__in=owners).values_list("owner_id", flat=True))
    _make([owner for pk, owner in owners.items() if pk not in known])
    pages = Page.objects.select_for_update().filter(owner__in=owners).order_by("owner_id")
    return {page.owner_id: page for page in pages}


def _make(people: list[Any]) -> None:
    pages = [Page(owner=person) for person in people]
    Page.objects.bulk_create(pages, ignore_conflicts=True)
