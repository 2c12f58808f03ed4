"""Full text in PostgreSQL: a GIN index on the same terms, read by the configuration `simple`."""

from __future__ import annotations

from typing import Any

from moongate.social.search.base import (
    COLUMNS,
    FRESH_S,
    FRESH_WEIGHT,
    WEIGHED_MOST,
    Found,
    Kind,
    Place,
)
from moongate.social.search.tokens import Clause, Word

INDEX = (
    "CREATE INDEX social_search_terms ON social_searchentry "
    "USING gin (to_tsvector('simple', terms))"
)

# 1: a long text weighs less, by the logarithm of its length.
FIND = """
WITH latest AS MATERIALIZED (
    SELECT id, {column} AS thing, at, terms, wanted
    FROM social_searchentry, to_tsquery('simple', %s) AS wanted
    WHERE to_tsvector('simple', terms) @@ wanted AND {column} IS NOT NULL
    ORDER BY id DESC LIMIT %s
), hit AS MATERIALIZED (
    SELECT id, thing,
        ts_rank(to_tsvector('simple', terms), wanted, 1)::float8
            * (1 + %s::float8 / (1 + greatest(0, %s - at) / %s::float8)) AS score
    FROM latest
)
SELECT score, id, thing FROM hit WHERE score < %s::float8 OR (score = %s::float8 AND id < %s)
ORDER BY score DESC, id DESC LIMIT %s
"""


def prepare(connection: Any) -> None:
    """Make the index; PostgreSQL fills it and keeps it true."""
    with connection.cursor() as cursor:
        # Asked first, since even IF NOT EXISTS waits for every writer of the table.
        cursor.execute("SELECT to_regclass('social_search_terms')")
        if cursor.fetchone()[0] is None:
            cursor.execute(INDEX)


def refill(connection: Any) -> None:
    """Nothing to do: the index cannot differ from the entries."""


def find(
    connection: Any, clauses: list[Clause], *, kind: Kind, after: Place, limit: int
) -> list[Found]:
    """The hits after a place, best first by rank and freshness."""
    sql = FIND.format(column=COLUMNS[kind])
    fresh = (FRESH_WEIGHT, after.now, FRESH_S)
    place = (after.score, after.score, after.entry)
    with connection.cursor() as cursor:
        cursor.execute(sql, (query_of(clauses), WEIGHED_MOST, *fresh, *place, limit))
        return [Found(*row) for row in cursor.fetchall()]


def query_of(clauses: list[Clause]) -> str:
    """The clauses in the language of to_tsquery. Terms are letters and digits, safe in quotes."""
    return " & ".join(map(_expression, clauses))


def _expression(clause: Clause) -> str:
    if isinstance(clause, Word):
        return f"('{clause.stem}' | '{clause.prefix}':*)"
    if clause.is_prefix:
        return f"'{clause.terms[0]}':*"
    return "(" + " <-> ".join(f"'{term}'" for term in clause.terms) + ")"
