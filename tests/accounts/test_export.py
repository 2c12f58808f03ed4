"""Export: everything of one's own, nothing of another's, for oneself alone and for a week."""

import io
import json
import stat
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.test import AsyncClient
from django.urls import reverse
from django.utils import timezone

from moongate.accounts import exporting, personal_data, tasks
from moongate.accounts.erasing import erase_person, request_erasure
from moongate.accounts.exporting import build_export, expire_exports, request_export
from moongate.accounts.guests import ENTERED_KEY
from moongate.accounts.models import AuditEntry, Consent, DataExport, User
from moongate.social.models import Photo
from tests.accounts.household import PASSWORD, settle

pytestmark = pytest.mark.django_db
IMMEDIATE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.TASKS = IMMEDIATE
    return tmp_path / "media"


@pytest.fixture
def people():
    return settle()


@pytest.fixture
def ada(people):
    return people[0]


def made(person) -> DataExport:
    """A finished export of that person."""
    export = request_export(person)
    assert build_export(export.public_id)
    export.refresh_from_db()
    return export


def opened(export) -> zipfile.ZipFile:
    return zipfile.ZipFile(exporting.path_of(export.public_id))


def sign_in(client, login="ada"):
    client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    return client


def test_it_holds_everything_of_ones_own(ada):
    archive = opened(made(ada))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names[0] == "accounts.json"
    documents = {"health.json", "race.json", "social.json", "README.en.txt", "README.zh-hans.txt"}
    assert documents <= set(names)
    accounts, race, social = (
        json.loads(archive.read(f"{area}.json")) for area in ("accounts", "race", "social")
    )
    (account,) = accounts["accounts.user.pk"]
    assert (account["username"], account["email"]) == ("ada", "ada@example.org")
    assert accounts["accounts.consent.person"][0]["purpose"] == "research"
    actions = [entry["action"] for entry in accounts["accounts.auditalias.person"]]
    assert actions == ["consent.given", "export.requested"]
    (record,) = race["race.record.player"]
    assert record["time_ms"] == 10_000
    (replay,) = [name for name in names if name.startswith("race/replays/")]
    assert archive.read(replay) == b"replay of ada"
    assert social["social.post.author"][0]["text"] == "Ada's post"
    assert social["social.follow.follower"][0]["followed__display_name"] == "bea"
    photo = Photo.objects.get(owner=ada)
    assert archive.read(f"social/photos/{photo.public_id}/960.webp") == b"picture!!"


def test_it_holds_nothing_of_anothers_and_no_secret(ada):
    archive = opened(made(ada))
    content = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for foreign in ("replay of bea", "Bea's post", "Words of bea", "Bea's cat", "secret-key"):
        assert foreign not in content
    assert "argon2" not in content
    assert "md5$" not in content
    assert "social.block.blocked" not in content


def test_the_readme_is_in_two_languages(ada):
    archive = opened(made(ada))
    for code in ("en", "zh-hans"):
        assert "- social.json" in archive.read(f"README.{code}.txt").decode()


def test_only_the_house_can_read_the_file(ada, media):
    export = made(ada)
    path = exporting.path_of(export.public_id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]
    assert export.size_bytes == path.stat().st_size


def test_one_at_a_time(ada):
    first = request_export(ada)
    assert request_export(ada) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        DataExport.objects.create(person=ada)
    assert AuditEntry.objects.filter(action="export.requested").count() == 1


def test_a_fresh_one_is_not_made_again_and_an_older_one_is_replaced(ada):
    first = made(ada)
    assert request_export(ada) == first
    DataExport.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    second = made(ada)
    assert second != first
    assert not exporting.path_of(first.public_id).exists()
    assert DataExport.objects.count() == 1


def test_made_twice_it_is_made_once(ada):
    export = made(ada)
    assert build_export(export.public_id) is False


def test_a_fault_leaves_no_file_and_can_be_tried_again(ada, monkeypatch, client, media):
    def break_down(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "_write_file", break_down)
    export = request_export(ada)
    with pytest.raises(OSError, match="No space"):
        build_export(export.public_id)
    assert list((media / "exports").iterdir()) == []
    sign_in(client)
    assert "could not be made" in client.get(reverse("account_privacy")).content.decode()
    monkeypatch.undo()
    assert request_export(ada) != export
    assert build_export(DataExport.objects.get(state="waiting").public_id)


@pytest.mark.parametrize("name", ["../../evil", "a/../../b", "a\\b", "a\0b"])
def test_a_name_that_leads_out_of_the_archive_is_refused(ada, monkeypatch, name):
    monkeypatch.setattr(personal_data, "_registered", dict(personal_data._registered))
    personal_data.register(
        Consent,
        owner="person",
        export=None,
        erase="delete",
        files=lambda person: [(name, b"x")],
    )
    export = request_export(ada)
    with pytest.raises(ValueError, match="cannot be named"):
        build_export(export.public_id)


