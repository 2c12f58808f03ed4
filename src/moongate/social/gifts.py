"""Costumes given from one person to another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moongate.social import cards, throttle
from moongate.social.errors import InvalidError, NotAllowedError
from moongate.social.models import Follow, Gift, Notification
from moongate.social.notifications import notify
from moongate.social.pages import lock_pages
from moongate.social.people import require_member, require_seen
from moongate.social.texts import clean_text
from moongate.social.visibility import visible_people

CARD_KIND = "costume"
MESSAGE_MAX = 200
SAME_WITHIN = timedelta(minutes=10)  # a button pressed twice, a request sent again


def give_gift(receiver: Any, *, costume: str, by: Any, message: str = "") -> Gift:
    """Give a costume that `by` may share to somebody. Raises SocialError.

    The same costume again within ten minutes is the same gift. Somebody who hears no strangers is
    given gifts only by people whom they follow.
    """
    require_member(by)
    if receiver.pk == by.pk:
        raise InvalidError(_("A gift is for somebody else."), _("Choose somebody else."))
    require_seen(receiver, by=by)
    if not costume:
        reason = _("costume: a gift needs a costume.")
        raise InvalidError(reason, _("Choose a costume."), field="costume")
    cards.require_card(CARD_KIND, costume, by=by)
    message = clean_text(message, field="message", most=MESSAGE_MAX, lines=False)
    _require_heard(receiver, by)
    with transaction.atomic():
        lock_pages(receiver, by)
        since = timezone.now() - SAME_WITHIN
        same = Gift.objects.filter(giver=by, receiver=receiver, costume=costume)
        gift = same.filter(created__gt=since).first()
        if gift is None:
            throttle.admit("gift", by)
            gift = Gift.objects.create(
                giver=by, receiver=receiver, costume=costume, message=message
            )
            notify(receiver, Notification.Kind.GIFT, actor=by)
    return gift


def gifts_of(person: Any) -> QuerySet[Gift]:
    """What one was given, newest first, without gifts of those one does not see."""
    gifts = Gift.objects.filter(receiver=person, giver__in=visible_people(person))
    return gifts.select_related("giver").order_by("-pk")


def _require_heard(receiver: Any, by: Any) -> None:
    if receiver.hears_strangers:
        return
    if not Follow.objects.filter(follower=receiver, followed=by, accepted=True).exists():
        reason = _("This person takes gifts only from people whom they follow.")
        raise NotAllowedError(reason, _("Ask them to follow you."))
