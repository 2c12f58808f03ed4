"""The address of a photo's file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from moongate.social.models import Photo


def url_of(photo: Photo, size: dict[str, Any]) -> str:
    """The address of one of the entries of `photo.sizes`."""
    return reverse("photos:file", args=[photo.public_id, size["name"], size["format"]])
