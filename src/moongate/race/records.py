"""What happens to records: entering one, moving a guest's to an account, reading the board."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from moongate.race import catalogue
from moongate.race.models import Record
from moongate.race.replay import ReplayError, Verdict, verify

log = structlog.get_logger("moongate.race")

SOMEBODY_ELSES = ReplayError(
    "this very drive is already on the board under another name",
    "Race the ghost and send your own drive.",
)


class PlayerGoneError(LookupError):
    """The player is no more: a guest who signed in elsewhere while the replay was driven."""


@dataclass(frozen=True)
class Entry:
    """What became of a replay: its record, and whether it is new and the player's best so far."""

    record: Record
    new: bool
    personal_best: bool


@dataclass(frozen=True)
class Claim:
    """A replay that was driven again and holds, for one of the edition's tracks."""

    data: bytes
    verdict: Verdict
    track: catalogue.Course


def prove(data: bytes, *, slug: str) -> Claim:
    """Drive a replay again; raises ReplayError when it does not belong on this track's board."""
    course = catalogue.course(slug)
    verdict = verify(data, catalogue.find_track)
    try:
        if verdict.error:
            raise verdict.error
        replay = verdict.replay
        assert replay is not None
        if replay.track_id != course.track_id:
            raise ReplayError(
                "the replay was driven on another track than {track}",
                "Send it to the board of the track that it was driven on.",
                track=slug,
            )
        if replay.n_karts != 1:
            raise ReplayError(
                "a record is driven alone; this replay has {karts} karts",
                "Drive a time trial.",
                karts=replay.n_karts,
            )
    except ReplayError as error:
        log.info("replay refused", track=slug, bytes=len(data), why=error.template)
        raise
    return Claim(data, verdict, course)


def refuse_taken(claim: Claim, *, player: Any) -> None:
    """Raise ReplayError when somebody else has driven just this; `player` may be None."""
    owner = Record.objects.filter(drive_id=claim.verdict.drive_id).values_list("player", flat=True)
    taken = owner.first()
    if taken is not None and taken != getattr(player, "pk", None):
        log.info("replay refused", track=claim.track.slug, why="drive of another player")
        raise SOMEBODY_ELSES


def enter_record(
    data: bytes | Claim,
    *,
    player: Any,
    slug: str | None = None,
    is_demo: bool = False,
    at: datetime | None = None,
) -> Entry:
    """Enter a replay as the player's record. Sent again, it is the same record.

    `slug` names the track; without it, the replay's own. Raises ReplayError or PlayerGoneError.
    """
    if isinstance(data, bytes):
        data = prove(data, slug=slug or catalogue.slug_of(data))
    try:
        with transaction.atomic():
            return _enter(data, player, is_demo, at or timezone.now())
    except IntegrityError:
        # Two uploads of one drive at one time: the other came first.
        with transaction.atomic():
            return _enter(data, player, is_demo, at or timezone.now())


def _enter(claim: Claim, player: Any, is_demo: bool, at: datetime) -> Entry:
    verdict, replay = claim.verdict, claim.verdict.replay
    assert replay is not None
    if _lock(player) == 0:
        raise PlayerGoneError
    refuse_taken(claim, player=player)
    known = Record.objects.filter(drive_id=verdict.drive_id).first()
    if known is not None:
        return Entry(known, new=False, personal_best=known.best_race)
    record = Record.objects.create(
        player=player,
        track_slug=claim.track.slug,
        track_id=claim.track.track_id,
        laps=replay.laps,
        finish_ticks=verdict.finish_ticks,
        time_ms=verdict.time_ms,
        lap_ticks=list(verdict.lap_ticks),
        lap_ms=list(verdict.lap_ms),
        best_lap_ticks=min(verdict.lap_ticks),
        best_lap_ms=min(verdict.lap_ms),
        sim_version=replay.sim_version,
        state_hash=verdict.hash,
        replay=claim.data,
        replay_sha256=hashlib.sha256(claim.data).hexdigest(),
        drive_id=verdict.drive_id,
        is_demo=is_demo,
        created=at,
    )
    _mark_bests(record)
    record.refresh_from_db(fields=["best_race", "best_lap"])
    log.info(
        "record entered",
        track=record.track_slug,
        time_ms=record.time_ms,
        laps=record.laps,
    )
    return Entry(record, new=True, personal_best=record.best_race)


def merge_records(source: Any, target: Any) -> None:
    """Give all of a guest's records to the account that the guest has become."""
    with transaction.atomic():
        _lock(source, target)
        moving = list(Record.objects.filter(player=source))
        Record.objects.filter(player=source).update(player=target, best_race=False, best_lap=False)
        groups = {(r.track_id, r.sim_version, r.laps): r for r in moving}
        for record in groups.values():
            record.player = target
            _mark_bests(record)
    log.info("records merged", count=len(moving))


def strike_record(record: Record) -> None:
    """Take a record off the house's books; the player's next best takes its place."""
    with transaction.atomic():
        _lock(record.player)
        Record.objects.filter(pk=record.pk).delete()
        _mark_bests(record)
    log.info("record struck off", track=record.track_slug)


def _lock(*players: Any) -> int:
    """Let one transaction at a time change these players' bests (SQLite always does).

    Says how many of them there still are.
    """
    ids = [player.pk for player in players]
    return len(get_user_model().objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _mark_bests(record: Record) -> None:
    """Mark anew the player's best race over so many laps, and best lap, on this track."""
    mine = Record.objects.filter(
        player_id=record.player_id,
        track_id=record.track_id,
        sim_version=record.sim_version,
    )
    races = mine.filter(laps=record.laps)
    _mark(races, "best_race", races.order_by("time_ms", "created", "id").first())
    _mark(mine, "best_lap", mine.order_by("best_lap_ms", "created", "id").first())


def _mark(rows: QuerySet[Record], flag: str, best: Record | None) -> None:
    rows.filter(**{flag: True}).exclude(pk=best.pk if best else None).update(**{flag: False})
    if best is not None and not getattr(best, flag):
        Record.objects.filter(pk=best.pk).update(**{flag: True})
