"""A person talks with the house through WeChat: asked first, understood, answered, let go again."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from moongate.health.models import KillSwitch
from moongate.health.wechat import tasks
from moongate.health.wechat.models import Part, Received, Session
from moongate.health.wechat.receiving import FLOOD, KEPT

pytestmark = pytest.mark.django_db
MING = "o-ming"


def agreed(peer, openid=MING, words="你好"):
    peer.text(openid, words)
    return peer.text(openid, "1").text


def state(openid=MING):
    for session in Session.objects.all():
        if session.take("sealed")["openid"] == openid:
            return session.take("sealed")
    return None


def steps(openid=MING):
    talk = state(openid)["talk"]
    return [] if talk is None else [step["kind"] for step in json.loads(talk)["steps"]]


def everything():
    """Every byte of every table, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [bytes(v) if isinstance(v, memoryview) else v for r in cursor for v in r]
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in rows)


# Consent first


def test_nothing_is_read_or_kept_before_the_person_agrees(peer):
    asked = peer.text(MING, "胸口剧痛，出冷汗").text
    assert "1 同意并开始" in asked
    assert "还没有读取" in asked
    # Who fears for their life must not read to the end.
    assert asked.index("120") < asked.index("同意")
    assert "胸" not in everything().decode("utf-8", "ignore")
    assert state()["talk"] is None
    assert Session.objects.get().consented_at is None


def test_after_consent_the_talk_begins(peer):
    begun = agreed(peer)
    assert "哪里不舒服" in begun
    assert Session.objects.get().consented_at is not None
    heard = peer.text(MING, "头痛三天").text
    assert "头痛" in heard
    assert "年龄" in heard


def test_a_bare_1_before_the_question_is_no_consent(peer):
    assert "同意" in peer.text(MING, "1").text
    assert state()["talk"] is None


@pytest.mark.parametrize("words", ["2", "不同意", "否"])
def test_who_declines_is_let_go_with_the_numbers(peer, words):
    peer.text(MING, "你好")
    declined = peer.text(MING, words).text
    assert "没有保存" in declined
    assert "120" in declined
    assert state()["talk"] is None
    assert "1 同意" in peer.text(MING, "1").text


def test_the_words_lie_sealed(peer):
    agreed(peer)
    peer.text(MING, "my left elbow hurts terribly")
    held = everything()
    for word in (b"elbow", b"my left", MING.encode()):
        assert word not in held
    assert "elbow" in state()["talk"]
    # What was answered is not kept a second time.
    assert not Received.objects.exclude(sealed=b"").exists()


# The language


def test_the_language_follows_the_words(peer):
    assert "I agree" in peer.text("o-ada", "hello").text
    assert "同意" in peer.text(MING, "你好").text


def test_somebody_who_subscribes_is_greeted_in_their_wechats_language(peer, api):
    api.languages = {"o-ada": "en", MING: "zh_CN"}
    english = peer.event("o-ada", "subscribe").text
    assert "I agree" in english
    assert "同意并开始" not in english
    assert "I agree" not in peer.event(MING, "subscribe").text


def test_where_wechat_does_not_say_the_greeting_is_in_both(peer, api):
    api.faults["/cgi-bin/user/info"] = [48001]
    greeting = peer.event(MING, "subscribe").text
    assert "I agree" in greeting
    assert "同意并开始" in greeting
    peer.text(MING, "1")
    assert "How old" in peer.text(MING, "I have a headache").text


def test_the_language_can_be_switched_in_the_middle(peer):
    agreed(peer)
    peer.text(MING, "头痛")
    assert "How old" in peer.text(MING, "English").text
    assert "多大年龄" in peer.text(MING, "中文").text
    assert steps() == ["say"]


# The talk


def test_answers_by_number_go_on_to_a_result(peer, api):
    agreed(peer)
    peer.text(MING, "喉咙痛，流鼻涕，三天了")
    peer.text(MING, "30岁")
    text = peer.text(MING, "1").text
    for _number in range(30):
        if "■" in text:
            break
        text = peer.text(MING, "0").text
    assert "■ 可能的原因" in text
    assert "人工智能" in text
    assert "https://moongate.example/health/wechat/entry/" in text


def test_danger_stands_first_with_its_numbers(peer):
    agreed(peer, words="hello")
    alarm = peer.text(MING, "crushing chest pain for 20 minutes and sweating").text
    assert alarm.startswith("⚠")
    assert "☎ 999" in alarm[:600]
    # It is not shouted again, but it stands.
    after = peer.text(MING, "64").text
    assert after.startswith("⚠")
    assert "☎" not in after
    assert steps() == ["say", "seen", "age"]
    peer.text(MING, "back")
    assert steps() == ["say", "seen"]
    peer.text(MING, "back")
    assert steps() == []


def test_a_crisis_is_answered_with_people_to_call_and_no_list_of_conditions(peer):
    agreed(peer)
    text = peer.text(MING, "我不想活了，想自杀").text
    assert text.startswith("⚠")
    assert "12356" in text
    assert "%" not in text
    assert "12356" in peer.text(MING, "1").text


def test_back_stop_repeat_and_start_over(peer):
    agreed(peer)
    age = peer.text(MING, "头痛").text
    peer.text(MING, "30")
    assert "多大年龄" in peer.text(MING, "返回").text
    assert peer.text(MING, "重复").text == age
    assert "■" in peer.text(MING, "结束").text
    assert "结果已在上面" in peer.text(MING, "1").text
    assert "从头开始" in peer.text(MING, "重新开始").text
    assert steps() == []


