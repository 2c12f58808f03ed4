"""The audit log: nothing is added but at the end, and nothing is changed unseen."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from moongate.accounts import audit
from moongate.accounts.models import AuditEntry, User
from moongate.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada", email="ada@example.org", password=None)


@pytest.fixture
def log(ada):
    """Five entries of Ada's."""
    return [
        audit.write("post.removed", area="social", actor=ada, subject=f"post:{n}", details={"n": n})
        for n in range(1, 6)
    ]


def tamper(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def chain(length: int) -> list[AuditEntry]:
    """A chain as `write` makes it, without a database."""
    entries: list[AuditEntry] = []
    for number in range(1, length + 1):
        entry = AuditEntry(
            sequence=number,
            at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
            actor="somebody",
            action="thing.done",
            area="accounts",
            subject=f"thing:{number}",
            details={"number": number},
            previous=entries[-1].hash if entries else "",
        )
        entry.hash = audit.hash_of(entry)
        entries.append(entry)
    return entries


def test_entries_follow_each_other(log):
    assert [entry.sequence for entry in log] == [1, 2, 3, 4, 5]
    assert [entry.previous for entry in log[1:]] == [entry.hash for entry in log[:-1]]
    assert audit.verify() == audit.Verdict(5, log[-1].hash)


def test_an_empty_log_holds(db):
    assert audit.verify() == audit.Verdict(0, "")


def test_a_person_stands_in_it_under_an_alias(ada, log):
    audit.write("account.closed", area="accounts", subject=ada)
    written = json.dumps(list(AuditEntry.objects.values()), default=str)
    for known in ('"ada"', str(ada.public_id), "example.org"):
        assert known not in written
    assert len({entry.actor for entry in log}) == 1
    last = AuditEntry.objects.get(sequence=6)
    assert last.subject == f"person:{log[0].actor}"
    assert last.actor == ""


@pytest.mark.parametrize(
    ("sql", "values", "sequence", "reason"),
    [
        ("UPDATE accounts_auditentry SET action='post.kept' WHERE sequence=3", (), 3, "edited"),
        ("UPDATE accounts_auditentry SET actor='' WHERE sequence=1", (), 1, "edited"),
        ("DELETE FROM accounts_auditentry WHERE sequence=3", (), 3, "it was deleted"),
        ("DELETE FROM accounts_auditentry WHERE sequence<=2", (), 1, "beginning of the log"),
        ("DELETE FROM accounts_auditentry WHERE sequence>=4", (), 4, "end of the log"),
        ("DELETE FROM accounts_auditentry", (), 1, "end of the log"),
        ("DELETE FROM accounts_audithead", (), 1, "head is missing"),
    ],
)
def test_tampering_is_found(log, sql, values, sequence, reason):
    tamper(sql, *values)
    fault = audit.verify().fault
    assert fault is not None
    assert fault.sequence == sequence
    assert reason in fault.reason


def test_two_entries_that_changed_places_are_found(log):
    for before, after in ((2, 99), (4, 2), (99, 4)):
        tamper("UPDATE accounts_auditentry SET sequence=%s WHERE sequence=%s", after, before)
    fault = audit.verify().fault
    assert fault is not None
    assert (fault.sequence, "moved" in fault.reason) == (2, True)


def test_a_log_written_anew_does_not_have_the_hash_noted_elsewhere(log):
    noted = (5, log[-1].hash)
    assert audit.verify(anchor=noted).fault is None
    before = ""
    for entry in AuditEntry.objects.order_by("sequence"):
        entry.details = {"n": 0}
        entry.previous = before
        before = audit.hash_of(entry)
        sql = "UPDATE accounts_auditentry SET details=%s, previous=%s, hash=%s WHERE sequence=%s"
        tamper(sql, '{"n": 0}', entry.previous, before, entry.sequence)
    tamper("UPDATE accounts_audithead SET hash=%s", before)
    assert audit.verify().fault is None
    fault = audit.verify(anchor=noted).fault
    assert fault is not None
    assert (fault.sequence, "anew" in fault.reason) == (5, True)


@given(st.integers(1, 12), st.data())
def test_any_one_change_is_found_where_it_is(length, data):
    entries = chain(length)
    place = data.draw(st.integers(0, length - 1))
    field = data.draw(st.sampled_from(["actor", "action", "area", "subject", "details", "at"]))
    changed = {"details": {"number": -1}, "at": datetime(2025, 1, 1, tzinfo=UTC)}
    setattr(entries[place], field, changed.get(field, "changed"))
    fault = audit.walk(entries).fault
    assert fault is not None
    assert fault.sequence == place + 1


@given(st.integers(2, 12), st.data())
def test_any_gap_is_found_where_it_is(length, data):
    entries = chain(length)
    place = data.draw(st.integers(0, length - 2))
    del entries[place]
    fault = audit.walk(entries).fault
    assert fault is not None
    assert fault.sequence == place + 1


def test_the_orm_changes_and_deletes_nothing(log):
    entry = AuditEntry.objects.get(sequence=3)
    entry.action = "post.kept"
    for forbidden in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.filter(sequence=3).update(action="post.kept"),
        lambda: AuditEntry.objects.bulk_create([entry]),
        lambda: AuditEntry.objects.bulk_update([entry], ["action"]),
        lambda: AuditEntry.objects.update_or_create(sequence=3),
        lambda: AuditEntry._base_manager.filter(sequence=3).update(action="post.kept"),
    ):
        with pytest.raises(TypeError, match="append-only"):
            forbidden()
    assert audit.verify().fault is None


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"action": "Removed"}, "action"),
        ({"details": {"email": "ada@example.org"}}, "details.email"),
        ({"details": {"name": "阿达"}}, "details.name"),
        ({"details": {"text": "x" * 121}}, "details.text"),
        ({"details": {"nested": {"a": 1}}}, "details.nested"),
        ({"details": {"share": 0.5}}, "details.share"),
        ({"details": {"not a key": 1}}, "details.not a key"),
        ({"subject": "<script>"}, "subject"),
    ],
)
def test_what_does_not_belong_in_it_is_refused_by_name(db, more, named):
    with pytest.raises(ValueError, match=named):
        audit.write(**{"action": "thing.done", "area": "accounts"} | more)
    assert AuditEntry.objects.count() == 0


