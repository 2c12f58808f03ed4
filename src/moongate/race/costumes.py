"""The costumes of the built editions, and who may give one away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext as _

from moongate.race import catalogue

OPEN = "open"


@dataclass(frozen=True)
class Costume:
    """A piece of an edition's wardrobe. `ref` is `<edition>/<slug>`; `earned` how one gets it."""

    ref: str
    names: dict[str, str]
    edition_names: dict[str, str]
    layer: str
    earned: str
    picture: str  # path under the built folder, or ""

    @property
    def name(self) -> str:
        return catalogue.words(self.names)

    @property
    def about(self) -> str:
        """Where it is worn, and whose wardrobe it is from."""
        worn = {
            "head": _("On the head"),
            "face": _("On the face"),
            "body": _("On the body"),
            "hands": _("On the hands"),
            "feet": _("On the feet"),
            "kart": _("On the kart"),
        }.get(self.layer, "")
        return " · ".join(filter(None, [worn, catalogue.words(self.edition_names)]))

    @property
    def picture_url(self) -> str:
        return static(self.picture) if self.picture else ""


def costumes() -> dict[str, Costume]:
    """Every costume by its ref, in the editions' order."""
    found = {}
    for edition in catalogue.editions():
        for entry in edition.index.get("costumes", ()):
            costume = _read(edition, entry)
            found[costume.ref] = costume
    return found


def may_give(person: Any, costume: Costume) -> bool:
    """Whether `person` may give the costume away: the one place for the rule.

    Whatever an edition leaves open is anybody's to give; what must be earned is nobody's.
    """
    return costume.earned == OPEN


def _read(edition: catalogue.BuiltEdition, entry: dict[str, Any]) -> Costume:
    picture = entry.get("picture", "")
    return Costume(
        ref=f"{edition.slug}/{entry['slug']}",
        names=entry["name"],
        edition_names=edition.index["name"],
        layer=entry.get("layer") or entry.get("slot", ""),
        earned=_earned_by(entry.get("earned", OPEN)),
        picture=f"{edition.place}/{picture}" if picture else "",
    )


def _earned_by(told: str | dict[str, str]) -> str:
    """An edition names the way, or a table that says `by` which way and how."""
    return told if isinstance(told, str) else told["by"]
