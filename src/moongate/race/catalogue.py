"""The courses that can be raced: the tracks of the built editions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language

from moongate.race import runtime
from moongate.race.editions.loader import load_edition
from moongate.race.replay import ReplayError, decode
from moongate.race.track import Track

if TYPE_CHECKING:
    from moongate.race.models import Record


class NoCourseError(LookupError):
    """No built edition has a track of this name."""


@dataclass(frozen=True)
class Course:
    """A track of an edition, as the site offers it."""

    edition: str
    slug: str
    names: dict[str, str]
    track_id: str
    laps: int
    table: str  # path under the built folder
    scenery: str
    facts: dict[str, Any] = field(repr=False, compare=False)
    track: Track = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        return words(self.names)

    @property
    def edition_file(self) -> str:
        """The edition's index, as a path under the built folder."""
        return f"editions/{self.edition}/edition.json"

    @property
    def table_url(self) -> str:
        return static(self.table)

    @property
    def scenery_url(self) -> str:
        return static(self.scenery)


def words(names: dict[str, str]) -> str:
    """The text in the reader's language, in English where it is missing."""
    return names.get(get_language() or "en") or names["en"]


@cache
def courses() -> dict[str, Course]:
    """Every course by slug, in the editions' order."""
    found: dict[str, Course] = {}
    for file in sorted(_built().glob("editions/*/edition.json")):
        for course in _read(file.parent):
            found.setdefault(course.slug, course)
    return found


def find_course(slug: str) -> Course | None:
    return courses().get(slug)


def course(slug: str) -> Course:
    """The course named `slug`; raises NoCourseError."""
    found = find_course(slug)
    if found is None:
        raise NoCourseError(slug)
    return found


def find_track(track_id: str) -> Track | None:
    """The track with this id, or None: what `verify` asks for."""
    for candidate in courses().values():
        if candidate.track_id == track_id:
            return candidate.track
    return None


def slug_of(data: bytes) -> str:
    """The course that a replay was driven on. Raises ReplayError."""
    track_id = decode(data).track_id
    for candidate in courses().values():
        if candidate.track_id == track_id:
            return candidate.slug
    raise ReplayError("no track here has the id {track}", track=track_id)


def is_current(record: Record, course: Course) -> bool:
    """Whether a record was driven on today's geometry by today's rules."""
    return record.track_id == course.track_id and record.sim_version == runtime.SIM_VERSION


def _built() -> Path:
    return Path(getattr(settings, "BUILT", Path(__file__).resolve().parent.parent / "built"))


def _read(folder: Path) -> list[Course]:
    edition = load_edition(folder)
    place = folder.relative_to(_built()).as_posix()
    return [
        Course(
            edition=edition.slug,
            slug=track["slug"],
            names=track["name"],
            track_id=track["id"],
            laps=track["laps"],
            table=f"{place}/{track['table']}",
            scenery=f"{place}/{track['scenery']}",
            facts=track,
            track=edition.tracks[track["slug"]],
        )
        for track in edition.index["tracks"]
    ]
