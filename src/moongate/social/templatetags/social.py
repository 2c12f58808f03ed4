"""People and marks in a page."""

from __future__ import annotations

import uuid
from typing import Any

from django import template
from django.urls import reverse

from moongate.social.models import Notification, Photo
from moongate.social.notifications import Notice, unread_count
from moongate.social.photos.addresses import url_of

register = template.Library()

SMALLEST = "320"  # every photo has it


@register.inclusion_tag("social/face.html")
def face(person: Any, kind: str = "") -> dict[str, Any]:
    """`{% face person %}`: their picture, or the first letter of the name that stands beside it.

    Only the address is told here, without a look into the database; a photo that is gone or held
    shows the letter beneath.
    """
    name = str(person)
    picture = ""
    if getattr(person, "avatar", None):
        picture = reverse("photos:file", args=[person.avatar, SMALLEST, "jpg"])
    return {"letter": name[:1].upper(), "picture": picture, "kind": kind}


@register.simple_tag
def unread(person: Any) -> int:
    """How many notifications of somebody who is signed in are unread."""
    if not getattr(person, "is_authenticated", False) or person.is_guest:
        return 0
    return unread_count(person)


@register.filter
def largest(photo: Photo) -> str:
    """The address of the photo's largest file that every browser shows."""
    plain = [size for size in photo.sizes if size["format"] == "jpg"]
    return url_of(photo, max(plain, key=lambda size: size["width"]))


@register.simple_tag
def grid(count: int) -> str:
    """The class of a grid of so many photos."""
    return f"grid-{min(count, 9)}"


@register.simple_tag
def fresh_id() -> str:
    """A new id for a form, so that the same form sent twice is done once."""
    return str(uuid.uuid4())


@register.filter
def doing(notice: Notice) -> str:
    """What the notice says was done, in words."""
    return str(Notification.Kind(notice.kind).label)
