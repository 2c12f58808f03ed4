"""Erasure: the account is shut at once, nothing of it is left, and everybody else keeps theirs."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from moongate.accounts import audit, erasing, personal_data, tasks
from moongate.accounts.erasing import UnfinishedError, erase_person, request_erasure
from moongate.accounts.exporting import build_export, request_export
from moongate.accounts.guests import ENTERED_KEY
from moongate.accounts.models import AuditEntry, Consent, Erasure, User
from moongate.race.models import Record
from moongate.social import models as social
from moongate.social.reading import comments_of
from tests.accounts.household import PASSWORD, add_photo, settle

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    return tmp_path / "media"


@pytest.fixture
def people():
    return settle()


@pytest.fixture
def ada(people):
    return people[0]


@pytest.fixture
def bea(people):
    return people[1]


def enter(client):
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    return client


def everything() -> str:
    """All that the database holds, in words."""
    said = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = [
                [cell.hex if isinstance(cell, UUID) else cell for cell in row]
                for row in cursor.fetchall()
            ]
            said.append(f"{table}: {rows}")
    return "\n".join(said)


def test_nothing_of_the_person_is_left(ada, media):
    known = [ada.public_id.hex, "ada@example.org", "Ada's", "'ada'"]
    build_export(request_export(ada).public_id)
    assert all(name in everything() for name in known)
    erasure = request_erasure(ada)
    assert erase_person(erasure.public_id)
    left = everything()
    for name in known:
        assert name not in left
    for model in apps.get_models():
        for field in personal_data.person_fields(model):
            assert not model._base_manager.filter(**{field.name: ada.pk}).exists(), field
    assert list((media / "exports").iterdir()) == []
    kept = [path for path in (media / "photos").rglob("*") if path.is_file()]
    assert [path.parent.name for path in kept] == [str(social.Photo.objects.get().public_id)]


def test_others_keep_theirs_and_counts_are_right(ada, bea):
    erase_person(request_erasure(ada).public_id)
    post = social.Post.objects.get()
    assert (post.text, post.likes, post.comments) == ("Bea's post", 1, 2)
    # Of Ada's comment only the place is left, above Bea's answer to it.
    comments = social.Comment.objects.order_by("pk")
    place = comments[0]
    assert [(one.author, one.text, one.parent) for one in comments] == [
        (None, "", None),
        (bea, "Bea to Ada", place),
        (bea, "Bea under Bea", None),
    ]
    assert comments_of(post, viewer=bea).comments == list(comments)
    page = social.Page.objects.get()
    assert (page.owner, page.followers, page.following) == (bea, 0, 0)
    assert Record.objects.get().player == bea
    assert Session.objects.count() == 1
    reports = social.Report.objects.order_by("pk")
    assert [(r.reporter_id, r.decided_by_id, r.text) for r in reports] == [
        (None, None, ""),
        (None, None, ""),
        (bea.pk, None, ""),
    ]


def test_an_entry_without_a_name_stays_in_the_log(ada):
    alias = audit.alias_of(ada)
    erase_person(request_erasure(ada).public_id)
    actions = list(AuditEntry.objects.order_by("sequence").values_list("action", "subject"))
    assert actions[-2:] == [
        ("erasure.requested", f"person:{alias}"),
        ("person.erased", f"person:{alias}"),
    ]
    assert audit.verify().fault is None
    erasure = Erasure.objects.get()
    assert erasure.person is None
    assert erasure.finished_at is not None


def test_the_account_is_shut_at_once(client, ada):
    enter(client)
    assert client.get(reverse("account_home")).status_code == 200
    request_erasure(ada)
    assert client.get(reverse("account_home")).status_code == 302
    enter(client)
    assert client.get(reverse("account_home")).status_code == 302
    client.post(reverse("account_login"), {"login": ada.username, "password": PASSWORD})
    assert client.get(reverse("account_home")).status_code == 302


def test_the_username_is_free_again(client, ada):
    request_erasure(ada)
    client.post(reverse("account_signup"), {"username": "ada", "password1": PASSWORD})
    assert User.objects.get(username="ada").pk != ada.pk


def test_asked_twice_is_asked_once(ada):
    assert request_erasure(ada) == request_erasure(ada)
    assert AuditEntry.objects.filter(action="erasure.requested").count() == 1
    erasure = Erasure.objects.get()
    assert erase_person(erasure.public_id) is True
    assert erase_person(erasure.public_id) is False
    assert AuditEntry.objects.filter(action="person.erased").count() == 1


@pytest.mark.parametrize("stop_after", [0, 1, 9, 20, 33])
def test_stopped_anywhere_it_is_finished_and_nothing_is_done_twice(ada, monkeypatch, stop_after):
    """The step that was done but not recorded is done again, and finds nothing."""
    erasure = request_erasure(ada)
    record, stopped = erasing.record_step, []

    def stop(erasure, key, count):
        if len(erasure.done) == stop_after and not stopped:
            stopped.append(key)
            raise RuntimeError("the power went")
        record(erasure, key, count)

    monkeypatch.setattr(erasing, "record_step", stop)
    with pytest.raises(RuntimeError):
        erase_person(erasure.public_id)
    erasure.refresh_from_db()
    assert len(erasure.done) == stop_after
    assert erase_person(erasure.public_id)
    erasure.refresh_from_db()
    assert set(erasure.done) == {step.key for step in personal_data.registrations()}
    post = social.Post.objects.get()
    assert (post.likes, post.comments) == (1, 2)
    assert not User.objects.filter(pk=ada.pk).exists()
    assert AuditEntry.objects.filter(action="person.erased").count() == 1


def test_a_fault_between_a_count_and_its_rows_leaves_both(ada, monkeypatch):
    class Stop(RuntimeError):
        pass

    def stop(*_args, **_more):
        raise Stop

    monkeypatch.setattr("django.db.models.query.QuerySet.delete", stop)
    like = next(
        step for step in personal_data.registrations() if step.key == "social.like.person"
    )  # fmt: skip
    with pytest.raises(Stop):
        like.erase_rows(ada)
    monkeypatch.undo()
    assert social.Post.objects.get(text="Bea's post").likes == 2
    assert like.erase_rows(ada) == 1
    assert social.Post.objects.get(text="Bea's post").likes == 1


def test_what_was_written_meanwhile_goes_too(ada, monkeypatch, media):
    erasure = request_erasure(ada)
    record = erasing.record_step

    def write_meanwhile(erasure, key, count):
        record(erasure, key, count)
        if key == "social.photo.owner" and erasure.done[key] == 1:
            add_photo(ada, alt="too late")

    monkeypatch.setattr(erasing, "record_step", write_meanwhile)
    assert erase_person(erasure.public_id)
    erasure.refresh_from_db()
    assert erasure.done["social.photo.owner"] == 2
    assert len([path for path in (media / "photos").rglob("*") if path.is_file()]) == 1


def test_an_area_that_keeps_rows_is_named_and_the_person_stays(ada, monkeypatch):
    monkeypatch.setattr(personal_data, "_registered", dict(personal_data._registered))
    personal_data.register(Consent, owner="person", export=None, erase=lambda person: 0)
    erasure = request_erasure(ada)
    with pytest.raises(UnfinishedError, match=r"accounts\.consent\.person"):
        erase_person(erasure.public_id)
    assert User.objects.filter(pk=ada.pk).exists()
    assert Erasure.objects.get().finished_at is None


def test_an_unfinished_one_is_taken_up_after_a_restart(ada):
    request_erasure(ada)
    assert tasks.resume() == 1
    assert not User.objects.filter(pk=ada.pk).exists()
    assert tasks.resume() == 0


def test_a_fault_is_tried_again_later(ada, settings, monkeypatch):
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    erasure = request_erasure(ada)

    def fail(_public_id):
        raise OSError("the disk is gone")

    monkeypatch.setattr(erasing, "erase_person", fail)
    with pytest.raises(OSError):
        tasks.erase_person.call(str(erasure.public_id))
    (later,) = DBTaskResult.objects.all()
    assert later.args_kwargs["args"] == [str(erasure.public_id)]
    assert later.run_after > erasure.requested_at


def test_the_page_asks_for_the_word_and_says_goodbye(
    client, ada, django_capture_on_commit_callbacks
):
    enter(client)
    for wrong in ("", "yes", "erase"):
        page = client.post(reverse("account_erase"), {"word": wrong})
        assert page.status_code == 422
    assert Erasure.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("account_erase"), {"word": " Erase my account "}, follow=True)
    assert page.redirect_chain == [(reverse("home"), 302)]
    assert "Your account is closed" in page.content.decode()
    assert not User.objects.filter(pk=ada.pk).exists()


def test_the_page_asks_again_who_one_is(client, ada):
    enter(client)
    session = client.session
    session[ENTERED_KEY] -= 3600
    session["account_authentication_methods"] = []
    session.save()
    answer = client.post(reverse("account_erase"), {"word": "erase my account"})
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Erasure.objects.count() == 0


def test_no_other_site_erases_anybody(ada):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    answer = browser.post(reverse("account_erase"), {"word": "erase my account"})
    assert answer.status_code == 403
    assert browser.get(reverse("account_erase")).status_code == 405
    assert Erasure.objects.count() == 0


def test_the_operator_erases_with_files_and_all(
    admin_client, ada, media, django_capture_on_commit_callbacks
):
    delete = reverse("admin:accounts_user_delete", args=[ada.pk])
    assert "Ada" not in admin_client.get(delete).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin_client.post(delete, {"post": "yes"})
    assert answer.status_code == 302
    assert not User.objects.filter(pk=ada.pk).exists()
    assert len([path for path in (media / "photos").rglob("*") if path.is_file()]) == 1
    assert LogEntry.objects.get().object_repr == ""
    requested = AuditEntry.objects.get(action="erasure.requested")
    assert requested.actor == audit.alias_of(User.objects.get(username="admin"))


def test_a_killed_worker_is_taken_over_by_the_next(tmp_path):
    """A real process, killed between steps again and again, on a database in a real file."""

    def run(kill_after: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "tests.accounts.erase_and_die", kill_after],
            cwd=ROOT,
            env=os.environ
            | {
                "MOONGATE_HOME": str(tmp_path / "home"),
                "DJANGO_SETTINGS_MODULE": "moongate.site.settings",
            },
            capture_output=True,
            text=True,
            timeout=120,
        )

    for kill_after in ("5", "14"):
        assert run(kill_after).returncode == -signal.SIGKILL
    done = run("never")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])
    steps = facts.pop("steps_here")
    assert steps == facts.pop("steps_in_all") - 5 - 14
    assert facts == {
        "people": ["bea"],
        "likes": 1,
        "comments": 2,
        "followers": 0,
        "files": 1,
        "erased_entries": 1,
        "audit_holds": True,
    }
