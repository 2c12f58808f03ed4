"""The chat's pages as a browser without JavaScript meets them, and what they never let out."""

import asyncio
import json
import logging
import re
import secrets
from html import unescape

import pytest
from django.core.cache import cache
from django.test import AsyncClient, Client
from django.urls import reverse

from moongate.accounts import consents
from moongate.accounts.models import User
from moongate.health.chat import tokens
from moongate.health.chat.tokens import TokenError, open_token, seal
from moongate.health.models import Assessment
from moongate.health.records import limits
from moongate.health.records.purposes import RECORDS
from moongate.health.safety.switches import switch_off
from moongate.health.serving import engine
from moongate.health.talk import Talk, append, begin, reply, turn
from moongate.health.talk.steps import Seen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def client() -> Client:
    return Client()


def text_of(response) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(words))


def asked(response) -> str:
    found = re.search(r"data-asked>(.*?)</h1>", response.content.decode(), re.S)
    assert found
    return unescape(found[1].strip())


def state(response) -> dict[str, str]:
    page = response.content.decode()
    talk = re.search(r'name="talk"\s+value="([^"]+)"', page)
    prompt = re.search(r'name="prompt"\s+value="([^"]+)"', page)
    return {"talk": talk[1], **({"prompt": prompt[1]} if prompt else {})}


def send(client: Client, response=None, **fields):
    return client.post("/health/", {**(state(response) if response else {}), **fields})


def told(lang: str, *lines: str) -> Talk:
    talk = begin(engine(), lang)
    for line in lines:
        talk = reply(engine(), talk, line)
    return talk


def test_the_first_page_waits_for_no_engine_and_keeps_nothing(client):
    first = client.get("/health/")
    assert first.status_code == 200
    assert "no doctor" in text_of(first)
    assert "no-store" in first["Cache-Control"]
    assert not client.session.keys()


def test_a_whole_assessment_by_forms_alone(client):
    page = send(client, text="I have a headache and a fever", country="uk")
    assert asked(page) == "How old is the person this is about?"
    assert "I understood: Headache, Fever" in text_of(page)
    for fields in ({"years": "30", "unit": "years"}, {"answer": "female"}, {"degree": "3"}):
        page = send(client, page, **fields)
    answered = 0
    while 'class="result"' not in page.content.decode():
        html = page.content.decode()
        page = send(client, page, answer="none" if 'value="none"' in html else
                    "unknown" if "data-since" in html else "no")  # fmt: skip
        assert page.status_code == 200
        answered += 1
        assert answered <= 20
    words = text_of(page)
    for part in (
        "How urgent",
        "What it could be",
        "could be",
        "What to watch for",
        "Speaks for it",
    ):
        assert part in words
    assert re.search(r'<rect class="bar-range"\s+x="[\d.]+"', page.content.decode())


@pytest.mark.parametrize(
    ("lines", "fields", "words"),
    [
        ([], {"text": "  "}, "no text"),
        (["I have a cough"], {"years": "130"}, "0 to 120 years"),
        (["I have a cough"], {"years": "nan"}, "0 to 120 years"),
        (["I have a cough"], {"years": "3", "unit": "moons"}, "0 to 120 years"),
        (["I have a cough", "30"], {"answer": "yes"}, "one of the answers"),
        (["I have a headache", "30", "f"], {"degree": "11"}, "from 0 to 10"),
        (["I have a headache", "30", "f", "3"], {}, "Tick what fits"),
        (["I have a headache", "30", "f", "3"], {"answer": "<b>"}, "Tick what fits"),
        ([], {"do": "part", "part": "tail"}, "part of the body"),
        ([], {"do": "edit", "at": "9"}, "one of your answers"),
        ([], {"finding": "headache", "part": "knee"}, "what you feel there"),
    ],
)  # fmt: skip
def test_a_form_that_says_nothing_is_asked_again(client, lines, fields, words):
    talk = told("en", *lines)
    before = turn(engine(), talk).prompt
    page = client.post("/health/", {"talk": seal(talk), "prompt": before.id, **fields})
    assert page.status_code == 422
    assert words in text_of(page)
    assert open_token(state(page)["talk"]).steps == talk.steps


def test_an_answer_sent_twice_counts_once(client):
    page = send(client, text="I have a cough")
    once, twice = (send(client, page, years="30") for _ in range(2))
    assert asked(once) == asked(twice)
    assert len(open_token(state(twice)["talk"]).steps) == 2
    # From a page that stood elsewhere, with a newer conversation: it answers nothing.
    stale = client.post("/health/", {**state(once), "prompt": state(page)["prompt"], "years": "8"})
    assert asked(stale) == asked(once)
    assert len(open_token(state(stale)["talk"]).steps) == 2


