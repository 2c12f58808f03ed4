"""Records: entered by proof only, one best a player, and a guest's go with the guest."""

import dataclasses
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import connection

from moongate.accounts.guests import make_guest
from moongate.accounts.merging import merge_guest
from moongate.accounts.models import User
from moongate.race import board, runtime
from moongate.race.models import Record
from moongate.race.records import enter_record, strike_record
from moongate.race.replay import ReplayError, decode, encode, record_inputs
from tests.race.circuit import drive, open_course, oval, replay_file

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def course(monkeypatch):
    return open_course(monkeypatch)


@pytest.fixture
def ada():
    return User.objects.create_user("ada", password=None)


@pytest.fixture
def bo():
    return User.objects.create_user("bo", password=None)


def places(course, **how):
    return [(row.rank, row.record.player.username) for row in board.read_board(course, **how).rows]


def test_the_times_entered_are_the_servers(ada):
    entry = enter_record(replay_file(), player=ada)
    record = Record.objects.get()
    assert entry.new
    assert entry.personal_best
    assert record.finish_ticks == sum(record.lap_ticks) == decode(replay_file()).finish_ticks
    assert record.time_ms == sum(record.lap_ms)
    assert record.best_lap_ms == min(record.lap_ms)
    assert bytes(record.replay) == replay_file()
    assert (record.track_slug, record.laps) == ("oval", 2)
    assert record.sim_version == runtime.SIM_VERSION


def test_a_replay_sent_again_is_the_same_record(ada):
    first = enter_record(replay_file(), player=ada)
    again = enter_record(replay_file(), player=ada)
    assert again.record == first.record
    assert not again.new
    assert Record.objects.count() == 1


def test_a_forged_replay_enters_nothing(ada):
    good = decode(replay_file())
    forged = encode(dataclasses.replace(good, finish_ticks=good.finish_ticks - 100))
    with pytest.raises(ReplayError, match="is not what was driven"):
        enter_record(forged, player=ada)
    assert not Record.objects.exists()


def test_anothers_ghost_is_not_ones_own_drive(course, ada, bo):
    enter_record(replay_file(), player=ada)
    good = decode(replay_file())
    dressed_up = good.inputs.copy()
    dressed_up[:50, 0] = 99  # in the countdown nothing moves
    copies = [replay_file(), encode(record_inputs(oval(), dressed_up, laps=2))]
    assert copies[0] != copies[1]
    for copy in copies:
        with pytest.raises(ReplayError, match="already on the board under another name") as caught:
            enter_record(copy, player=bo)
        assert caught.value.mend == "Race the ghost and send your own drive."
    assert places(course) == [(1, "ada")]


def test_a_race_of_several_karts_is_no_record(ada):
    alone = drive(oval(), laps=2)
    both = encode(record_inputs(oval(), np.hstack([alone, alone * 0]), laps=2))
    with pytest.raises(ReplayError, match="this replay has 2 karts"):
        enter_record(both, player=ada)


def test_the_board_has_each_players_best_and_the_earlier_of_two_equals_first(course, ada, bo):
    fast, slow = sorted((0, 1, 2), key=lambda seed: decode(replay_file(seed=seed)).finish_ticks)[
        ::2
    ]
    enter_record(replay_file(seed=slow), player=ada, at=NOON)
    assert enter_record(replay_file(seed=fast), player=ada, at=NOON).personal_best
    mid = ({0, 1, 2} - {fast, slow}).pop()
    enter_record(replay_file(seed=mid), player=bo, at=NOON)
    assert places(course) == [(1, "ada"), (2, "bo")]
    assert Record.objects.filter(player=ada).count() == 2
    Record.objects.update(time_ms=40_000)
    Record.objects.filter(player=bo).update(created=NOON - timedelta(seconds=1))
    assert places(course) == [(1, "bo"), (2, "ada")]


def test_a_slower_race_is_kept_but_is_no_personal_best(course, ada):
    fast, slow = sorted((0, 1), key=lambda seed: decode(replay_file(seed=seed)).finish_ticks)
    enter_record(replay_file(seed=fast), player=ada)
    entry = enter_record(replay_file(seed=slow), player=ada)
    assert entry.new
    assert not entry.personal_best
    assert board.rank_of(entry.record, "race") is None


