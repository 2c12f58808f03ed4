"""Demo content: labelled players whose records our AI driver really drove."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.utils import timezone

from moongate.accounts.models import User
from moongate.race import catalogue, runtime
from moongate.race.models import Record
from moongate.race.records import enter_record
from moongate.race.replay import encode, record_inputs

log = structlog.get_logger("moongate.race")


@dataclass(frozen=True)
class DemoPlayer:
    """A name, and how well the AI drives under it."""

    username: str
    name: str
    level: float
    boost: bool
    seed: int


PLAYERS = (
    DemoPlayer("demo-kestrel", "Demo Kestrel", 1.0, True, 1),
    DemoPlayer("demo-otter", "Demo Otter", 0.85, True, 2),
    DemoPlayer("demo-puffin", "Demo Puffin", 0.9, False, 3),
    DemoPlayer("demo-hedgehog", "Demo Hedgehog", 0.6, False, 4),
    DemoPlayer("demo-dormouse", "Demo Dormouse", 0.3, False, 5),
)


def load_demo() -> None:
    """Enter the demo players' records, each through the same door as anybody's.

    Safe to call again: only what is not on today's boards is driven.
    """
    for course in catalogue.courses().values():
        for place, player in enumerate(PLAYERS):
            _drive(course, player, place)


def _drive(course: catalogue.Course, player: DemoPlayer, place: int) -> None:
    from moongate.race.drivers.driver import drive_race  # late: it brings scipy's solvers

    user = _player(player)
    if user.is_active:
        log.warning("demo player's name belongs to somebody", player=player.username)
        return
    here = {"track_id": course.track_id, "sim_version": runtime.SIM_VERSION, "laps": course.laps}
    if Record.objects.filter(player=user, best_race=True, **here).exists():
        return
    driven = drive_race(
        course.track, course.laps, level=player.level, boost=player.boost, seed=player.seed
    )
    if not driven.finish_ticks:
        log.warning("demo driver did not finish", track=course.slug, player=player.username)
        return
    replay = record_inputs(course.track, driven.inputs, laps=course.laps)
    at = timezone.now() - timedelta(days=place)
    enter_record(encode(replay), player=user, slug=course.slug, is_demo=True, at=at)


def _player(player: DemoPlayer) -> User:
    """The demo player's row; nobody can sign in as it, unless somebody took the name before."""
    user, new = User.objects.get_or_create(
        username=player.username, defaults={"display_name": player.name, "is_active": False}
    )
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