def test_back_change_and_stop(client):
    page = send(client, text="I have a cough")
    page = send(client, page, years="30")
    assert asked(send(client, page, do="back")) == "How old is the person this is about?"
    edit = client.post("/health/", {"talk": state(page)["talk"], "do": "edit", "at": "0"})
    assert "I have a cough" in edit.content.decode().split("</textarea>")[0]
    changed = send(client, edit, at="0", text="I have a sore throat")
    assert [s.text for s in open_token(state(changed)["talk"]).steps[:1]] == [
        "I have a sore throat"
    ]
    assert asked(changed) == asked(page)
    assert 'class="result"' in send(client, changed, do="stop").content.decode()


def test_an_emergency_stands_alone_until_it_is_seen(client):
    said = "crushing pain in my chest, it goes into my left arm and I am in a cold sweat"
    page = send(client, text=said, country="cn")
    html = page.content.decode()
    assert 'role="alert"' in html
    assert html.index('href="tel:120"') < html.index('href="tel:999"')
    assert "How old" not in html
    assert asked(page) == "Get help now"
    # Another answer does not get past it.
    assert asked(send(client, page, years="50")) == "Get help now"
    seen = send(client, page, do="seen")
    assert asked(seen) == "How old is the person this is about?"
    assert 'href="tel:120"' in seen.content.decode()


def test_a_crisis_shows_people_to_talk_to_and_no_chart(client):
    page = send(client, text="I want to end my life tonight", country="uk")
    html = page.content.decode()
    assert 'href="tel:116123"' in html
    assert 'href="sms:85258"' in html
    result = send(client, page, do="seen").content.decode()
    assert 'href="tel:116123"' in result
    assert "bar-part" not in result


def test_the_language_changes_in_the_middle(client):
    page = send(client, text="I have a cough", country="uk")
    form = re.search(r'action="(/health/chat/language/)"', page.content.decode())
    turned = client.post(form[1], {"talk": state(page)["talk"], "language": "zh-hans"})
    assert asked(turned) == "患者多大年龄？"
    assert client.cookies["django_language"].value == "zh-hans"
    assert asked(send(client, turned, years="30")) == "患者出生时的性别是女还是男？"
    assert open_token(state(turned)["talk"]).country == "uk"


def test_the_body_map_works_as_a_list(client):
    page = send(client, do="part", part="belly_low_right")
    assert "Pain in the right lower abdomen" in text_of(page)
    page = send(client, page, part="belly_low_right", finding=["abdo_pain_rlq", "fever"])
    assert asked(page) == "How old is the person this is about?"


def test_what_was_said_is_shown_as_words_and_never_run(client):
    mark = "<script>alert(1)</script> I have a headache"
    page = send(client, text=mark)
    assert "<script>alert(1)" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_an_expired_conversation_says_so_and_shows_nothing_of_it(client, monkeypatch):
    secret = f"headache {secrets.token_hex(4)}"
    token = seal(told("en", secret))
    monkeypatch.setattr(tokens, "LASTS_S", -1)
    page = client.post("/health/", {"talk": token, "years": "30"})
    assert page.status_code == 410
    assert "too old to go on" in text_of(page)
    assert secret not in page.content.decode()


def test_a_token_is_sealed_and_cannot_be_changed():
    talk = told("en", "my secret headache")
    token = seal(talk)
    assert open_token(token) == talk
    assert "secret" not in token
    for broken in (token[:-5] + "AAAA=", token[:40], "", "x" * 100, "é" * 50, "A" * 700_000):
        with pytest.raises(TokenError) as refusal:
            open_token(broken)
        assert not refusal.value.expired


def test_a_token_of_another_house_opens_nothing(settings):
    token = seal(told("en", "a headache"))
    settings.SECRET_KEY = "another house's secret, as long as it must be ........"
    with pytest.raises(TokenError):
        open_token(token)
    settings.SECRET_KEY_FALLBACKS = ["not that one either"]
    with pytest.raises(TokenError):
        open_token(token)


def test_knowledge_that_changed_goes_on_and_says_so(client):
    talk = told("en", "I have a cough")
    old = Talk(edition="2020.1.0", lang="en", country="uk", steps=talk.steps)
    page = client.post("/health/", {"talk": seal(old), "do": "show"})
    assert "knowledge was renewed" in text_of(page)
    assert "renewed" not in text_of(send(client, page, years="30"))


def test_a_version_that_is_switched_off_begins_nothing(client, django_user_model):
    boss = django_user_model.objects.create_user("boss", password=None)
    switch_off("version", engine().base.edition, actor=boss, reason="checked by a test")
    closed = send(client, text="I have a cough")
    assert closed.status_code == 503
    assert 'href="tel:999"' in closed.content.decode()


