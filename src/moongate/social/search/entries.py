"""What the search keeps: an entry for each post with words in it, and for each person to find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q

from moongate.social.models import Page, Post, SearchEntry
from moongate.social.search import postgres, sqlite
from moongate.social.search.tokens import index_text

BATCH = 500


def engine() -> ModuleType:
    """The full-text engine of this house's database."""
    return postgres if connection.vendor == "postgresql" else sqlite


def prepare() -> None:
    """Make the database's full-text index if it is not there; again, it does nothing."""
    engine().prepare(connection)


def index(thing: Any) -> None:
    """Have a post or a person found by what it says now. Call it in the writing transaction."""
    entry = next(_entries_of([thing]), None)
    if entry is None:
        remove(thing)
        return
    SearchEntry.objects.update_or_create(
        **_owner_of(thing), defaults={"terms": entry.terms, "at": entry.at}
    )


def remove(thing: Any) -> None:
    """Have a post or a person found no more. What is deleted is forgotten without it."""
    SearchEntry.objects.filter(**_owner_of(thing)).delete()


def rebuild(progress: Callable[[int], None] | None = None) -> int:
    """Make every entry anew, some hundreds at a time; answers how many there are.

    `progress` is told how many posts and people were read. What is written meanwhile stays.
    """
    prepare()
    seen = 0
    for batch in _batches():
        with transaction.atomic():
            _write(batch)
        seen += len(batch)
        if progress is not None:
            progress(seen)
    engine().refill(connection)
    return SearchEntry.objects.count()


def _owner_of(thing: Any) -> dict[str, Any]:
    return {"post": thing} if isinstance(thing, Post) else {"person": thing}


def _entries_of(things: Iterable[Any]) -> Iterator[SearchEntry]:
    """The entries of posts and people, without those that would be empty."""
    things = list(things)
    people = [thing.pk for thing in things if not isinstance(thing, Post)]
    open_pages = Page.objects.filter(owner__in=people, is_private=False, owner__is_private=False)
    about = dict(open_pages.values_list("owner", "about")) if people else {}
    for thing in things:
        if isinstance(thing, Post):
            at = int(thing.created.timestamp())
            entry = SearchEntry(post=thing, terms=index_text(thing.text), at=at)
        else:
            # Never the username, which signs in.
            names = (thing.display_name, thing.name_latin, thing.name_chinese)
            is_kept = thing.is_findable and not thing.is_guest
            terms = index_text(*names, about.get(thing.pk, "")) if is_kept else ""
            entry = SearchEntry(person=thing, terms=terms)
        if entry.terms:
            yield entry


def _batches() -> Iterator[list[Any]]:
    people = get_user_model()._default_manager.filter(is_guest=False)
    for rows in (Post.objects.all(), people):
        last = 0
        while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
            last = batch[-1].pk
            yield batch


def _write(batch: Iterable[Any]) -> None:
    """Replace the batch's entries. Posts deleted since they were read get none."""
    posts = [thing.pk for thing in batch if isinstance(thing, Post)]
    people = [thing.pk for thing in batch if not isinstance(thing, Post)]
    SearchEntry.objects.filter(Q(post__in=posts) | Q(person__in=people)).delete()
    user = get_user_model()
    fresh = [
        *Post.objects.select_for_update().filter(pk__in=posts),
        *user._default_manager.select_for_update().filter(pk__in=people),
    ]
    SearchEntry.objects.bulk_create(_entries_of(fresh))
