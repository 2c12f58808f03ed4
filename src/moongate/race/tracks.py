"""The tracks a command can be told of: those of the built editions, and track files."""

from functools import cache
from pathlib import Path

from moongate.race.editions.shelf import (
    SHIPPED,
    added_editions,
    order_of_editions,
    read_shelf,
)
from moongate.race.track import Track, TrackError, read_track


@cache
def edition_tracks() -> dict[str, Track]:
    """Every built edition's tracks by the address they have on the site."""
    shelf = read_shelf([SHIPPED, added_editions()], order_of_editions())
    return {name: edition.tracks[slug] for name, (edition, slug) in shelf.addresses().items()}


def first_track() -> Track:
    """The first track of the first edition; raises TrackError when none is built."""
    for track in edition_tracks().values():
        return track
    raise TrackError("no edition is built: run `make client`")


def find_track(name: str) -> Track:
    """The track of this name, or in this file; raises TrackError with the names there are."""
    known = edition_tracks()
    if name in known:
        return known[name]
    path = Path(name)
    if path.exists():
        return read_track(path)
    names = ", ".join(known) or "none built: run `make client`"
    raise TrackError(f"no track or track file {name!r}; the editions' tracks are: {names}")


def track_by_id(track_id: str, extra: Track | None = None) -> Track | None:
    """The track a replay was driven on: `extra` if it is that, else one of an edition."""
    if extra and extra.id == track_id:
        return extra
    return next((t for t in edition_tracks().values() if t.id == track_id), None)
