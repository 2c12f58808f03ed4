"""The built editions there are, in the house's order, and the name each of their tracks goes by."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from moongate.race.editions.faults import EditionError
from moongate.race.editions.loader import Edition, load_edition

SHIPPED = Path(__file__).parents[2] / "built" / "editions"
# Neither a slug nor an edition's name may hold it.
JOINT = "_"


@dataclass(frozen=True)
class Shelf:
    """Editions that can be raced on, and what is wrong with the others."""

    editions: list[Edition]
    faults: list[EditionError]

    def addresses(self) -> dict[str, tuple[Edition, str]]:
        """Every track by its address: its slug, or edition_slug where an edition before has it."""
        found: dict[str, tuple[Edition, str]] = {}
        for edition in self.editions:
            for slug in edition.tracks:
                address = slug if slug not in found else f"{edition.slug}{JOINT}{slug}"
                found[address] = (edition, slug)
        return found


def added_editions() -> Path:
    """The folder of the data home where an operator puts editions besides those that ship."""
    home = os.environ.get("MOONGATE_HOME")
    base = Path(home).expanduser() if home else Path.home() / ".local" / "share" / "moongate"
    return base / "editions"


def order_of_editions() -> list[str]:
    """Which editions come first, by MOONGATE_EDITIONS."""
    given = os.environ.get("MOONGATE_EDITIONS", "").split(",")
    return [word.strip() for word in given if word.strip()]


def read_shelf(folders: Iterable[Path], first: Sequence[str] = ()) -> Shelf:
    """The editions built into `folders`, those named in `first` before the others.

    A folder that cannot be read is a fault and no hindrance to the others. Shipped editions come
    before added ones when `folders` names them in that order.
    """
    editions: dict[str, Edition] = {}
    faults: list[EditionError] = []
    for folder in folders:
        for file in sorted(folder.glob("*/edition.json")):
            try:
                edition = load_edition(file.parent)
                if edition.slug != file.parent.name:
                    mend = "Name the folder as the edition."
                    raise EditionError(file, "slug", f"it is {edition.slug!r}", mend)
                if edition.slug in editions:
                    fault = f"{editions[edition.slug].folder} is that edition too"
                    raise EditionError(file, "slug", fault, "Remove one of the two.")
            except EditionError as error:
                faults.append(error)
            else:
                editions[edition.slug] = edition
    places = {slug: place for place, slug in enumerate(first)}
    ordered = sorted(editions.values(), key=lambda edition: places.get(edition.slug, len(places)))
    return Shelf(ordered, faults)
