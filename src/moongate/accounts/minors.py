"""Minors: what is closed for them until they open it, and what stays closed.

Whoever has not told an age may read like an adult, and is asked before the first thing they post
(`must_tell_age`). The floors above ask here, and never compare ages themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from django.db import transaction
from django.utils.translation import gettext

from moongate.accounts.models import AgeBand, User

# The first age of a band, in years, and the first beyond it.
YEARS: Mapping[str, tuple[int, int | None]] = MappingProxyType(
    {
        AgeBand.UNDER_13: (0, 13),
        AgeBand.FROM_13: (13, 16),
        AgeBand.FROM_16: (16, 18),
        AgeBand.ADULT: (18, None),
    }
)
STRICT: Mapping[str, bool] = MappingProxyType(
    {"is_private": True, "hears_strangers": False, "minds_time": True, "is_findable": False}
)


class TooYoungError(ValueError):
    """Something is not for the person's age; says what, and what helps."""


def is_minor(person: User) -> bool:
    """Whether the person has said to be under 18. Who has said nothing is none (see above)."""
    return person.age_band in {AgeBand.UNDER_13, AgeBand.FROM_13, AgeBand.FROM_16}


def must_tell_age(person: User) -> bool:
    """Whether the person has yet to say their age: ask (page `account_age`) before they post."""
    return not person.age_band


def strict_defaults(person: User) -> dict[str, bool]:
    """The settings that the person's age calls for; none for adults and for unknown ages."""
    return dict(STRICT) if is_minor(person) else {}


def may_loosen(person: User) -> bool:
    """Whether the person may open what is closed for minors: from 13 on."""
    return person.age_band != AgeBand.UNDER_13


def set_age_band(person: User, band: str, *, today: date) -> None:
    """Keep the age the person gives, and close what it calls for if it is new or lower.

    Given again, it changes nothing. Raises TooYoungError when the person cannot have become so
    old since they gave a lower age, and ValueError for no band.
    """
    band = AgeBand(band)
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=person.pk)
        if row.age_band != band:
            if not _can_be(row.born_after, YEARS[band][0], today):
                raise TooYoungError(
                    gettext(
                        "You gave a lower age here not long ago. "
                        "If that was a mistake, ask whoever runs this site to put it right."
                    )
                )
            younger = not row.age_band or YEARS[band] < YEARS[row.age_band]
            row.age_band = band
            row.born_after = _later(row.born_after, _earliest_birthday(band, today))
            closed = strict_defaults(row) if younger else {}
            for name, value in closed.items():
                setattr(row, name, value)
            row.save(update_fields=["age_band", "born_after", *closed])
    _copy(row, person, "age_band", "born_after", *STRICT)


def change_settings(person: User, **choices: bool) -> None:
    """Keep the person's choices of `is_private`, `hears_strangers`, `minds_time`, `is_findable`.

    Raises TooYoungError, and changes nothing, when somebody under 13 opens one that is closed.
    """
    if unknown := set(choices) - set(STRICT):
        raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=person.pk)
        opened = [name for name, value in choices.items() if value != STRICT[name]]
        if opened and not may_loosen(row):
            raise TooYoungError(
                gettext("Under 13 this stays as it is, to keep you safe. It can change at 13.")
            )
        for name, value in choices.items():
            setattr(row, name, value)
        row.save(update_fields=list(choices))
    _copy(row, person, *choices)


def _can_be(born_after: date | None, years: int, today: date) -> bool:
    """Whether somebody born after that day at the earliest can be so many years old by now."""
    return born_after is None or years == 0 or born_after <= _years_before(today, years)


def _earliest_birthday(band: str, today: date) -> date | None:
    beyond = YEARS[band][1]
    return None if beyond is None else _years_before(today, beyond)


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)  # the 29th of February


def _copy(source: User, target: User, *names: str) -> None:
    for name in names:
        setattr(target, name, getattr(source, name))
