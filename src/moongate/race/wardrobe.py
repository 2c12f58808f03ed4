"""What a person wears in the race: kept with them, and checked against the built edition.

Whatever an edition leaves open is everybody's. What must be earned is worn by whoever earned it,
and by the character who comes in it.
"""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moongate.race import catalogue
from moongate.race.models import EarnedPiece, Outfit

MOST_BYTES = 4096
OPEN = "open"
SLOTS = ("head", "face", "body", "hands", "feet", "kart")
NEEDED = "body"  # what nobody goes without

log = structlog.get_logger("moongate.race")


class WardrobeError(ValueError):
    """Why an outfit cannot be worn: field, reason and mend, in the reader's language."""

    def __init__(self, field: str, reason: str, mend: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason, self.mend = field, reason, mend


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An outfit as the garage sends it; `wears` names a piece and a colourway by layer."""

    edition: str
    character: str
    kart: str
    wears: dict[str, tuple[str, str]]


def read_wish(body: bytes) -> Wish:
    """The wish in a request's body. Raises WardrobeError."""
    mend = _("Choose it in the garage.")
    if len(body) > MOST_BYTES:
        raise WardrobeError(
            "body", _("An outfit has at most {n} bytes.").format(n=MOST_BYTES), mend
        )
    try:
        return msgspec.json.decode(body, type=Wish)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WardrobeError("body", str(error), mend) from error


def wear(wish: Wish, *, by: Any) -> Outfit:
    """Have a person wear this from now on. Raises WardrobeError."""
    edition = _edition(wish.edition)
    character = _character(edition, wish.character)
    if wish.kart not in {kart["slug"] for kart in edition.index["karts"]}:
        raise _unknown("kart", wish.kart)
    owned = earned_pieces(by, edition.slug)
    for slot, worn in wish.wears.items():
        _require_piece(edition, character, slot, worn, owned)
    _require_kept(character, wish.wears)
    values = {
        "edition": edition.slug,
        "character": wish.character,
        "kart": wish.kart,
        "wears": {slot: list(worn) for slot, worn in sorted(wish.wears.items())},
        "changed": timezone.now(),
    }
    outfit, _new = Outfit.objects.update_or_create(player=by, defaults=values)
    return outfit


def outfit_of(person: Any) -> dict[str, Any] | None:
    """What a person wears, as the game reads it; None before the first choice."""
    outfit = Outfit.objects.filter(player=person).first() if person is not None else None
    if outfit is None:
        return None
    return {
        "edition": outfit.edition,
        "character": outfit.character,
        "kart": outfit.kart,
        "wears": outfit.wears,
    }


def earned_pieces(person: Any, edition: str) -> set[str]:
    """The short names of what a person has earned of an edition's wardrobe."""
    if person is None:
        return set()
    refs = EarnedPiece.objects.filter(player=person, costume__startswith=f"{edition}/")
    return {ref.split("/", 1)[1] for ref in refs.values_list("costume", flat=True)}


def award_piece(costume: str, *, to: Any, reason: str = "") -> EarnedPiece:
    """Give a person an earned piece, `edition/piece`; once is enough. Raises WardrobeError."""
    ref = clean_ref(costume)
    piece, new = EarnedPiece.objects.get_or_create(
        player=to, costume=ref, defaults={"reason": reason[:200], "created": timezone.now()}
    )
    if new:
        log.info("piece earned", costume=ref)
    return piece


def clean_ref(costume: str) -> str:
    """`edition/piece` if there is such a piece; raises WardrobeError."""
    edition_slug, _slash, slug = costume.strip().partition("/")
    if slug not in _pieces(_edition(edition_slug)):
        raise _unknown("costume", costume)
    return f"{edition_slug}/{slug}"


def merge_wardrobes(source: Any, target: Any) -> None:
    """Give what a guest has earned, and wears, to the account the guest has become."""
    with transaction.atomic():
        known = EarnedPiece.objects.filter(player=target).values("costume")
        EarnedPiece.objects.filter(player=source).exclude(costume__in=known).update(player=target)
        EarnedPiece.objects.filter(player=source).delete()
        if not Outfit.objects.filter(player=target).exists():
            Outfit.objects.filter(player=source).update(player=target)
        Outfit.objects.filter(player=source).delete()


def _edition(slug: str) -> catalogue.BuiltEdition:
    for edition in catalogue.editions():
        if edition.slug == slug:
            return edition
    raise _unknown("edition", slug)


def _character(edition: catalogue.BuiltEdition, slug: str) -> dict[str, Any]:
    for character in edition.index["characters"]:
        if character["slug"] == slug and character.get("model"):
            found: dict[str, Any] = character
            return found
    raise _unknown("character", slug)


def _pieces(edition: catalogue.BuiltEdition) -> dict[str, dict[str, Any]]:
    return {entry["slug"]: entry for entry in edition.index.get("costumes", ())}


def _require_piece(
    edition: catalogue.BuiltEdition,
    character: dict[str, Any],
    slot: str,
    worn: tuple[str, str],
    owned: set[str],
) -> None:
    slug, way = worn
    field = f"wears.{slot[:16]}"
    piece = _pieces(edition).get(slug)
    if slot not in SLOTS or piece is None or piece["slot"] != slot:
        raise _unknown(field, slug)
    if way not in {each["slug"] for each in piece["colourways"]}:
        raise _unknown(field, f"{slug}/{way}")
    own = character.get("wears", {}).get(slot, ("",))[0] == slug
    if own or piece["earned"]["by"] == OPEN or slug in owned:
        return
    how = piece["earned"]["how"]
    mend = catalogue.words(how) if how else _("Choose another piece.")
    raise WardrobeError(field, _("This piece is not earned yet."), mend)


def _require_kept(character: dict[str, Any], wears: dict[str, tuple[str, str]]) -> None:
    """Some things are part of a person: another colour may be worn, and nothing else."""
    own = character.get("wears", {})
    for slot in character.get("keeps", ()):
        if slot in own and wears.get(slot, ("",))[0] != own[slot][0]:
            reason = _("This is part of who they are.")
            raise WardrobeError(f"wears.{slot}", reason, _("Choose one of its colours."))
    if NEEDED not in wears:
        reason = _("Nobody drives without it.")
        raise WardrobeError(f"wears.{NEEDED}", reason, _("Choose another piece."))


def _unknown(field: str, value: str) -> WardrobeError:
    reason = _("There is no “{name}” here.").format(name=value[:64])
    return WardrobeError(field, reason, _("Choose it in the garage."))
