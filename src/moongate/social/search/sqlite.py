"""Full text in SQLite: an FTS5 index that follows `SearchEntry` by triggers.

The tokeniser `ascii` takes every character past ASCII for a letter and ours are already folded, so
a term stays what `tokens` made of it, whatever SQLite's tables of Unicode know.
"""

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
    "CREATE VIRTUAL TABLE IF NOT EXISTS social_search USING fts5("
    "terms, content='social_searchentry', content_rowid='id', tokenize='ascii', prefix='1 2')"
)
ENTER = "INSERT INTO social_search(rowid, terms) VALUES (new.id, new.terms);"
LEAVE = (
    "INSERT INTO social_search(social_search, rowid, terms) VALUES ('delete', old.id, old.terms);"
)
TRIGGERS = {
    "social_search_enter": f"AFTER INSERT ON social_searchentry BEGIN {ENTER} END",
    "social_search_leave": f"AFTER DELETE ON social_searchentry BEGIN {LEAVE} END",
    "social_search_change": (
        f"AFTER UPDATE OF terms ON social_searchentry BEGIN {LEAVE} {ENTER} END"
    ),
}

FIND = """
WITH hit AS MATERIALIZED (
    SELECT entry.id AS id, entry.{column} AS thing,
        -bm25(social_search) * (1.0 + %s / (1.0 + max(0, %s - entry.at) / %s)) AS score
    FROM social_search JOIN social_searchentry AS entry ON entry.id = social_search.rowid
    WHERE social_search MATCH %s AND entry.{column} IS NOT NULL
    ORDER BY social_search.rowid DESC LIMIT %s
)
SELECT score, id, thing FROM hit WHERE score < %s OR (score = %s AND id < %s)
ORDER BY score DESC, id DESC LIMIT %s
"""


def prepare(connection: Any) -> None:
    """Make the index and its triggers; fill it when entries were there before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'social_search'")
        is_new = cursor.fetchone()[0] == 0
        cursor.execute(INDEX)
        for name, what in TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
        if is_new:
            cursor.execute("INSERT INTO social_search(social_search) VALUES ('rebuild')")


def refill(connection: Any) -> None:
    """Make the index anew from the entries."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO social_search(social_search) VALUES ('rebuild')")


def find(
    connection: Any, clauses: list[Clause], *, kind: Kind, after: Place, limit: int
) -> list[Found]:
    """The hits after a place, best first by bm25 and freshness."""
    sql = FIND.format(column=COLUMNS[kind])
    fresh = (FRESH_WEIGHT, after.now, FRESH_S)
    place = (after.score, after.score, after.entry)
    with connection.cursor() as cursor:
        cursor.execute(sql, (*fresh, match_of(clauses), WEIGHED_MOST, *place, limit))
        return [Found(*row) for row in cursor.fetchall()]


def match_of(clauses: list[Clause]) -> str:
    """The clauses in FTS5's language. Terms are letters and digits, so quoting them is enough."""
    return " AND ".join(map(_expression, clauses))


def _expression(clause: Clause) -> str:
    if isinstance(clause, Word):
        return f'("{clause.stem}" OR "{clause.prefix}" *)'
    phrase = " ".join(clause.terms)
    return f'"{phrase}" *' if clause.is_prefix else f'"{phrase}"'
