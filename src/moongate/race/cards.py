"""What the race puts on posts: a replay that plays from the post, and a costume."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from moongate.race import catalogue
from moongate.race.costumes import costumes, may_give
from moongate.race.models import Record
from moongate.race.templatetags.race import race_time
from moongate.race.visibility import visible_records
from moongate.social.cards import Card, Deed, register

REPLAY = "replay"
COSTUME = "costume"


def register_cards() -> None:
    """Tell social how a replay and a costume look, and who may share one."""
    register(REPLAY, render=render_replay, may_post=may_post_replay)
    register(COSTUME, render=render_costume, may_post=may_post_costume, offer=wardrobe_of)


def render_replay(ref: str, viewer: Any, lang: str) -> Card:
    """A record's card: the course, the time, who drove it; to be played and raced.

    A record that is gone, and one that is not for the viewer, look the same.
    """
    with override(lang):
        record = _find(ref, viewer)
        if record is None:
            return Card(_("This replay is gone"), _("It was taken back, or it is not for you."))
        course = catalogue.find_course(record.track_slug)
        text = " · ".join(_facts(record))
        page = reverse("race:record", args=[record.pk])
        if course is None:
            return Card(record.track_slug, text, url=page, action=_("See the record"))
        picture = reverse("race:course_picture", args=[course.slug])
        if not catalogue.is_current(record, course):
            return Card(course.name, text, picture, page, _("See the record"))
        drive = reverse("race:play", args=[course.slug])
        deeds = (
            Deed(_("Play"), reverse("race:watch", args=[record.pk]), plays=True),
            Deed(_("Race this ghost"), f"{drive}?ghost={record.pk}"),
        )
        return Card(course.name, text, picture, page, deeds=deeds)


def may_post_replay(person: Any, ref: str) -> bool:
    """One's own records, and those of others that one may see."""
    return _find(ref, person) is not None


def render_costume(ref: str, viewer: Any, lang: str) -> Card | None:
    """A costume's name, where it is worn and whose wardrobe it is from; None for none here."""
    with override(lang):
        costume = costumes().get(ref)
        if costume is None:
            return None
        edition, _slash, piece = ref.partition("/")
        wanted = urlencode({"edition": edition, "piece": piece})
        return Card(
            costume.name,
            costume.about,
            costume.picture_url,
            url=f"{reverse('race:garage')}?{wanted}",
            action=_("Try it on"),
        )


def may_post_costume(person: Any, ref: str) -> bool:
    costume = costumes().get(ref)
    return costume is not None and may_give(person, costume)


def wardrobe_of(person: Any) -> list[str]:
    """The refs of what the person may give away."""
    return [ref for ref, costume in costumes().items() if may_give(person, costume)]


def _find(ref: str, viewer: Any) -> Record | None:
    try:
        return visible_records(viewer).filter(pk=UUID(ref)).first()
    except ValueError:
        return None


def _facts(record: Record) -> list[str]:
    laps = ngettext("%(laps)s lap", "%(laps)s laps", record.laps) % {"laps": record.laps}
    facts = [race_time(record.time_ms), str(record.player), laps]
    return [*facts, _("demo")] if record.is_demo else facts
