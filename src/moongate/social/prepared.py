"""Queries that the ORM builds once and that run many times with other numbers.

Building a query with all the rules of who sees what takes the ORM longer than the database takes
to answer it. The SQL depends only on the shape, so it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

STAND_IN = -(2**61)  # no id of anything
LENGTHS = (1, 5, 10, 21, 50, 101, 250, 500)  # of lists of ids


@dataclass(frozen=True)
class _Built:
    """The SQL, where its numbers go (place) among its other values, and what reads its rows."""

    sql: str
    slots: list[tuple[bool, Any]]
    compiler: Any

    def run(self, numbers: Sequence[int]) -> list[tuple]:
        values = [numbers[value] if is_number else value for is_number, value in self.slots]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            return cursor.fetchall()


class Prepared:
    """`build(numbers, shape)` answers a query that uses each number as a value.

    The numbers (whole, below 2⁶³) may change with every run; whatever else the query depends on
    belongs into `shape`, for each of which it is built once.
    """

    def __init__(self, build: Callable[[list[int], Any], QuerySet]) -> None:
        self._build = build
        self._built: dict[Hashable, _Built] = {}

    def rows(self, numbers: Iterable[int], *, shape: Hashable = None) -> list[tuple]:
        """The rows of a `values_list` query for these numbers."""
        numbers = list(numbers)
        return self._of(len(numbers), shape).run(numbers)

    def objects(self, numbers: Iterable[int], *, shape: Hashable = None) -> list[Any]:
        """The objects for these numbers, with annotations and `select_related`, no prefetches."""
        numbers = list(numbers)
        built = self._of(len(numbers), shape)
        compiler, found = built.compiler, built.run(numbers)
        # From here on it is as in Django's ModelIterable.
        columns = [column[0] for column in compiler.select]
        converters = compiler.get_converters(columns)
        rows = compiler.apply_converters(found, converters) if converters else found
        select, kind = compiler.select, compiler.klass_info
        own = slice(kind["select_fields"][0], kind["select_fields"][-1] + 1)
        names = [column[0].target.attname for column in select[own]]
        related = get_related_populators(kind, select, connection.alias)
        objects = []
        for row in rows:
            thing = kind["model"].from_db(connection.alias, names, row[own])
            for populator in related:
                populator.populate(row, thing)
            for name, place in compiler.annotation_col_map.items():
                setattr(thing, name, row[place])
            objects.append(thing)
        return objects

    def _of(self, count: int, shape: Hashable) -> _Built:
        key = (connection.vendor, count, shape)
        if key not in self._built:
            self._built[key] = self._prepare(count, shape)
        return self._built[key]

    def _prepare(self, count: int, shape: Hashable) -> _Built:
        stand_ins = [STAND_IN - place for place in range(count)]
        places = {number: place for place, number in enumerate(stand_ins)}
        compiler = self._build(stand_ins, shape).query.get_compiler(connection.alias)
        sql, values = compiler.as_sql()
        slots = []
        for value in values:
            # `in` alone would take True and 1.0 for numbers.
            is_number = type(value) is int and value in places
            slots.append((is_number, places[value] if is_number else value))
        return _Built(sql, slots, compiler)


def padded(ids: Sequence[int]) -> list[int]:
    """Ids (at least one) brought to one of few lengths, so that few queries are built.

    The last one several times is still there once.
    """
    length = next((length for length in LENGTHS if length >= len(ids)), len(ids))
    return [*ids, *[ids[-1]] * (length - len(ids))]