def test_what_is_rolled_back_leaves_no_entry(ada):
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        audit.write("thing.done", area="accounts", actor=ada)
        raise RuntimeError
    audit.write("thing.done", area="accounts", actor=ada)
    assert audit.verify().entries == 1


def test_the_command_says_that_it_holds_and_what_to_keep(log, capsys):
    assert main(["accounts", "verify-audit"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("The audit log holds: 5 entries.")
    assert f"5:{log[-1].hash}" in said
    assert main(["accounts", "verify-audit", "--anchor", f"5:{log[-1].hash}"]) == 0
    capsys.readouterr()
    assert main(["accounts", "verify-audit", "--json", "--anchor", f"5:{'0' * 64}"]) == 1
    assert json.loads(capsys.readouterr().out)["fault"]["sequence"] == 5


def test_the_command_names_the_first_broken_entry(log, capsys):
    tamper("UPDATE accounts_auditentry SET subject='post:9' WHERE sequence>=2")
    assert main(["accounts", "verify-audit"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("The audit log does not hold. Entry 2: it was edited")
    assert main(["accounts", "verify-audit", "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert (facts["holds"], facts["entries"], facts["fault"]["sequence"]) == (False, 1, 2)


def test_an_anchor_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["accounts", "verify-audit", "--anchor", "5:abc"])
    assert "64 hex digits" in capsys.readouterr().err


def test_the_admin_shows_it_and_lets_nobody_write(log, admin_client):
    listing = admin_client.get(reverse("admin:accounts_auditentry_changelist"))
    assert listing.status_code == 200
    assert "post.removed" in listing.content.decode()
    change = reverse("admin:accounts_auditentry_change", args=[3])
    assert admin_client.get(change).status_code == 200
    assert admin_client.post(change, {"action": "post.kept"}).status_code == 403
    assert admin_client.get(reverse("admin:accounts_auditentry_add")).status_code == 403
    delete = reverse("admin:accounts_auditentry_delete", args=[3])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    assert audit.verify().fault is None


def test_many_writers_at_once_make_one_chain(tmp_path):
    environment = os.environ | {
        "MOONGATE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "moongate.site.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.accounts.write_at_once"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"entries": 80, "fault": None}
