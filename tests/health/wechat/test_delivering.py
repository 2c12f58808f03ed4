"""An answer goes one way, once: in the request, or afterwards as a customer-service message."""

from concurrent.futures import Future
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from moongate.health import serving
from moongate.health.wechat import delivering, desk, passing, splitting, tasks, views
from moongate.health.wechat.api import transport
from moongate.health.wechat.models import Part, Received, Session
from tests.health.wechat.conftest import at_once

pytestmark = pytest.mark.django_db
MING = "o-ming"
SEND = "/cgi-bin/message/custom/send"


class Slow:
    """An engine too slow for the request: the work waits until the test has it done."""

    def __init__(self):
        self.jobs = []

    def submit(self, job, pk):
        self.jobs.append((job, pk))
        return Future()

    def finish(self):
        for job, pk in self.jobs:
            job(pk)
        self.jobs.clear()


@pytest.fixture
def talk(peer, api):
    """A talk in which a first complaint is to come."""
    peer.text(MING, "你好")
    peer.text(MING, "1")
    api.sent.clear()
    return peer


@pytest.fixture
def slow(monkeypatch, talk):
    engine = Slow()
    monkeypatch.setattr(desk, "submit", engine.submit)
    monkeypatch.setattr(views, "ANSWER_WITHIN_S", 0.01)
    return engine


def work():
    """What waits on the queue and is due."""
    call_command("db_worker", batch=True, verbosity=0)


def due(session=None):
    """Everything on the queue, also what is for later."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.filter(status="READY").exclude(task_path=tasks.tidy.module_path).update(
        run_after=timezone.now()
    )
    work()


def states():
    return list(Part.objects.order_by("received_id", "order").values_list("state", flat=True))


# One way, once


def test_an_answer_in_time_goes_in_the_request_and_nowhere_else(talk, api):
    assert "多大年龄" in talk.text(MING, "头痛").text
    due()
    assert api.sent == []
    row = Received.objects.latest("pk")
    assert row.way == "passive"
    assert row.passed_at is not None


def test_a_repetition_by_wechat_is_given_the_same_answer(talk, api):
    address, body = talk.request(MING, MsgType="text", Content="头痛", MsgId="7")
    first = talk.deliver(address, body)
    again = [talk.deliver(address, body), talk.deliver(address, body)]
    assert [answer.text for answer in again] == [first.text] * 2
    # The same message with a new signature, as WeChat may send it.
    other, body = talk.request(MING, MsgType="text", Content="头痛", MsgId="7")
    assert talk.deliver(other, body).text == first.text
    assert Received.objects.filter(answered_at=None).count() == 0
    due()
    assert api.sent == []


def test_a_replay_later_learns_nothing(talk):
    address, body = talk.request(MING, MsgType="text", Content="头痛", MsgId="7")
    assert talk.deliver(address, body).text
    Received.objects.update(at=timezone.now() - passing.REPEATED_FOR)
    assert talk.deliver(address, body).body == b"success"


def test_an_event_counts_once_too(talk):
    address, body = talk.request(MING, MsgType="event", Event="CLICK", EventKey="STOP")
    first = talk.deliver(address, body)
    assert talk.deliver(address, body).text == first.text
    assert Received.objects.count() == 3


def test_a_slow_answer_is_acknowledged_and_follows_as_a_message(slow, talk, api):
    answer = talk.text(MING, "头痛")
    assert answer.body == b"success"
    slow.finish()
    assert api.sent == []
    work()
    assert [openid for openid, _text in api.sent] == [MING]
    assert "多大年龄" in api.sent[0][1]
    # Nothing of it stays in the table, and nothing is sent again.
    assert not Part.objects.exclude(received__way="passive").exclude(sealed=b"").exists()
    work()
    assert len(api.sent) == 1


def test_repetitions_of_a_slow_one_are_acknowledged_only(slow, talk, api):
    address, body = talk.request(MING, MsgType="text", Content="头痛", MsgId="7")
    for _number in range(3):
        assert talk.deliver(address, body).body == b"success"
    slow.finish()
    assert talk.deliver(address, body).body == b"success"
    work()
    assert len(api.sent) == 1


def test_an_answer_ready_in_the_very_moment_of_giving_up_is_sent(slow, talk, api, monkeypatch):
    choose = passing._choose

    def finish_first(row, way):
        slow.finish()
        return choose(row, way)

    monkeypatch.setattr(passing, "_choose", finish_first)
    assert talk.text(MING, "头痛").body == b"success"
    work()
    assert len(api.sent) == 1


def test_messages_are_answered_in_their_order(slow, talk, api):
    for words in ("头痛", "还发烧", "三天了"):
        talk.text(MING, words)
    # The last is worked on first, and has the others answered before it.
    job, pk = slow.jobs[-1]
    job(pk)
    work()
    slow.finish()
    work()
    assert len(api.sent) == 3
    assert [("头痛" in text, "发热" in text) for _o, text in api.sent][:2] == [
        (True, False),
        (False, True),
    ]


def test_when_too_many_wait_the_worker_answers(talk, api, monkeypatch):
    monkeypatch.setattr(desk, "submit", lambda job, pk: None)
    assert talk.text(MING, "头痛").body == b"success"
    work()
    assert "多大年龄" in api.sent[0][1]


def test_an_engine_that_stumbles_apologises_and_goes_on(talk, monkeypatch, caplog, engine):
    def stumble():
        raise KeyError("crushing pain, said the person")

    monkeypatch.setattr(serving, "engine", stumble)
    answer = talk.text(MING, "crushing pain").text
    assert "出了点问题" in answer
    assert "120" in answer
    assert "KeyError" in caplog.text
    assert "crushing" not in caplog.text
    monkeypatch.setattr(serving, "engine", lambda: engine)
    assert "多大年龄" in talk.text(MING, "头痛").text


# Long answers


@pytest.fixture
def short_messages(monkeypatch):
    """Messages of 300 bytes, so that what WeChat's limit does to a result shows in a question."""
    split = splitting.split
    monkeypatch.setattr(
        "moongate.health.wechat.answering.split", lambda text, more: split(text, more, 300)
    )


