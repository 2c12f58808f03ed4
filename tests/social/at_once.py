"""Run by test_liking.py in its own process, on a database of its own in a real file: four people do
the same things at the same time. Prints counts beside rows, as JSON."""

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import django

PEOPLE, ROUNDS = 4, 4


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from moongate.social import blocking, commenting, following, liking, posting, reporting
    from moongate.social.models import Comment, Follow, Like, Notification, Page, Post, Report
    from tests.social.folk import person

    call_command("migrate", verbosity=0, skip_checks=True)
    host = person("host")
    crowd = [person(f"p{i}") for i in range(PEOPLE)]
    post = posting.publish_post(host, text="all at once")
    gate = threading.Barrier(2 * PEOPLE)
    errors = []

    def live(number):
        me, second = crowd[number // 2], number % 2
        gate.wait(timeout=30)
        try:
            for _round in range(ROUNDS):
                liking.like_post(post, by=me)
                commenting.add_comment(post, text="x", by=me)
                following.follow_person(host, by=me)
                reporting.report(post, reason="spam", by=crowd[0])
                posting.publish_post(crowd[1], text="one", public_id=key)
                if me is crowd[3]:
                    blocking.block_person(crowd[2], by=me)
                    blocking.unblock_person(crowd[2], by=me)
                if me is crowd[2] and second:
                    following.unfollow_person(host, by=me)
        except Exception as error:
            errors.append(repr(error))
        finally:
            connection.close()

    key = uuid.uuid4()
    with ThreadPoolExecutor(2 * PEOPLE) as pool:
        list(pool.map(live, range(2 * PEOPLE)))
    post.refresh_from_db()
    page = Page.objects.get(owner=host)
    counts = {"likes": post.likes, "comments": post.comments, "followers": page.followers}
    rows = {
        "likes": Like.objects.filter(post=post).count(),
        "comments": Comment.objects.filter(post=post).count(),
        "followers": Follow.objects.filter(followed=host, accepted=True).count(),
    }
    told = Notification.objects.filter(person=host, kind="like", actor=crowd[0]).count()
    answer = {
        "errors": errors,
        "counts": counts,
        "rows": rows,
        "posts_of_one_key": Post.objects.filter(author=crowd[1]).count(),
        "reports": Report.objects.count(),
        "notices_of_one_like": told,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
