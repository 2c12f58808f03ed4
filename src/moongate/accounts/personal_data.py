"""Whose data lie where: every area registers how its rows are exported and how they are erased.

One registration stands for one way from a model to a person: `social.follow.follower` and
`social.follow.followed` are two. Export and erasure walk the registrations and know no area.
After an eraser has run, no row may name the person any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Field, Model, QuerySet

BATCH = 500
Rows = Callable[[Any], QuerySet]
Export = Sequence[str] | Callable[[Any], Iterable[Mapping[str, Any]]] | None
Erase = Literal["delete", "anonymise", "cascade"] | Callable[[Any], int]
Files = Callable[[Any], Iterable[tuple[str, Path | bytes]]]


class RegistrationError(ValueError):
    """A registration that could not do what it promises."""


@dataclass(frozen=True)
class Registration:
    """One way from a model to a person, and what becomes of the rows at its end."""

    key: str
    area: str
    model: type[Model]
    owner: str | Rows
    export: Export
    erase: Erase
    files: Files | None

    def rows(self, person: Any) -> QuerySet:
        """The rows that name the person this way."""
        if callable(self.owner):
            return self.owner(person)
        return self.model._base_manager.filter(**{self.owner: person.pk})

    def exported(self, person: Any) -> Iterator[Mapping[str, Any]]:
        """What the person is given of these rows, a few at a time."""
        if callable(self.export):
            yield from self.export(person)
        elif self.export is not None:
            rows = self.rows(person).order_by("pk").values(*self.export)
            yield from rows.iterator(chunk_size=BATCH)

    def erase_rows(self, person: Any) -> int:
        """Erase these rows in short transactions; answers how many. Again, it finds none."""
        if callable(self.erase):
            return self.erase(person)
        if self.erase == "delete":
            return delete_in_batches(self.rows(person))
        if self.erase == "anonymise":
            return self.rows(person).update(**{str(self.owner): None})
        return 0


_registered: dict[str, Registration] = {}
_excused: dict[tuple[str, str], str] = {}


def register(
    model: type[Model],
    *,
    owner: str | Rows,
    export: Export,
    erase: Erase,
    name: str | None = None,
    area: str | None = None,
    files: Files | None = None,
) -> None:
    """Register one way from a model to a person.

    `owner` is the field that names the person (or a callable of the person that answers the rows;
    then give a `name`). `export` is a list of fields as for `.values()`, a callable of the person
    that yields mappings, or None where the rows are somebody else's data. `erase` is "delete",
    "anonymise" (the field becomes null), "cascade" (goes with the person's own row, at the very
    end) or a callable of the person that answers how many rows it erased and may be called again.
    `files` yields (name in the archive, path or bytes). Raises RegistrationError.
    """
    if callable(owner) and name is None:
        raise RegistrationError(f"{model._meta.label}: a callable owner needs a name")
    if erase == "anonymise" and not _nullable(model, owner):
        raise RegistrationError(f"{model._meta.label}.{owner} cannot be null, so not anonymised")
    key = f"{model._meta.label_lower}.{name or owner}"
    entry = Registration(
        key, area or model._meta.app_label, model, owner, export, erase, files
    )  # fmt: skip
    _registered[key] = entry


def holds_nothing(model: type[Model], owner: str, *, reason: str) -> None:
    """Say that a field names a person without there being anything to export or erase, and why."""
    if not reason.strip():
        raise RegistrationError(f"{model._meta.label}.{owner}: give the reason")
    _excused[model._meta.label_lower, owner] = reason


def registrations() -> list[Registration]:
    """All registrations, in the order they came; the person's own row stands last."""
    user = get_user_model()
    return sorted(_registered.values(), key=lambda entry: entry.model is user)


def unregistered() -> list[str]:
    """Every field of an installed model that points to a person and is not accounted for."""
    known = {(entry.model._meta.label_lower, entry.owner) for entry in _registered.values()}
    known |= set(_excused)
    return [
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in person_fields(model)
        if (model._meta.label_lower, field.name) not in known
    ]


def person_fields(model: type[Model]) -> list[Field]:
    """The model's own foreign keys and one-to-one fields to a person."""
    user = get_user_model()
    return [
        field
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is user
    ]


def delete_in_batches(rows: QuerySet, size: int = BATCH) -> int:
    """Delete rows a few hundred at a time, so that nobody waits long for the lock."""
    model = rows.model
    count = 0
    while True:
        with transaction.atomic():
            keys = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
            if not keys:
                return count
            model._base_manager.filter(pk__in=keys).delete()
        count += len(keys)


def _nullable(model: type[Model], owner: str | Rows) -> bool:
    return isinstance(owner, str) and model._meta.get_field(owner).null
