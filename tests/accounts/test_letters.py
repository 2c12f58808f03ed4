"""Letters: they arrive by either back end, and their links work once and not for ever."""

import re
import socketserver
import threading
import time
from email import message_from_bytes, policy

import pytest
from allauth.account.models import EmailAddress
from django.core import mail, signing
from django.core.cache import cache
from django.urls import reverse

from moongate.accounts.models import User
from moongate.site import environment

pytestmark = pytest.mark.django_db
PASSWORD = "enchantress-of-numbers"
DAY_S = 24 * 3600


class Postbox(socketserver.StreamRequestHandler):
    """As much of SMTP as a sender needs: greets, takes a letter, says goodbye."""

    def handle(self) -> None:
        self.say("220 postbox")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"QUIT":
                self.say("221 bye")
                return
            if word == b"DATA":
                self.say("354 go on")
                self.server.letters.append(self.letter())
            self.say("250 fine")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)


@pytest.fixture
def postbox():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postbox) as server:
        server.daemon_threads = True
        server.letters = []
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def no_tries_counted():
    cache.clear()


def sign_up(client):
    data = {"username": "ada", "email": "ada@example.org", "password1": PASSWORD}
    return client.post(reverse("account_signup"), data)


def link_in(text):
    return re.search(r"http://testserver(/accounts/confirm-email/\S+)", text)[1]


def is_confirmed():
    return EmailAddress.objects.get(email="ada@example.org").verified


def use_backend(settings, environ):
    for name, value in environment.mail(environ).items():
        setattr(settings, name, value)


def test_a_letter_goes_out_by_smtp(client, settings, postbox):
    use_backend(settings, {"MOONGATE_SMTP_URL": f"smtp://127.0.0.1:{postbox.server_address[1]}"})
    assert sign_up(client).status_code == 302
    (raw,) = postbox.letters
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["To"] == "ada@example.org"
    assert letter["From"] == settings.DEFAULT_FROM_EMAIL
    client.post(link_in(letter.get_body(("plain",)).get_content()))
    assert is_confirmed()


def test_without_a_server_the_letter_is_on_the_terminal(client, settings, capsys):
    use_backend(settings, {})
    assert sign_up(client).status_code == 302
    client.post(link_in(capsys.readouterr().out))
    assert is_confirmed()


def test_a_server_that_is_away_does_not_stop_the_sign_up(client, settings, postbox):
    port = postbox.server_address[1]
    postbox.shutdown()
    postbox.server_close()
    use_backend(settings, {"MOONGATE_SMTP_URL": f"smtp://127.0.0.1:{port}"})
    assert sign_up(client).status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(username="ada").pk)
    assert not is_confirmed()


def test_looking_at_a_link_confirms_nothing(client):
    sign_up(client)
    link = link_in(mail.outbox[0].body)
    assert "Yes, confirm it" in client.get(link).content.decode()
    assert not is_confirmed()


def test_a_link_works_once(client):
    sign_up(client)
    link = link_in(mail.outbox[0].body)
    client.post(link)
    assert is_confirmed()
    page = client.get(link)
    assert "expired or was used before" in page.content.decode()
    assert client.post(link).status_code in {200, 404}


def test_a_link_expires(client, monkeypatch):
    sign_up(client)
    link = link_in(mail.outbox[0].body)
    now = time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 3 * DAY_S + 1)
    assert "expired or was used before" in client.get(link).content.decode()
    client.post(link)
    assert not is_confirmed()


def test_a_made_up_link_says_so(client):
    page = client.get("/accounts/confirm-email/MQ:1abcde:AAAAAAAAAAAAAAAAAAAAAAAAAAA/")
    assert "expired or was used before" in page.content.decode()