def test_what_does_not_fit_follows(talk, api, short_messages):
    talk.text(MING, "喉咙痛")
    first = talk.text(MING, "结束").text
    assert "未完" in first
    due()
    assert len(api.sent) >= 2
    assert all("未完" in text for _o, text in api.sent[:-1])
    assert "moongate.example" in api.sent[-1][1]
    assert any("人工智能" in text for _o, text in api.sent)


def test_where_no_message_may_follow_the_person_asks_for_more(talk, api, short_messages):
    talk.text(MING, "喉咙痛")
    api.faults[SEND] = [48001]
    pieces = [talk.text(MING, "结束").text]
    due()
    while "未完" in pieces[-1]:
        api.faults[SEND] = [48001]
        pieces.append(talk.text(MING, "更多").text)
        due()
    assert len(pieces) >= 3
    assert len(set(pieces)) == len(pieces)
    assert "moongate.example" in pieces[-1]
    assert api.sent == []


# What WeChat answers


@pytest.mark.parametrize("code", [45015, 45047, 48001])
def test_what_may_not_be_sent_is_held_until_the_person_writes(slow, talk, api, monkeypatch, code):
    talk.text(MING, "头痛")
    slow.finish()
    api.faults[SEND] = [code]
    work()
    assert (api.sent, states()[-1]) == ([], "held")
    monkeypatch.setattr(desk, "submit", at_once)
    # They could not read the question, so “1” is no answer to it.
    assert "多大年龄" in talk.text(MING, "1").text
    assert "女" in talk.text(MING, "30").text
    due()
    assert api.sent == []


def test_words_of_their_own_are_heard_even_then(slow, talk, api, monkeypatch):
    talk.text(MING, "头痛")
    slow.finish()
    api.faults[SEND] = [45015]
    work()
    monkeypatch.setattr(desk, "submit", at_once)
    assert "发热" in talk.text(MING, "还发烧").text
    assert "held" not in states()


