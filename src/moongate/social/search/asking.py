"""Asking: a query, who asks, and a page of what they may see, best first."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.db import connection

from moongate.social.reading import dressed
from moongate.social.search.base import Found, Kind, Place
from moongate.social.search.entries import engine
from moongate.social.search.tokens import Clause, Snippet, parse_query, snippet
from moongate.social.visibility import visible_people, visible_posts

PAGE = 20
BATCH = 200
ROUNDS = 10


@dataclass(frozen=True)
class Hit:
    """A post or a person found, and the piece of the text that says why."""

    thing: Any
    snippet: Snippet


@dataclass(frozen=True)
class Page:
    """Hits, best first; `next` is the place to go on from, None at the end.

    Posts are as `reading.dressed` has them; `reading.dress` adds their photos.
    """

    hits: list[Hit]
    next: str | None


def search(
    query: str,
    viewer: Any = None,
    kind: Kind = "posts",
    before: str | None = None,
    *,
    limit: int = PAGE,
) -> Page:
    """What `viewer` (None: a stranger) may see of the posts or people that have all of the query.

    `before` is an earlier page's `next`. A page may be shorter than `limit` while there is a next
    one, when much that was found is not for the viewer. Any text is a query; raises only
    CursorError, for a `before` that names no place.
    """
    place = Place.parse(before) if before else Place.start(int(time.time()))
    clauses = parse_query(query)
    if not clauses:
        return Page([], None)
    hits: list[Hit] = []
    for _round in range(ROUNDS):
        found = engine().find(connection, clauses, kind=kind, after=place, limit=BATCH)
        shown = _shown(found, viewer, kind)
        for hit in found:
            if len(hits) == limit:
                return Page(hits, str(place))
            place = Place(place.now, hit.score, hit.entry)
            if hit.thing in shown:
                hits.append(_hit(shown[hit.thing], kind, clauses))
        if len(found) < BATCH:
            return Page(hits, None)
    return Page(hits, str(place))


def _shown(found: list[Found], viewer: Any, kind: Kind) -> dict[int, Any]:
    ids = [hit.thing for hit in found]
    if kind == "people":
        people = visible_people(viewer).filter(is_findable=True)
        return people.select_related("page").in_bulk(ids)
    return dressed(visible_posts(viewer), viewer).in_bulk(ids)


def _hit(thing: Any, kind: Kind, clauses: list[Clause]) -> Hit:
    if kind == "posts":
        return Hit(thing, snippet(thing.text, clauses))
    return Hit(thing, snippet(_about(thing), clauses))


def _about(person: Any) -> str:
    page = getattr(person, "page", None)
    is_open = page is not None and not page.is_private and not person.is_private
    return page.about if is_open else ""
