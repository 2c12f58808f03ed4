"""Whose races may be shown to whom outside the board.

The board is public, and so is each record's own page. A card in a timeline is more: it puts a
person before people. So a race of somebody with a private page is carried only to those whom they
let in, and a block keeps it from either side.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from moongate.race.models import Record
from moongate.social.models import Page
from moongate.social.visibility import is_followed, not_apart


def visible_records(viewer: Any) -> QuerySet[Record]:
    """The records whose cards `viewer` (None or anonymous: a stranger) may see, with players."""
    records = Record.objects.defer("replay").select_related("player")
    private = Exists(Page.objects.filter(owner=OuterRef("player"), is_private=True))
    # Nobody stands behind a demo player, and a guest has no page to be private.
    nobodys = Q(is_demo=True) | Q(player__is_guest=True)
    public = nobodys | (Q(player__is_active=True, player__is_private=False) & ~Q(private))
    if viewer is None or not viewer.is_authenticated:
        return records.filter(public)
    admitted = public | (Q(player__is_active=True) & Q(is_followed(viewer, "player")))
    return records.filter(Q(player=viewer) | (admitted & not_apart(viewer, "player")))
