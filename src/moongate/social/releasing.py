"""Photos that waited for the operator, and the posts that waited for them."""

from __future__ import annotations

from django.db import transaction

from moongate.social import search
from moongate.social.counts import recount_pages
from moongate.social.models import Photo, Post, State
from moongate.social.photos.verbs import release_photo


def release(photo: Photo) -> bool:
    """Show a held photo and the posts that waited for it alone; says whether it was held."""
    with transaction.atomic():
        was_held = release_photo(photo)
        release_posts(photo)
    return was_held


def release_posts(photo: Photo) -> int:
    """Show the held posts with this photo that wait for no other and have something to show.

    Says how many.
    """
    with transaction.atomic():
        waiting = Post.objects.select_for_update().filter(photos=photo, state=State.HELD)
        ready = [post for post in waiting.order_by("pk") if _is_ready(post)]
        for post in ready:
            post.state = State.SHOWN
            post.save(update_fields=["state"])
            search.index(post)
        recount_pages(post.author_id for post in ready)
    return len(ready)


def _is_ready(post: Post) -> bool:
    states = set(post.photos.values_list("state", flat=True))
    has_something = bool(post.text or post.card_kind or State.SHOWN in states)
    return State.HELD not in states and has_something
