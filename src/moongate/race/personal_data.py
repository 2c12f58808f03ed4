"""What the race holds of a person: their records and the replays that prove them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moongate.accounts.personal_data import register
from moongate.race.models import EarnedPiece, Outfit, Record

REPLAYS_BATCH = 20


def register_race() -> None:
    """Register records, each replay a file of the export, and what is worn and was earned."""
    register(
        Record,
        owner="player",
        export=(
            "id",
            "track_slug",
            "track_id",
            "laps",
            "time_ms",
            "lap_ms",
            "best_lap_ms",
            "sim_version",
            "created",
        ),
        erase="delete",
        files=replay_files,
    )
    register(
        Outfit,
        owner="player",
        export=("edition", "character", "kart", "wears", "changed"),
        erase="delete",
    )
    register(EarnedPiece, owner="player", export=("costume", "reason", "created"), erase="delete")


def replay_files(player: Any) -> Iterator[tuple[str, bytes]]:
    """Every replay of a player, named by track and time."""
    for record in Record.objects.filter(player=player).iterator(chunk_size=REPLAYS_BATCH):
        name = f"replays/{record.track_slug}-{record.time_ms}-{record.pk}.mgrp"
        yield name, bytes(record.replay)
