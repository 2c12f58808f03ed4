"""What the channel holds of a person who has connected WeChat: the talk that stands open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from moongate.accounts.personal_data import register
from moongate.accounts.wechat.places import PROVIDER
from moongate.health.wechat.models import Session, person_key


def register_wechat() -> None:
    """Register the talks; what came in and goes out hangs on them."""
    register(Session, owner=talks_of, name="talks", export=exported, erase="delete")


def talks_of(person: Any) -> QuerySet[Session]:
    """The open talks of the openids that the person's account knows."""
    keys = [
        person_key(app_id, openid)
        for row in SocialAccount.objects.filter(user=person, provider=PROVIDER)
        for app_id, openid in row.extra_data.get("openids", {}).items()
    ]
    return Session.objects.filter(person__in=keys)


def exported(person: Any) -> Iterator[dict[str, Any]]:
    """The talks with what was said, opened."""
    for session in talks_of(person):
        yield {
            "consented_at": session.consented_at,
            "last_message": session.touched_at,
            "state": session.take("sealed"),
        }
