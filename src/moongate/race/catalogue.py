"""The courses that can be raced: the tracks of the built editions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from moongate.race import runtime
from moongate.race.editions.loader import Edition
from moongate.race.editions.shelf import JOINT, Shelf, order_of_editions, read_shelf
from moongate.race.replay import ReplayError, decode
from moongate.race.track import Track

if TYPE_CHECKING:
    from moongate.race.models import Record

log = structlog.get_logger("moongate.race")


class NoCourseError(LookupError):
    """No built edition has a track of this name."""


@dataclass(frozen=True)
class Course:
    """A track of an edition, as the site offers it.

    `slug` is its address here; it is the track's own, or edition_slug where two editions have one.
    """

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
    def length_km(self) -> float:
        """Kilometres of one lap."""
        return float(round(self.facts["length_m"] / 1000, 2))

    @property
    def full_slug(self) -> str:
        """The address that stays, whatever other editions come."""
        return f"{self.edition}{JOINT}{self.track.name}"

    @property
    def table_url(self) -> str:
        return static(self.table)

    @property
    def scenery_url(self) -> str:
        return static(self.scenery)


@dataclass(frozen=True)
class BuiltEdition:
    """An edition's index, and its folder as a path under the built one."""

    slug: str
    place: str
    index: dict[str, Any] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        return words(self.index["name"])

    @property
    def index_file(self) -> str:
        """The index, as a path under the built folder."""
        return f"{self.place}/edition.json"


def words(names: dict[str, str]) -> str:
    """The text in the reader's language, in English where it is missing."""
    return names.get(get_language() or "en") or names["en"]


@cache
def editions() -> tuple[BuiltEdition, ...]:
    """Every built edition, in the house's order."""
    return tuple(
        BuiltEdition(edition.slug, _place(edition), edition.index) for edition in _shelf().editions
    )


@cache
def courses() -> dict[str, Course]:
    """Every course by its address, in the editions' order."""
    return {
        address: _course(address, edition, slug)
        for address, (edition, slug) in _shelf().addresses().items()
    }


def front_words() -> dict[str, str]:
    """What the first edition that says so has to say on the front page; else a few plain words.

    `line`, `scene` and `start`, as `editions.schema.Front`.
    """
    for edition in editions():
        if front := edition.index.get("front"):
            return {key: words(text) for key, text in front.items()}
    return {
        "line": _("Drift through a model village."),
        "scene": _("a model village at sunset"),
        "start": _("Drive a lap"),
    }


def courses_by_edition() -> list[tuple[BuiltEdition, list[Course]]]:
    """Every edition with its courses, in the house's order; empty when there is one course."""
    if len(courses()) < 2:
        return []
    return [
        (edition, [each for each in courses().values() if each.edition == edition.slug])
        for edition in editions()
    ]


def find_course(slug: str) -> Course | None:
    """The course at an address, short or full."""
    found = courses().get(slug)
    if found is None and JOINT in slug:
        found = next((each for each in courses().values() if each.full_slug == slug), None)
    return found


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


@cache
def _shelf() -> Shelf:
    """What ships and what the operator added; a broken edition is told in the log and left out."""
    folders = [Path(settings.BUILT) / "editions", Path(settings.EDITIONS_HOME)]
    shelf = read_shelf(folders, order_of_editions())
    for fault in shelf.faults:
        log.error("edition left out", fault=str(fault))
    return shelf


def _place(edition: Edition) -> str:
    """An edition's folder below the static files, whichever folder it was read from."""
    return f"editions/{edition.slug}"


def _course(address: str, edition: Edition, slug: str) -> Course:
    facts = next(entry for entry in edition.index["tracks"] if entry["slug"] == slug)
    place = _place(edition)
    return Course(
        edition=edition.slug,
        slug=address,
        names=facts["name"],
        track_id=facts["id"],
        laps=facts["laps"],
        table=f"{place}/{facts['table']}",
        scenery=f"{place}/{facts['scenery']}",
        facts=facts,
        track=edition.tracks[slug],
    )
