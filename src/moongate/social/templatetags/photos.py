"""A photo in a page, in the size and format that suits the screen."""

from __future__ import annotations

from typing import Any

from django import template

from moongate.social.models import Photo
from moongate.social.photos.addresses import url_of
from moongate.social.photos.views import TYPES

register = template.Library()

# The whole width of a phone; a column on a desk.
SIZES = "(min-width: 48rem) 40rem, 100vw"


@register.inclusion_tag("social/photo.html")
def photo(photo: Photo, sizes: str = SIZES) -> dict[str, Any]:
    """`{% photo photo %}`: a <picture>; `sizes` says how wide it stands, as HTML's attribute."""
    srcsets = {
        ending: ", ".join(
            f"{url_of(photo, size)} {size['width']}w"
            for size in photo.sizes
            if size["format"] == ending
        )
        for ending in TYPES
    }
    plain = [size for size in photo.sizes if size["format"] == "jpg"]
    return {
        "photo": photo,
        "sizes": sizes,
        "sources": [(TYPES[e], srcsets[e]) for e in ("avif", "webp") if srcsets[e]],
        "srcset": srcsets["jpg"],
        "src": url_of(photo, plain[len(plain) // 2]),
    }
