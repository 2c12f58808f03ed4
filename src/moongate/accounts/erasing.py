"""Erase me: the account is shut at once, and a task erases area by area until nothing is left.

Each step can be done again without harm and is recorded when it is done, so whoever finds an
unfinished erasure finishes it. The last step removes the person's own row and, in the same
transaction, notes in the audit log that somebody was erased.
"""

from __future__ import annotations

import secrets
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from moongate.accounts import audit, personal_data
from moongate.accounts.models import Erasure, User

AREA = "accounts"
ROUNDS = 10

log = structlog.get_logger(__name__)


class UnfinishedError(RuntimeError):
    """An area keeps rows that name the person although its eraser has run."""


def request_erasure(person: User, *, actor: User | None = None) -> Erasure:
    """Shut the account at once, signed out everywhere, and have everything erased. Safe to repeat.

    `actor` is who asked; without one, the person.
    """
    from moongate.accounts.tasks import erase_person as job

    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(person=person)
            _shut(person)
            audit.write("erasure.requested", area=AREA, actor=actor or person, subject=person)
            transaction.on_commit(lambda: job.enqueue(str(erasure.public_id)))
    except IntegrityError:
        # Asked twice: the first request stands.
        erasure = Erasure.objects.get(person=person)
    return erasure


def erase_person(public_id: UUID) -> bool:
    """Do what is left of an erasure; answers whether there was anything left to do."""
    erasure = Erasure.objects.filter(public_id=public_id, finished_at=None).first()
    if erasure is None or erasure.person is None:
        return False
    for step in personal_data.registrations():
        if step.key not in erasure.done:
            count = step.erase_rows(erasure.person)
            record_step(erasure, step.key, count)
    for _round in range(ROUNDS):
        if _finish(erasure):
            return True
        for step in _unfinished(erasure.person):
            record_step(erasure, step.key, step.erase_rows(erasure.person))
    left = ", ".join(step.key for step in _unfinished(erasure.person))
    raise UnfinishedError(f"rows are left after erasing: {left}")


def record_step(erasure: Erasure, key: str, count: int) -> None:
    """Note that a step is done and how many rows it erased, counting a step done again."""
    with transaction.atomic():
        row = Erasure.objects.select_for_update().get(pk=erasure.pk)
        row.done[key] = row.done.get(key, 0) + count
        row.save(update_fields=["done"])
    erasure.done = row.done
    log.info("erasure step done", step=key, rows=count)


def _shut(person: User) -> None:
    """Nobody signs in to this account again; every session of it ends with its next request."""
    person.is_active = False
    person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    # The name is free again; nothing that was known of the account leads to it.
    person.username = f"erased-{secrets.token_hex(12)}"
    person.email = ""
    person.display_name = person.username[:16]
    person.save()
    person.groups.clear()
    person.user_permissions.clear()
    person.emailaddress_set.all().delete()
    person.authenticator_set.all().delete()


def _unfinished(person: User) -> list[personal_data.Registration]:
    """Steps whose rows are not all gone: something was written while they were erased."""
    return [
        step
        for step in personal_data.registrations()
        if step.erase != "cascade" and step.rows(person).exists()
    ]


def _finish(erasure: Erasure) -> bool:
    """Remove the person's own row if nothing else names the person; else leave all as it is."""
    with transaction.atomic():
        # With this row locked nobody can add another that points to it.
        person = User.objects.select_for_update().filter(pk=erasure.person_id).first()
        if person is None:
            return True
        if _unfinished(person):
            return False
        row = Erasure.objects.select_for_update().get(pk=erasure.pk)
        details = {"steps": len(row.done), "rows": sum(row.done.values())}
        audit.write("person.erased", area=AREA, subject=person, details=details)
        person.delete()
        Erasure.objects.filter(pk=erasure.pk).update(person=None, finished_at=timezone.now())
    log.info("person erased", **details)
    return True
