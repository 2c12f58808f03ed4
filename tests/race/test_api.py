"""The race over HTTP: what may come in, what goes out, and what is said when it may not."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID

import pytest
import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from moongate.accounts.merging import merge_guest
from moongate.accounts.models import User
from moongate.race import api as race_api
from moongate.race import throttle
from moongate.race.models import Outfit, Record
from moongate.race.replay import MAX_BYTES, decode
from moongate.race.replay_format import RECORD_AGAIN
from tests.race.circuit import open_course, replay_file

RECORDS = "/api/race/records"
BYTES = "application/octet-stream"


@pytest.fixture(autouse=True)
def course(monkeypatch):
    cache.clear()
    return open_course(monkeypatch)


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada", password=None)


@pytest.fixture
def client(db):
    return Client(enforce_csrf_checks=True)


def token(client) -> dict[str, str]:
    client.cookies["csrftoken"] = "a" * 32
    return {"X-CSRFToken": "a" * 32}


def send(client, data=None, *, track="oval", content_type=BYTES, headers=None, **extra):
    data = replay_file() if data is None else data
    headers = {**token(client), **(headers or {})}
    url = f"{RECORDS}?track={track}"
    return client.post(url, data, content_type=content_type, headers=headers, **extra)


def test_a_guest_drives_and_stands_on_the_board(client):
    answer = send(client)
    assert answer.status_code == 201
    entered = answer.json()
    honest = decode(replay_file())
    assert entered["finish_ticks"] == honest.finish_ticks == sum(entered["lap_ticks"])
    assert entered["best_lap_ticks"] == min(entered["lap_ticks"])
    assert (entered["rank"], entered["personal_best"]) == (1, True)
    assert entered["player"]["guest"] is True
    board = client.get(RECORDS, {"track": "oval"}).json()
    row = board["items"][0]
    assert (row["id"], row["time_ms"], row["is_you"]) == (
        entered["id"],
        entered["time_ms"],
        True,
    )
    assert board["you"] == row
    assert (board["next"], board["total"]) == (None, 1)
    stranger = Client().get(RECORDS, {"track": "oval"}).json()
    assert (stranger["items"][0]["is_you"], stranger["you"]) == (False, None)


def test_a_ghosts_clothes_are_those_its_driver_wears_now(client):
    record = send(client).json()["id"]
    address = f"{RECORDS}/{record}/outfit"
    assert Client().get(address).json() == {"outfit": None}
    values = {
        "edition": "lakes",
        "character": "ann",
        "kart": "crate",
        "wears": {"head": ["hat", "red"]},
    }
    player = Record.objects.get().player
    Outfit.objects.create(player=player, changed=timezone.now(), **values)
    assert Client().get(address).json() == {"outfit": values}
    missing = Client().get(f"{RECORDS}/{UUID(int=7)}/outfit")
    assert (missing.status_code, set(missing.json())) == (404, {"reason", "mend"})


def test_the_same_replay_sent_again_answers_with_the_same_record(client):
    first, second = send(client), send(client)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Record.objects.count() == 1


def test_signing_in_keeps_what_the_guest_drove(client, ada):
    send(client)
    merge_guest(User.objects.get(is_guest=True), into=ada)
    client.force_login(ada)
    row = client.get(RECORDS, {"track": "oval"}).json()["items"][0]
    assert (row["is_you"], row["player"]) == (True, {"name": "ada", "guest": False})


def test_a_downloaded_ghost_is_not_entered_for_another_and_makes_no_guest(client):
    send(client)
    ghost = client.get(f"{RECORDS}/{Record.objects.get().pk}/replay").content
    answer = send(Client(enforce_csrf_checks=True), ghost)
    assert answer.status_code == 422
    assert answer.json()["reason"] == "this very drive is already on the board under another name"
    assert User.objects.count() == 1


def test_a_forged_replay_is_refused_in_the_readers_language(client):
    broken = bytearray(replay_file())
    broken[-1] ^= 1
    answer = send(client, bytes(broken))
    assert answer.status_code == 422
    assert answer.json() == {
        "reason": "the replay is damaged or cut off (its checksum does not fit)",
        "mend": RECORD_AGAIN,
    }
    chinese = send(client, bytes(broken), headers={"Accept-Language": "zh-hans"}).json()
    assert chinese["reason"] == "回放已损坏或不完整（校验和不符）"
    assert not Record.objects.exists()
    assert not User.objects.exists()


def test_a_replay_without_the_sites_token_is_refused(client):
    answer = client.post(f"{RECORDS}?track=oval", replay_file(), content_type=BYTES)
    assert answer.status_code == 403
    assert answer.json()["reason"] == "The request does not prove that it comes from this site."
    assert not Record.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "text/plain"])
def test_only_bytes_are_taken_for_a_replay(client, content_type):
    answer = send(client, b"x", content_type=content_type)
    assert answer.status_code == 415
    assert answer.json()["reason"] == (
        f"A replay is sent as application/octet-stream, not as {content_type}."
    )


def test_a_body_too_large_is_refused_by_its_announcement_and_by_its_bytes(client):
    announced = send(client, b"x", CONTENT_LENGTH=str(MAX_BYTES + 1))
    sent = send(client, b"x" * (MAX_BYTES + 1))
    for answer in (announced, sent):
        assert answer.status_code == 413
        assert answer.json() == {
            "reason": f"A replay has at most {MAX_BYTES} bytes.",
            "mend": "Send one race, not several.",
        }


def test_a_track_that_does_not_exist_is_named(client):
    answer = send(client, track="atlantis")
    assert answer.status_code == 404
    assert answer.json()["reason"] == "There is no track named “atlantis” here."


def test_too_many_replays_are_asked_to_wait(client, settings):
    settings.RACE_UPLOADS = (3, 100)
    send(client)
    answers = [send(client) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    wait = answers[-1].json()["retry_after_s"]
    assert 1 <= wait <= throttle.WINDOW_S
    assert answers[-1]["Retry-After"] == str(wait)


def test_an_address_has_its_limit_whoever_comes_from_it(db, settings):
    settings.RACE_UPLOADS = (100, 2)
    broken = b"MGRP"
    statuses = [send(Client(enforce_csrf_checks=True), broken).status_code for _ in range(3)]
    assert statuses == [422, 422, 429]


def test_one_household_has_one_limit_however_many_addresses_it_is_given(db, settings):
    settings.RACE_UPLOADS = (100, 2)
    statuses = [
        send(Client(enforce_csrf_checks=True), b"MGRP", REMOTE_ADDR=address).status_code
        for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:0:9::", "2001:db8:0:1::1")
    ]
    assert statuses == [422, 422, 429, 422]


def test_a_guest_who_signs_in_meanwhile_is_asked_to_send_it_again(client, ada, monkeypatch):
    send(client)
    guest = User.objects.get(is_guest=True)
    monkeypatch.setattr(race_api, "current_person", lambda _request: guest)
    monkeypatch.setattr(race_api, "ensure_person", lambda _request: guest)
    merge_guest(User.objects.get(pk=guest.pk), into=ada)
    answer = send(client, replay_file(seed=1))
    assert answer.status_code == 503
    assert answer.json()["reason"] == "You signed in while this race was being sent."
    assert set(Record.objects.values_list("player", flat=True)) == {ada.pk}


def test_a_busy_server_says_when_to_come_back(client, monkeypatch):
    monkeypatch.setattr(race_api, "VERIFIERS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(race_api, "VERIFIER_WAIT_S", 0.01)
    with race_api.VERIFIERS:
        answer = send(client)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert send(client).status_code == 201


def test_the_ghost_is_the_replay_and_may_be_kept_for_ever(client):
    record = send(client).json()["id"]
    answer = client.get(f"{RECORDS}/{record}/replay")
    assert answer.content == replay_file()
    assert answer["Content-Type"] == BYTES
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Disposition"].endswith('.mgrp"')
    again = client.get(f"{RECORDS}/{record}/replay", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (
        304,
        b"",
        answer["ETag"],
    )
    other = client.get(f"{RECORDS}/{record}/replay", headers={"If-None-Match": '"other"'})
    assert other.content == replay_file()


def test_a_ghost_that_does_not_exist_is_not_found(client):
    answer = client.get(f"{RECORDS}/00000000-0000-0000-0000-000000000000/replay")
    assert answer.status_code == 404
    assert set(answer.json()) == {"reason", "mend"}


def test_the_tracks_are_told_in_both_languages(client):
    (track,) = client.get("/api/race/tracks").json()
    assert track["name"] == {"en": "The Oval", "zh-hans": "椭圆赛道"}
    assert (track["slug"], track["laps"]) == ("oval", 2)
    assert track["table_url"] == "/static/editions/test/tracks/oval.bin"


def test_a_malformed_question_is_told_what_is_wrong(client):
    answer = client.get(RECORDS, {"track": "oval", "limit": "0"})
    assert answer.status_code == 422
    assert answer.json()["reason"] == "limit: Input should be greater than or equal to 1"
    cursor = client.get(RECORDS, {"track": "oval", "after": "x"})
    assert cursor.json()["reason"] == "“after” does not name a place on the board."


def test_one_drive_sent_four_times_at_once_is_one_record(tmp_path):
    script = Path(__file__).with_name("upload_at_once.py")
    root = script.parent.parent.parent
    environment = {
        **os.environ,
        "MOONGATE_HOME": str(tmp_path),
        "PYTHONPATH": str(root),
    }
    environment["DJANGO_SETTINGS_MODULE"] = "moongate.site.settings"
    run = subprocess.run(
        [sys.executable, str(script)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    outcome = json.loads(run.stdout.splitlines()[-1])
    statuses = sorted(status for status, _ in outcome["answers"])
    assert statuses == [200, 200, 200, 201]
    assert len({answer["id"] for _, answer in outcome["answers"]}) == 1
    assert outcome["records"] == 1


@pytest.fixture
def described(db, settings, monkeypatch):
    settings.RACE_UPLOADS = (10**6, 10**6)
    return schemathesis.openapi.from_wsgi("/api/race/openapi.json", get_wsgi_application())


def test_every_answer_is_one_that_the_description_names(described):
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) == 6
    for operation in operations:

        @given(case=operation.as_strategy())
        @hypothesis_settings(
            max_examples=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        def ask(case):
            case.call_and_validate()

        ask()