def test_too_many_answers_from_one_place_wait(client, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "talk", (1, 600))
    assert send(client, text="I have a cough").status_code == 200
    refused = send(client, text="I have a cough")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_no_form_is_taken_from_another_site():
    strict = Client(enforce_csrf_checks=True)
    for where in ("chat", "chat_ready", "chat_language", "chat_keep", "chat_print"):
        assert strict.post(reverse(f"health:{where}"), {"text": "a cough"}).status_code == 403


def test_nothing_of_what_was_said_is_logged(client, caplog, monkeypatch):
    secret = f"headache{secrets.token_hex(6)}"
    caplog.set_level(logging.DEBUG)
    page = send(client, text=f"I have a headache and {secret}")
    send(client, page, years=secret)
    client.post("/health/", {"talk": secret, "text": secret})
    body = {"talk": secret, "text": secret, "years": secret}
    client.post("/api/health/talks/answer", json.dumps(body), "application/json")
    client.post("/health/chat/report.pdf", {"talk": state(page)["talk"]})

    def broken(*args, **kwargs):
        raise RuntimeError("the engine broke")

    monkeypatch.setattr("moongate.health.chat.pages.turn", broken)
    client.raise_request_exception = False
    fault = send(client, text=f"my {secret}")
    assert fault.status_code == 500
    assert secret not in fault.content.decode()
    logged = [f"{record.getMessage()} {record.exc_info} {record.args}" for record in caplog.records]
    assert any("RuntimeError" in line for line in logged)
    assert [line for line in logged if secret in line] == []
    # The letters of a printed report are words too.
    assert [r.name for r in caplog.records if r.name.startswith("fontTools")] == []


def test_a_result_is_kept_only_with_an_account_and_consent(client):
    talk = seal(told("en", "I have a cough", "stop"))
    assert client.post("/health/chat/keep/", {"talk": talk}).status_code == 302
    assert Assessment.objects.count() == 0
    ada = User.objects.create_user("ada", password=None, age_band="adult")
    client.force_login(ada)
    page = client.post("/health/", {"talk": talk, "do": "show"})
    assert "Keep it in my account" in text_of(page)
    refused = client.post("/health/chat/keep/", {"talk": talk})
    assert refused.status_code == 422
    assert Assessment.objects.count() == 0
    agreed = {"talk": talk, "agree": "1", "version": str(RECORDS.version)}
    kept = client.post("/health/chat/keep/", agreed)
    row = Assessment.objects.get()
    assert kept["Location"] == reverse("health:record", args=[row.public_id])
    assert consents.has_consent(ada, RECORDS.key)
    client.post("/health/chat/keep/", {"talk": talk})
    assert Assessment.objects.count() == 1


def test_the_result_as_a_paper(client):
    paper = client.post("/health/chat/report.pdf", {"talk": seal(told("zh", "咳嗽", "结束"))})
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert "no-store" in paper["Cache-Control"]


def events(body: str) -> list[tuple[str, dict]]:
    blocks = [block.split("\n") for block in body.strip().split("\n\n")]
    return [(event[7:], json.loads(data[6:])) for event, data in blocks]


@pytest.mark.django_db(transaction=True)
def test_a_streamed_turn_says_first_what_was_heard():
    async def ask(**fields):
        client = AsyncClient()
        response = await client.post("/health/", fields, headers={"accept": "text/event-stream"})
        parts = [part async for part in response.streaming_content]
        return b"".join(parts).decode(), len(parts)

    body, parts = asyncio.run(ask(text="I have a headache and a fever"))
    assert parts == 2
    (first, heard), (second, page) = events(body)
    assert (first, second) == ("heard", "page")
    assert "I understood: Headache, Fever" in heard["html"]
    assert "How old" not in heard["html"]
    assert "How old" in page["html"]
    assert page["status"] == 200

    body, _ = asyncio.run(ask(text="I am having a heart attack, crushing chest pain, cold sweat"))
    assert 'href="tel:999"' in events(body)[0][1]["html"]
    body, _ = asyncio.run(ask(talk="broken", text="x"))
    assert events(body)[0][0] == "gone"
    body, _ = asyncio.run(ask(text=" "))
    assert [event for event, _ in events(body)] == ["page"]
    assert events(body)[0][1]["status"] == 422


def test_a_killed_process_goes_on_at_the_same_question(client):
    from moongate.health.talk.replaying import forget

    page = send(client, text="I have a headache")
    page = send(client, page, years="30")
    forget()
    assert asked(send(client, page, do="show")) == asked(page)


def test_an_alarm_seen_once_is_not_forgotten_by_sending_it_again(client):
    talk = told("en", "I want to end my life")
    talk = append(engine(), talk, Seen(what="crisis"))
    page = client.post("/health/", {"talk": seal(talk), "do": "seen"})
    assert open_token(state(page)["talk"]).steps == talk.steps