def test_busy_is_tried_again_later_and_in_the_end_held(slow, talk, api):
    talk.text(MING, "头痛")
    slow.finish()
    api.faults[SEND] = [-1] * transport.TRIES
    work()
    assert (api.sent, states()[-1]) == ([], "waiting")
    due()
    assert len(api.sent) == 1


def test_busy_for_ever_is_held(slow, talk, api):
    talk.text(MING, "头痛")
    slow.finish()
    api.faults[SEND] = [-1] * 99
    for _number in range(delivering.TRIES_MOST + 1):
        due()
    assert states()[-1] == "held"


def test_a_person_who_has_left_is_written_to_no_more(slow, talk, api):
    talk.text(MING, "头痛")
    slow.finish()
    api.faults[SEND] = [43004]
    work()
    assert states()[-1] == "sent"
    assert not Part.objects.filter(received__way="service").exclude(sealed=b"").exists()


def test_what_may_have_arrived_is_not_sent_again_but_spoken_of(slow, talk, api):
    talk.text(MING, "头痛")
    slow.finish()
    api.mute = 1
    work()
    assert len(api.sent) == 2
    assert "多大年龄" in api.sent[0][1]
    assert "可能没有收到" in api.sent[1][1]
    due()
    assert len(api.sent) == 2


def test_if_the_note_cannot_be_sent_either_the_question_is_put_again(slow, talk, api, monkeypatch):
    talk.text(MING, "头痛")
    slow.finish()
    api.mute = 1
    monkeypatch.setattr(delivering, "send_text", broken_after(1, delivering.send_text, api))
    work()
    monkeypatch.setattr(desk, "submit", at_once)
    again = talk.text(MING, "30").text
    assert "可能没有收到" in again
    assert "多大年龄" in again
    assert "女" in talk.text(MING, "30").text


def broken_after(count, send, api):
    calls = []

    def wrapped(*arguments):
        calls.append(1)
        if len(calls) > count:
            api.faults[SEND] = [45047]
        return send(*arguments)

    return wrapped


# A process that dies


def killed(*_arguments):
    raise SystemExit


def restarted():
    assert tasks.resume() >= 1
    due()


def test_an_unanswered_message_is_answered_after_a_restart(slow, talk, api):
    talk.text(MING, "头痛")
    slow.jobs.clear()
    restarted()
    assert "多大年龄" in api.sent[0][1]
    assert tasks.resume() == 0


def test_wechats_repetition_after_a_restart_takes_it_up_sooner(slow, talk, api, monkeypatch):
    address, body = talk.request(MING, MsgType="text", Content="头痛", MsgId="7")
    with monkeypatch.context() as dying:
        dying.setattr(views, "_reply", killed)
        with pytest.raises(SystemExit):
            talk.deliver(address, body)
    slow.jobs.clear()
    monkeypatch.setattr(desk, "submit", at_once)
    assert "多大年龄" in talk.deliver(address, body).text
    assert tasks.resume() == 0


def test_a_passive_answer_that_never_went_out_whole_is_spoken_of(talk, api):
    talk.text(MING, "头痛")
    Received.objects.filter(pk=Received.objects.latest("pk").pk).update(passed_at=None)
    restarted()
    assert [openid for openid, _text in api.sent] == [MING]
    assert "可能没有收到" in api.sent[0][1]


def test_a_message_under_way_when_the_process_died_is_not_sent_again(slow, talk, api):
    talk.text(MING, "头痛")
    slow.finish()
    Part.objects.filter(received__way="service").update(state=Part.State.SENDING)
    Session.objects.update(sending_until=timezone.now() + timedelta(minutes=1))
    # As long as another may be sending, nobody else does.
    work()
    assert api.sent == []
    Session.objects.update(sending_until=timezone.now() - timedelta(seconds=1))
    due()
    assert len(api.sent) == 1
    assert "可能没有收到" in api.sent[0][1]


def test_two_deliverers_send_once(slow, talk, api):
    talk.text(MING, "头痛")
    slow.finish()
    pk = Session.objects.get().pk
    assert delivering.deliver(pk) is None
    assert delivering.deliver(pk) is None
    assert len(api.sent) == 1