def test_a_script_in_a_text_stays_text(ada):
    User.objects.filter(pk=ada.pk).update(display_name="<script>\u2028\"'")
    accounts = json.loads(opened(made(ada)).read("accounts.json"))
    assert accounts["accounts.user.pk"][0]["display_name"] == "<script>\u2028\"'"


def test_memory_does_not_grow_with_the_data(ada, monkeypatch, tmp_path):
    large = tmp_path / "large.webp"
    with large.open("wb") as file:
        file.truncate(48_000_000)
    monkeypatch.setattr(personal_data, "_registered", {})
    personal_data.register(
        Consent,
        owner="person",
        export=lambda person: ({"text": "x" * 1_000} for _row in range(20_000)),
        erase="delete",
        files=lambda person: [("large.webp", large)],
    )
    tracemalloc.start()
    exporting.write_archive(ada, tmp_path / "out.zip")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "out.zip").stat().st_size > 48_000_000
    assert peak < 6_000_000


def test_its_owner_fetches_it(client, ada, django_capture_on_commit_callbacks):
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(reverse("account_export"))
    assert asked.headers["Location"] == reverse("account_privacy")
    export = DataExport.objects.get()
    assert export.state == "ready"
    address = reverse("account_export_file", args=[export.public_id])
    assert address in client.get(reverse("account_privacy")).content.decode()
    answer = client.get(address)
    body = b"".join(answer.streaming_content)
    assert len(body) == int(answer.headers["Content-Length"])
    assert "accounts.json" in zipfile.ZipFile(io.BytesIO(body)).namelist()
    assert answer.headers["Content-Type"] == "application/zip"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="moongate-')


def test_under_asgi_it_is_sent_in_pieces(ada):
    export = made(ada)
    client = AsyncClient()
    client.force_login(ada)
    session = client.session
    session[ENTERED_KEY] = int(timezone.now().timestamp())
    session.save()

    async def fetch():
        answer = await client.get(reverse("account_export_file", args=[export.public_id]))
        assert answer.is_async
        return b"".join([piece async for piece in answer.streaming_content])

    assert async_to_sync(fetch)() == exporting.path_of(export.public_id).read_bytes()


def test_it_is_404_for_anybody_else_and_for_the_operator(client, ada, admin_client):
    export = made(ada)
    address = reverse("account_export_file", args=[export.public_id])
    assert client.get(address).headers["Location"].startswith(reverse("account_login"))
    assert sign_in(client, "bea").get(address).status_code == 404
    session = admin_client.session
    session[ENTERED_KEY] = int(timezone.now().timestamp())
    session.save()
    assert admin_client.get(address).status_code == 404


def test_it_asks_again_who_one_is(client, ada):
    export = made(ada)
    sign_in(client)
    session = client.session
    session[ENTERED_KEY] -= 3600
    session["account_authentication_methods"] = []
    session.save()
    answer = client.get(reverse("account_export_file", args=[export.public_id]))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_asking_needs_a_form(client, ada):
    sign_in(client)
    assert client.get(reverse("account_export")).status_code == 405
    assert DataExport.objects.count() == 0


def test_after_a_week_it_is_gone(client, ada, media):
    export = made(ada)
    sign_in(client)
    assert export.expires_at - export.finished_at == timedelta(days=7)
    assert expire_exports(now=export.expires_at - timedelta(seconds=1)) == 0
    DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    address = reverse("account_export_file", args=[export.public_id])
    assert client.get(address).status_code == 404
    assert expire_exports() == 1
    assert list((media / "exports").iterdir()) == []
    assert DataExport.objects.count() == 0


def test_what_a_killed_worker_left_is_swept(ada, media):
    export = made(ada)
    kept = exporting.path_of(export.public_id)
    left = media / "exports" / f"{export.public_id}.0123.part"
    left.write_bytes(b"half of it")
    assert expire_exports() == 0
    assert left.exists()
    expire_exports(now=timezone.now() + timedelta(days=2))
    assert list((media / "exports").iterdir()) == [kept]


def test_a_waiting_one_is_taken_up_again_after_a_restart(ada):
    export = request_export(ada)
    assert tasks.resume() == 1
    export.refresh_from_db()
    assert export.state == "ready"
    assert tasks.resume() == 0


def test_erased_while_it_is_made_it_is_not_kept(ada, media, monkeypatch):
    export = request_export(ada)
    write = exporting.write_archive

    def erase_meanwhile(person, path):
        write(person, path)
        erase_person(request_erasure(ada).public_id)

    monkeypatch.setattr(exporting, "write_archive", erase_meanwhile)
    assert build_export(export.public_id) is False
    assert list((media / "exports").iterdir()) == []