def test_laps_of_a_race_given_up_stand_on_the_board_of_laps_only(course, ada):
    entry = enter_record(replay_file(laps=1), player=ada)
    assert places(course) == []
    assert places(course, kind="lap") == [(1, "ada")]
    assert board.read_board(course, kind="lap").rows[0].time_ms == entry.record.best_lap_ms


def test_records_of_older_rules_are_kept_and_not_shown(course, ada):
    enter_record(replay_file(), player=ada)
    assert places(course) == [(1, "ada")]
    Record.objects.update(sim_version="00000000")
    assert places(course) == places(course, kind="lap") == []
    assert Record.objects.count() == 1


def many(course, count):
    template = enter_record(replay_file(), player=User.objects.create_user("p0")).record
    for i in range(1, count):
        row = Record.objects.get(pk=template.pk)
        row.pk, row.drive_id, row.time_ms = None, f"{i:064x}", 30_000 + i // 2
        row._state.adding = True
        row.id = Record._meta.pk.default()
        row.player = User.objects.create_user(f"p{i}")
        row.created = NOON + timedelta(seconds=i)
        row.save()


def test_pages_of_the_board_join_without_gap_or_double(course):
    many(course, 23)
    everyone = places(course, limit=100)
    assert [rank for rank, _ in everyone] == list(range(1, 24))
    after, joined = None, []
    while True:
        page = board.read_board(course, limit=5, after=after)
        joined += [(row.rank, row.record.player.username) for row in page.rows]
        after = page.next
        if after is None:
            break
    assert joined == everyone
    assert page.total == 23


def test_your_own_row_is_there_however_far_down(course):
    many(course, 12)
    last = User.objects.get(username=places(course, limit=100)[-1][1])
    page = board.read_board(course, limit=3, viewer=last)
    assert len(page.rows) == 3
    assert not any(row.is_you for row in page.rows)
    assert (page.you.rank, page.you.record.player) == (12, last)


@pytest.mark.parametrize("after", ["", "x", "1-2-3", "9" * 30 + "-1-" + "0" * 32, "1--" + "a" * 32])
def test_a_cursor_nobody_gave_is_refused(course, after):
    if after == "":
        assert board.read_board(course, after=after).rows == ()
        return
    with pytest.raises(board.CursorError):
        board.read_board(course, after=after)


def test_a_board_is_read_in_few_queries(course, django_assert_max_num_queries):
    many(course, 10)
    viewer = User.objects.get(username="p3")
    with django_assert_max_num_queries(6):
        board.read_board(course, viewer=viewer)


def test_a_guests_records_go_with_the_guest_and_the_better_stays_on_the_board(course, ada):
    fast, slow = sorted((0, 1), key=lambda seed: decode(replay_file(seed=seed)).finish_ticks)
    guest = make_guest(language="en")
    enter_record(replay_file(seed=slow), player=ada)
    enter_record(replay_file(seed=fast), player=guest)
    assert len(places(course)) == 2
    merge_guest(guest, into=ada)
    assert places(course) == [(1, "ada")]
    assert Record.objects.filter(player=ada).count() == 2
    best = Record.objects.get(player=ada, best_race=True)
    assert bytes(best.replay) == replay_file(seed=fast)
    assert Record.objects.filter(best_lap=True).count() == 1


def test_striking_the_best_brings_the_next_best_up(course, ada):
    fast, slow = sorted((0, 1), key=lambda seed: decode(replay_file(seed=seed)).finish_ticks)
    best = enter_record(replay_file(seed=fast), player=ada).record
    enter_record(replay_file(seed=slow), player=ada)
    strike_record(best)
    assert bytes(board.read_board(course).rows[0].record.replay) == replay_file(seed=slow)


def test_the_board_is_found_by_index(course):
    many(course, 3)
    rows = board.standing(course, "race").order_by("time_ms", "created", "id")
    assert "race_board_race" in rows.explain()
    assert connection.vendor == "sqlite"
