"""A guest's things move to the account that the guest signs in to.

The floors above register what they own: `register(move_records)`, a callable of
(from_user, to_user) that reassigns its rows. Everything moves in one transaction or not at all.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import transaction

from moongate.accounts.models import User

Mover = Callable[[User, User], None]

log = structlog.get_logger(__name__)
_movers: list[Mover] = []


def register(mover: Mover) -> Mover:
    """Have `mover(from_user, to_user)` called at each merge; usable as a decorator."""
    if mover not in _movers:
        _movers.append(mover)
    return mover


def merge_guest(guest: User, *, into: User) -> None:
    """Give everything of `guest` to `into`, then remove the guest's row."""
    if guest.pk == into.pk:
        raise ValueError("a person cannot be merged into themself")
    with transaction.atomic():
        row = User.objects.select_for_update().filter(pk=guest.pk, is_guest=True).first()
        if row is None:
            return
        for mover in _movers:
            mover(row, into)
        row.delete()
    log.info("guest merged", movers=len(_movers))
