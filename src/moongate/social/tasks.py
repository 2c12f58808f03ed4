"""Work of social that outlives a request."""

from __future__ import annotations

from django_tasks import task

from moongate.social import fanout
from moongate.social.models import FanOut
from moongate.social.photos.storage import sweep_orphans


@task
def fan_out(post_id: int) -> None:
    """Put a post on the timelines that it has not reached yet."""
    fanout.finish_fan_out(post_id)


def resume() -> int:
    """Put back on the queue what a stopped worker left; answers how much. Call it before working.

    Files of photos that a stop in the middle left without a row are deleted as well.

    Whatever is on the queue twice is done once: the second finds nothing left to do.
    """
    sweep_orphans()
    posts = list(FanOut.objects.order_by("pk").values_list("post_id", flat=True))
    for post_id in posts:
        fan_out.enqueue(post_id)
    return len(posts)
