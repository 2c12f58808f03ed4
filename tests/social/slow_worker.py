"""Run by test_fanout.py in its own process, on a database of its own in a real file: prepares a
post with many followers and serves them slowly enough to be killed, or ends the work quickly and
tells what was there before and after."""

import json
import sys
import time

import django

FOLLOWERS, BATCH = 60, 4


def prepare() -> None:
    from django.core.management import call_command

    from moongate.social import fanout
    from moongate.social.posting import publish_post
    from tests.social.folk import followers, person

    call_command("migrate", verbosity=0, skip_checks=True)
    fanout.AT_ONCE = 0
    author = person("author")
    followers(author, FOLLOWERS)
    publish_post(author, text="x")


def work(pause_s: float) -> None:
    from moongate.social import fanout
    from moongate.social.models import FanOut

    fanout.BATCH = BATCH
    write, batch = fanout._write, fanout._serve_batch

    def slow_write(entries):
        write(entries)
        time.sleep(pause_s)  # between the rows and the cursor, in their transaction

    def told_batch(post_id):
        count = batch(post_id)
        print("served a batch", flush=True)
        return count

    fanout._write, fanout._serve_batch = slow_write, told_batch
    for row in FanOut.objects.all():
        fanout.finish_fan_out(row.post_id)


def count() -> dict[str, int]:
    from moongate.social.models import FanOut, Follow, Post, TimelineEntry

    post = Post.objects.get()
    entries = TimelineEntry.objects.filter(post=post).exclude(person=post.author_id)
    cursor = FanOut.objects.first()
    follows = Follow.objects.all()
    expected = follows.filter(pk__lte=cursor.after) if cursor else follows
    return {
        "entries": entries.count(),
        "people": entries.values("person").distinct().count(),
        "expected": expected.count(),
        "left": FanOut.objects.count(),
    }


def main(step: str) -> None:
    django.setup()
    if step == "end":
        before = count()
        work(0)
        print(json.dumps([before, count()]))
        return
    if step == "prepare":
        prepare()
    work(0.1)


if __name__ == "__main__":
    main(sys.argv[1])
