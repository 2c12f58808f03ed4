"""A timeline page: ours (fan-out on write, merge on read) beside the join that one writes first.

- Ours: `moongate.social.timeline.read_timeline`, with every rule of who sees what.
- The naive join: posts of everybody followed, newest first, twenty of them, in one query with the
  same authors, likes and photos to show. It asks neither for blocks nor for private pages.

The people are made up: few have many followers, a handful between 20,000 and 50,000; some post
often, most rarely. Both read the same database in the same run, and their pages are compared.

"Ids only" leaves out the loading of the twenty posts with authors, likes and photos. Ours has the
ORM build its queries once and keeps them; the naive join has it build them each time, as one does.

    python benchmarks/timeline.py [--people 100000] [--posts 1000000] [--database URL]

With `--keep FOLDER` the SQLite file stays there; one that is built already is only measured, and so
is a database at a URL.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

SEED = 7
CELEBRITIES = (0.5, 0.4, 0.3, 0.25, 0.2)  # share of the people that follows each
FOLLOWED_MEDIAN, FOLLOWED_SPREAD, FOLLOWED_MOST = 12, 1.1, 1_000
POPULARITY, ACTIVITY = 0.6, 0.5  # exponents of the power laws
CHUNK = 20_000
WARM_UP = 20
KEEN = 100  # readers who follow the most, measured apart
GOAL_MS = 30.0
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    options = parse()
    with folder(options.keep) as home:
        os.environ["MOONGATE_HOME"] = home
        os.environ["DATABASE_URL"] = options.database or f"sqlite:///{home}/timeline.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "moongate.site.settings"
        import django

        django.setup()
        if not is_built():
            begun = time.perf_counter()
            build(options.people, options.posts)
            print(f"built in {time.perf_counter() - begun:.0f} s{size_of(Path(home))}")
        measure(options.readers)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=300)
    parser.add_argument("--database", help="postgres://… of an empty database; else SQLite")
    parser.add_argument("--keep", type=Path, help="a folder for the SQLite file, which stays there")
    return parser.parse_args()


@contextmanager
def folder(kept: Path | None) -> Iterator[str]:
    """A folder to work in: the one to keep, or one that is gone afterwards."""
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="moongate-timeline-") as home:
            yield home
        return
    kept.mkdir(parents=True, exist_ok=True)
    yield str(kept.resolve())


def is_built() -> bool:
    """Whether an earlier run has filled the timelines, which come last."""
    from django.db import connection

    from moongate.social.models import TimelineEntry

    table = TimelineEntry._meta.db_table
    return table in connection.introspection.table_names() and TimelineEntry.objects.exists()


def build(people: int, posts: int) -> None:
    """Make the people, who follows whom, the posts, and the timelines as fan-out leaves them."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, skip_checks=True)
    rng = np.random.default_rng(SEED)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Only while building: nothing is lost by a crash, and every row fits by construction.
            for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -400000"):
                cursor.execute(f"PRAGMA {pragma}")
    first = add_people(people)
    add_follows(rng, people, first)
    add_posts(rng, people, posts, first)
    add_pages(first, people)
    add_entries(first, people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def add_people(people: int) -> int:
    """One made by the ORM, and copies of its row under other names."""
    from moongate.accounts.models import User

    one = User.objects.create(username="p0", password="!")
    own = ("username", "display_name", "public_id")
    rest = [f.column for f in User._meta.concrete_fields if f.column not in {"id", *own}]
    names = ((f"p{i}", f"p{i}", as_uuid(uuid.uuid4())) for i in range(1, people))
    copy = f"SELECT %s, %s, %s, {', '.join(rest)} FROM accounts_user WHERE id = {one.pk}"
    insert("accounts_user", ", ".join([*own, *rest]), names, people - 1, values=copy)
    return one.pk


def add_follows(rng: np.random.Generator, people: int, first: int) -> None:
    """A power law of popularity, and a handful whom a good part of all follow."""
    weights = np.arange(1, people + 1) ** -POPULARITY
    weights[: len(CELEBRITIES)] = 0
    weights /= weights.sum()
    followed_by_one = rng.lognormal(np.log(FOLLOWED_MEDIAN), FOLLOWED_SPREAD, people)
    many = np.clip(followed_by_one, 1, min(FOLLOWED_MOST, people // 10)).astype(np.int64)
    followers = [np.repeat(np.arange(people), many)]
    followed = [rng.choice(people, many.sum(), p=weights)]
    for star, share in enumerate(CELEBRITIES):
        fans = rng.choice(people, int(share * people), replace=False)
        followers.append(fans)
        followed.append(np.full(fans.size, star))
    one, other = np.concatenate(followers), np.concatenate(followed)
    pairs = np.unique(one[one != other] * people + other[one != other])
    rows = (
        (int(pair // people) + first, int(pair % people) + first, True, START) for pair in pairs
    )
    columns = "follower_id, followed_id, accepted, created"
    with without_indexes("social_follow"):
        insert("social_follow", columns, rows, pairs.size)


def add_posts(rng: np.random.Generator, people: int, posts: int, first: int) -> None:
    activity = rng.permutation(np.arange(1, people + 1) ** -ACTIVITY)
    activity[: len(CELEBRITIES)] = activity.max()
    authors = rng.choice(people, posts, p=activity / activity.sum()) + first
    step = timedelta(seconds=10)
    rows = (
        (as_uuid(uuid.UUID(bytes=rng.bytes(16))), int(author), f"post {number}", "everyone",
         "shown", "", "", 0, 0, START + number * step)
        for number, author in enumerate(authors)
    )  # fmt: skip
    columns = (
        "public_id, author_id, text, audience, state, card_kind, card_ref, likes, comments, created"
    )
    with without_indexes("social_post"):
        insert("social_post", columns, rows, posts)


def add_pages(first: int, people: int) -> None:
    """Pages with their counts; those with very many followers are merged on read."""
    from moongate.social.counts import recount_pages
    from moongate.social.fanout import FAN_OUT_LIMIT
    from moongate.social.models import Page

    def owners() -> Iterator[range]:
        for start in range(first, first + people, CHUNK):
            yield range(start, min(start + CHUNK, first + people))

    from django.db import transaction

    for ids in progress("pages", people, owners()):
        Page.objects.bulk_create(Page(owner_id=owner) for owner in ids)
        with transaction.atomic():
            recount_pages(ids)
    Page.objects.filter(followers__gte=FAN_OUT_LIMIT).update(is_merged=True)


def add_entries(first: int, people: int) -> None:
    """What fan-out would have written: every post to its author and to those who follow."""
    from django.db import connection, transaction

    query = """
        INSERT INTO social_timelineentry (person_id, post_id, author_id)
        SELECT person, post, author FROM (
            SELECT f.follower_id AS person, p.id AS post, p.author_id AS author
            FROM social_follow f
            JOIN social_page g ON g.owner_id = f.followed_id AND NOT g.is_merged
            JOIN social_post p ON p.author_id = f.followed_id
            WHERE f.follower_id >= %s AND f.follower_id < %s
            UNION ALL
            SELECT author_id, id, author_id FROM social_post
            WHERE author_id >= %s AND author_id < %s
        ) AS entries ORDER BY person, post
    """
    # Few people a time, so that each sorting stays in memory.
    step = max(1, min(5_000, people // 10))
    starts = [range(s, min(s + step, first + people)) for s in range(first, first + people, step)]
    with without_indexes("social_timelineentry"):
        for ids in progress("timelines", people, starts):
            bounds = [ids.start, ids.stop]
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(query, bounds * 2)


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Take a table's plain indexes away while it is filled: making them at the end is quicker."""
    from django.db import connection

    queries = {
        "sqlite": "SELECT name, sql FROM sqlite_master"
        " WHERE type = 'index' AND sql NOT NULL AND sql NOT LIKE '%%UNIQUE%%' AND tbl_name = %s",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE indexdef NOT LIKE '%%UNIQUE%%' AND tablename = %s",
    }
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor], [table])
        indexes = cursor.fetchall()
        for name, _sql in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _name, sql in indexes:
            cursor.execute(sql)


def insert(
    table: str, columns: str, rows: Iterable[tuple], total: int, *, values: str | None = None
) -> None:
    from django.db import connection, transaction

    values = values or f"VALUES ({', '.join(['%s'] * (columns.count(',') + 1))})"
    for batch in progress(table.split("_")[1] + "s", total, batches(rows, CHUNK)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) {values}", batch)


def as_uuid(value: uuid.UUID) -> uuid.UUID | str:
    from django.db import connection

    return value if connection.features.has_native_uuid_field else value.hex


def batches(rows: Iterable, size: int) -> Iterator[list]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def progress(what: str, total: int, parts: Iterable) -> Iterator:
    """The parts, with a line that says how far they have come."""
    done, begun = 0, time.perf_counter()
    for part in parts:
        yield part
        done += len(part)
        if sys.stderr.isatty():
            print(f"\r{what}: {done:,} of {total:,}", end="", file=sys.stderr)
    spent = time.perf_counter() - begun
    print(f"\r{what}: {done:,} in {spent:.1f} s{' ' * 20}", file=sys.stderr)


def size_of(home: Path) -> str:
    file = home / "timeline.sqlite3"
    return f", {file.stat().st_size / 1e9:.1f} GB" if file.exists() else ""


def measure(readers: int) -> None:
    from moongate.accounts.models import User
    from moongate.social.models import Follow, Page, Post, TimelineEntry
    from moongate.social.reading import PAGE
    from moongate.social.timeline import read_timeline

    people, follows = User.objects.count(), Follow.objects.count()
    print(
        f"{people:,} people, {follows:,} follows, {Post.objects.count():,} posts, "
        f"{TimelineEntry.objects.count():,} entries; "
        f"{Page.objects.filter(is_merged=True).count()} authors merged on read, the most "
        f"followed by {Page.objects.order_by('-followers').first().followers:,}"
    )
    rng = np.random.default_rng(SEED + 1)
    names = [f"p{i}" for i in rng.choice(people, readers + WARM_UP, replace=False)]
    chosen = list(User.objects.filter(username__in=names))
    rng.shuffle(chosen)
    keen = list(User.objects.order_by("-page__following", "pk")[:KEEN])
    for reader in chosen[:WARM_UP]:
        read_timeline(reader)
        naive_join(reader, PAGE)
    report(f"{readers} people at random", race(chosen[WARM_UP:]), goal_ms=GOAL_MS)
    least = Page.objects.get(owner=keen[-1]).following
    report(f"the {len(keen)} who follow most (at least {least})", race(keen))


def race(readers: list) -> dict[str, list[Spent]]:
    """What each way to read a page took, the two ways after one another for each reader."""
    from moongate.social.prepared import Prepared
    from moongate.social.reading import ID_MAX, PAGE
    from moongate.social.timeline import read_timeline, timeline_ids

    # Prepared like ours, so that only the databases' work differs.
    naive_ids = Prepared(lambda n, size: joined(n[0]).order_by("-pk").values_list("pk")[:size])
    times: dict[str, list[Spent]] = {
        name: []
        for name in ("ours", "ours, tenth page", "naive join", "ours, ids only", "naive, ids only")
    }
    for reader in readers:
        page = timed(times["ours"], lambda reader=reader: read_timeline(reader))
        peer = timed(times["naive join"], lambda reader=reader: naive_join(reader, PAGE))
        timed(
            times["ours, ids only"],
            lambda reader=reader: timeline_ids(reader, before=ID_MAX, limit=PAGE + 1),
        )
        timed(
            times["naive, ids only"], lambda reader=reader: naive_ids.rows([reader.pk], shape=PAGE)
        )
        theirs = [post for post in page.posts if post.author_id != reader.pk]
        assert theirs == peer[: len(theirs)], f"the pages of {reader} differ"
        for _number in range(8):
            if page.next is not None:
                page = read_timeline(reader, before=page.next)
        if page.next is not None:
            before = page.next
            timed(
                times["ours, tenth page"],
                lambda reader=reader, before=before: read_timeline(reader, before=before),
            )
    return times


def naive_join(reader: object, limit: int) -> list:
    """The posts of everybody followed, in one query."""
    from django.db.models import Exists, OuterRef, Prefetch

    from moongate.social.models import Like, PostPhoto, State

    liked = Exists(Like.objects.filter(post=OuterRef("pk"), person=reader))
    photos = PostPhoto.objects.filter(photo__state=State.SHOWN).select_related("photo")
    posts = joined(reader).select_related("author").annotate(is_liked=liked)
    posts = posts.prefetch_related(
        Prefetch("postphoto_set", queryset=photos.order_by("place"), to_attr="placed_photos")
    )
    return list(posts.order_by("-pk")[:limit])


def joined(reader: object) -> object:
    from moongate.social.models import Audience, Post, State

    return Post.objects.filter(
        author__followed_by__follower=reader,
        author__followed_by__accepted=True,
        state=State.SHOWN,
    ).exclude(audience=Audience.ME)


class Spent(NamedTuple):
    """Milliseconds by the clock, and of this process's processor."""

    clock: float
    processor: float


def timed(times: list[Spent], act: Callable) -> object:
    clock, processor = time.perf_counter(), time.process_time()
    answer = act()
    spent = time.perf_counter() - clock, time.process_time() - processor
    times.append(Spent(*(1000 * seconds for seconds in spent)))
    return answer


def report(who: str, times: dict[str, list[Spent]], *, goal_ms: float | None = None) -> None:
    """By the clock, and what of it this process worked: the rest it waited, for its turn as well
    when the machine has other work, or for PostgreSQL.
    """
    print(
        f"\n{who}, ms\n{'':18}{'p50':>8}{'p95':>8}{'most':>8}   of processor: p50{'p95':>8}   pages"
    )
    p95 = {}
    for name, spent in times.items():
        if not spent:
            continue
        (p50, p95[name]), worked = (
            np.percentile(column, [50, 95]) for column in zip(*spent, strict=True)
        )
        most = max(spent).clock
        print(
            f"{name:18}{p50:8.2f}{p95[name]:8.2f}{most:8.2f}"
            f"{worked[0]:20.2f}{worked[1]:8.2f}   {len(spent)}"
        )
    for peer, own in (("naive join", "ours"), ("naive, ids only", "ours, ids only")):
        print(f"p95 of {peer} / {own}: {p95[peer] / p95[own]:.1f}")
    if goal_ms is not None:
        verdict = "kept" if p95["ours"] <= goal_ms else "missed"
        print(f"goal of {goal_ms:.0f} ms p95: {verdict}")


if __name__ == "__main__":
    main()