def test_a_wrong_answer_is_told_and_the_question_asked_again(peer):
    agreed(peer)
    peer.text(MING, "头痛")
    told = peer.text(MING, "300岁").text
    assert "120" in told
    assert "多大年龄" in told
    assert steps() == ["say"]


def test_voice_counts_by_the_words_that_wechat_heard(peer):
    agreed(peer)
    assert "头痛" in peer.voice(MING, "我头痛").text
    assert "没有识别" in peer.voice(MING, "").text
    assert "没有识别" in peer.voice(MING, None).text
    assert steps() == ["say"]


@pytest.mark.parametrize("kind", ["image", "video", "location", "link", "shortvideo", "new_kind"])
def test_anything_else_gets_a_friendly_word(peer, kind):
    asked = peer.message(MING, MsgType=kind, MsgId=peer.number()).text
    assert "同意" in asked
    peer.text(MING, "1")
    assert "只能读文字" in peer.message(MING, MsgType=kind, MsgId=peer.number()).text


def test_the_menu_steers_the_talk(peer):
    assert "999" in peer.event(MING, "CLICK", "NUMBERS").text
    assert "同意" in peer.event(MING, "CLICK", "START").text
    peer.text(MING, "1")
    peer.text(MING, "头痛")
    peer.text(MING, "30")
    assert "多大年龄" in peer.event(MING, "CLICK", "BACK").text
    assert "■" in peer.event(MING, "CLICK", "STOP").text
    assert "返回" in peer.event(MING, "CLICK", "HELP").text
    assert peer.event(MING, "CLICK", "NO_SUCH_KEY").status == 200
    assert "删除" in peer.event(MING, "CLICK", "DELETE").text
    assert state()["talk"] is None


@pytest.mark.parametrize("event", ["VIEW", "LOCATION", "TEMPLATESENDJOBFINISH"])
def test_events_by_which_nobody_speaks_are_passed_over(peer, event):
    answer = peer.event(MING, event, "x")
    assert answer.body == b"success"
    assert not Received.objects.exists()


def test_hostile_words_come_to_nothing(peer):
    agreed(peer)
    for words in ("]]>", "<xml>&amp;</xml>", "{{ 7*7 }}", "\u202e\u0007 x", "😀" * 600, "1" * 900):
        answer = peer.text(MING, words) if "\x07" not in words else None
        assert answer is None or answer.status == 200


# Letting go


@pytest.mark.parametrize("words", ["删除", "delete"])
def test_delete_leaves_nothing_that_was_said(peer, words):
    agreed(peer)
    peer.text(MING, "头痛")
    peer.text(MING, "结束")
    assert "已删除" in peer.text(MING, words).text
    assert state() == {"openid": MING, "lang": "zh", "consent_asked": False, "talk": None}
    assert Session.objects.get().links.count() == 0
    assert "同意" in peer.text(MING, "头痛").text


def test_unsubscribing_ends_the_talk_in_silence(peer):
    agreed(peer)
    peer.text(MING, "头痛")
    assert peer.event(MING, "unsubscribe").text is None
    assert state()["talk"] is None
    assert Session.objects.get().consented_at is None


def test_a_talk_that_has_had_its_time_is_gone(peer):
    agreed(peer)
    peer.text(MING, "头痛")
    Session.objects.update(touched_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert "同意" in peer.text(MING, "30").text
    assert state()["talk"] is None


def test_tidying_deletes_what_is_over_and_nothing_else(peer):
    agreed(peer, "o-old")
    agreed(peer, "o-new")
    Session.objects.filter(pk=Session.objects.first().pk).update(
        touched_at=timezone.now() - KEPT - timedelta(seconds=1)
    )
    assert tasks.forget_expired() == 1
    assert state("o-old") is None
    assert state("o-new")["talk"] is not None


def test_the_first_talk_sees_to_its_own_end(peer):
    from django_tasks_db.models import DBTaskResult

    agreed(peer)
    agreed(peer, "o-other")
    planned = DBTaskResult.objects.get(task_path=tasks.tidy.module_path)
    assert timedelta(0) <= planned.run_after - (timezone.now() + KEPT) + timedelta(minutes=1)


def test_a_talk_that_cannot_be_read_any_more_begins_anew(peer):
    agreed(peer)
    session = Session.objects.get()
    session.put("sealed", session.take("sealed") | {"talk": '{"version": 99}'})
    session.save()
    assert "重新开始" in peer.text(MING, "30").text


def test_a_flood_is_stopped_kindly(peer):
    agreed(peer)
    for _number in range(FLOOD):
        last = peer.text(MING, "帮助").text
    assert "一分钟" in last
    assert "同意" in peer.text("o-other", "你好").text


def test_a_version_that_is_switched_off_begins_no_talk(peer, engine):
    KillSwitch.objects.create(kind="version", target=engine.base.edition, reason="test")
    peer.text(MING, "你好")
    refused = peer.text(MING, "1").text
    assert "不能开始" in refused
    assert "120" in refused
    assert state()["talk"] is None


def test_a_short_answer_sent_too_early_is_not_taken_for_the_next_question(peer):
    agreed(peer)
    peer.text(MING, "头痛")
    # The answer before has not reached the person yet.
    Part.objects.filter(pk=Part.objects.last().pk).update(state=Part.State.WAITING)
    assert "请等我的下一个问题" in peer.text(MING, "30").text
    assert steps() == ["say"]
    # Words of their own are heard at any time.
    assert "发热" in peer.text(MING, "我还发烧").text
