"""Run by test_erase.py in its own process, on a database in a real file: a worker that erases a
person and is killed after so many steps, or not. Prints what is left at the end, as JSON."""

import json
import os
import signal
import sys
from pathlib import Path

import django


def main(kill_after: str) -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from moongate.accounts import audit, erasing, personal_data, tasks
    from moongate.accounts.models import AuditEntry, Erasure, User
    from moongate.social.models import Page, Post
    from tests.accounts.household import settle

    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        ada, _bea = settle()
        erasing.request_erasure(ada)
    steps = []
    record = erasing.record_step

    def count_and_die(*arguments) -> None:
        record(*arguments)
        steps.append(arguments[1])
        if str(len(steps)) == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)

    erasing.record_step = count_and_die
    tasks.resume()
    call_command("db_worker", batch=True, verbosity=0)
    post, page = Post.objects.get(), Page.objects.get()
    photos = (Path(settings.MEDIA_ROOT) / "photos").rglob("*")
    facts = {
        "steps_here": len(steps),
        "steps_in_all": len(personal_data.registrations()),
        "people": sorted(User.objects.values_list("username", flat=True)),
        "likes": post.likes,
        "comments": post.comments,
        "followers": page.followers,
        "files": sum(path.is_file() for path in photos),
        "erased_entries": AuditEntry.objects.filter(action="person.erased").count(),
        "audit_holds": audit.verify().fault is None,
    }
    assert Erasure.objects.get().finished_at is not None
    print(json.dumps(facts))


if __name__ == "__main__":
    main(sys.argv[1])
