"""The board: each player's best on a track, fastest first, the earlier of two equals before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from moongate.race import catalogue, runtime
from moongate.race.models import Record

Kind = Literal["race", "lap"]
PAGE = 20
MOST = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CursorError(ValueError):
    """`after` is not one that a board gave."""


@dataclass(frozen=True)
class Row:
    """One line of the board."""

    rank: int
    record: Record
    is_you: bool
    kind: Kind

    @property
    def time_ms(self) -> int:
        return self.record.time_ms if self.kind == "race" else self.record.best_lap_ms


@dataclass(frozen=True)
class Page:
    """Some lines of the board, the viewer's own line wherever it stands, and where to go on."""

    rows: tuple[Row, ...]
    you: Row | None
    next: str | None
    total: int


def read_board(
    course: catalogue.Course,
    *,
    kind: Kind = "race",
    viewer: Any = None,
    limit: int = PAGE,
    after: str | None = None,
) -> Page:
    """A page of a track's board, driven by today's rules. `after` is the page before's `next`."""
    everyone = standing(course, kind)
    ordered = everyone.order_by(_field(kind), "created", "id").select_related("player")
    ordered = ordered.defer("replay")
    skipped = 0
    if after:
        place = _place(after)
        skipped = everyone.filter(_before(kind, place) | Q(pk=place[2])).count()
        ordered = ordered.exclude(_before(kind, place) | Q(pk=place[2]))
    found = list(ordered[: limit + 1])
    viewer_id = getattr(viewer, "pk", None)
    rows = tuple(
        Row(skipped + 1 + i, record, record.player_id == viewer_id, kind)
        for i, record in enumerate(found[:limit])
    )
    more = _cursor(kind, found[limit - 1]) if len(found) > limit else None
    you = None
    if viewer_id is not None:
        own = everyone.filter(player_id=viewer_id).select_related("player").first()
        you = Row(rank_of(own, kind), own, True, kind) if own else None
    return Page(rows, you, more, everyone.count())


def standing(course: catalogue.Course, kind: Kind) -> QuerySet[Record]:
    """The records that stand on a board: each player's best, by today's geometry and rules."""
    current = Record.objects.filter(track_id=course.track_id, sim_version=runtime.SIM_VERSION)
    if kind == "lap":
        return current.filter(best_lap=True)
    return current.filter(best_race=True, laps=course.laps)


def rank_of(record: Record, kind: Kind) -> int | None:
    """The place that the record's player holds with it; None when it stands on no board."""
    course = catalogue.find_course(record.track_slug)
    if course is None:
        return None
    everyone = standing(course, kind)
    if not everyone.filter(pk=record.pk).exists():
        return None
    time = getattr(record, _field(kind))
    return 1 + everyone.filter(_before(kind, (time, record.created, record.pk))).count()


def _field(kind: Kind) -> str:
    return "time_ms" if kind == "race" else "best_lap_ms"


def _before(kind: Kind, place: tuple[int, datetime, UUID]) -> Q:
    name = _field(kind)
    time, created, pk = place
    return (
        Q(**{f"{name}__lt": time})
        | Q(**{name: time, "created__lt": created})
        | Q(**{name: time, "created": created, "id__lt": pk})
    )


def _cursor(kind: Kind, record: Record) -> str:
    created_us = (record.created - _EPOCH) // timedelta(microseconds=1)
    return f"{getattr(record, _field(kind))}-{created_us}-{record.pk.hex}"


def _place(after: str) -> tuple[int, datetime, UUID]:
    try:
        time, created_us, pk = after.split("-")
        if not (time.isascii() and time.isdigit() and len(time) <= 9):
            raise ValueError(time)
        if not (created_us.isascii() and created_us.isdigit() and len(created_us) <= 17):
            raise ValueError(created_us)
        return int(time), _EPOCH + timedelta(microseconds=int(created_us)), UUID(hex=pk)
    except (ValueError, OverflowError) as error:
        raise CursorError(after) from error
