"""Queries that the ORM builds once and that run many times with other numbers.

Building a query with all the rules of who sees what takes the ORM longer than the database takes
to answer it. The SQL depends only on the shape, so it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

STAND_IN = -(2**61)  # no id of anything


class Prepared:
    """`build(numbers, shape)` answers a `values_list` query that uses each number as a value.

    The numbers (whole, below 2⁶³) may change with every run; whatever else the query depends on
    belongs into `shape`, for each of which it is built once.
    """

    def __init__(self, build: Callable[[list[int], Any], QuerySet]) -> None:
        self._build = build
        self._built: dict[Hashable, tuple[str, list[tuple[bool, Any]]]] = {}

    def rows(self, numbers: Iterable[int], *, shape: Hashable = None) -> list[tuple]:
        """The rows for these numbers."""
        numbers = list(numbers)
        key = (connection.vendor, len(numbers), shape)
        if key not in self._built:
            self._built[key] = self._prepare(len(numbers), shape)
        sql, slots = self._built[key]
        values = [numbers[value] if is_number else value for is_number, value in slots]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def _prepare(self, count: int, shape: Hashable) -> tuple[str, list[tuple[bool, Any]]]:
        stand_ins = [STAND_IN - place for place in range(count)]
        places = {number: place for place, number in enumerate(stand_ins)}
        sql, values = self._build(stand_ins, shape).query.sql_with_params()
        slots = []
        for value in values:
            # `in` alone would take True and 1.0 for numbers.
            is_number = type(value) is int and value in places
            slots.append((is_number, places[value] if is_number else value))
        return sql, slots
