"""What the operator sets up is checked when the house starts, with a sentence that names it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from moongate.health.wechat import account, splitting
from moongate.health.wechat.protocol.crypt import KeyFormatError, MessageKey
from moongate.site import environment
from tests.health.wechat.peer import AES_KEY

ACCOUNT = {"MOONGATE_WECHAT_ACCOUNT_ID": "wx1", "MOONGATE_WECHAT_ACCOUNT_SECRET": "s"}
TOKEN = {"MOONGATE_WECHAT_TOKEN": "moonlight7"}


def test_nothing_set_is_no_channel():
    assert environment.wechat_messages({}) == {"token": "", "aes_keys": []}
    assert environment.wechat_mini_program({}) == {"app_id": "", "secret": ""}
    assert environment.public_url({}) == ""


def test_everything_set_is_read():
    keys = {"MOONGATE_WECHAT_AES_KEY": f"{'N' * 43}, {AES_KEY}"}
    read = environment.wechat_messages(ACCOUNT | TOKEN | keys)
    assert read == {"token": "moonlight7", "aes_keys": ["N" * 43, AES_KEY]}
    mini = {"MOONGATE_WECHAT_MINI_ID": "wx2", "MOONGATE_WECHAT_MINI_SECRET": "t"}
    assert environment.wechat_mini_program(mini) == {"app_id": "wx2", "secret": "t"}
    url = {"MOONGATE_PUBLIC_URL": "https://moongate.example/"}
    assert environment.public_url(url) == "https://moongate.example"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (TOKEN, "MOONGATE_WECHAT_ACCOUNT_ID"),
        (ACCOUNT | {"MOONGATE_WECHAT_TOKEN": "ab"}, "MOONGATE_WECHAT_TOKEN"),
        (ACCOUNT | {"MOONGATE_WECHAT_TOKEN": "with space"}, "MOONGATE_WECHAT_TOKEN"),
        (ACCOUNT | TOKEN | {"MOONGATE_WECHAT_AES_KEY": "short"}, "43 letters and digits"),
        (ACCOUNT | {"MOONGATE_WECHAT_AES_KEY": AES_KEY}, "needs MOONGATE_WECHAT_TOKEN"),
    ],
)
def test_half_a_setting_stops_the_start(wrong, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        environment.wechat_messages(wrong)


def test_half_a_mini_program_and_a_wrong_address_stop_it_too():
    with pytest.raises(ImproperlyConfigured, match="MOONGATE_WECHAT_MINI_SECRET"):
        environment.wechat_mini_program({"MOONGATE_WECHAT_MINI_ID": "wx2"})
    for url in ("moongate.example", "ftp://moongate.example", "https://moongate.example/path"):
        with pytest.raises(ImproperlyConfigured, match="MOONGATE_PUBLIC_URL"):
            environment.public_url({"MOONGATE_PUBLIC_URL": url})


def test_what_is_missing_is_named(settings):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    with pytest.raises(account.NotSetUp, match="MOONGATE_WECHAT_ACCOUNT_ID"):
        account.official_account()
    settings.WECHAT_MINI_PROGRAM = {"app_id": "", "secret": ""}
    with pytest.raises(account.NotSetUp, match="MOONGATE_WECHAT_MINI_ID"):
        account.mini_program()


def test_no_secret_shows_in_a_repr():
    key = MessageKey(AES_KEY, "wx1")
    assert AES_KEY not in repr(key)
    with pytest.raises(KeyFormatError, match="43"):
        MessageKey("short", "wx1")


@pytest.mark.parametrize("text", ["", "短", "头痛。" * 900, "word " * 900, "x" * 5000, "😀" * 1500])
def test_long_texts_are_cut_between_characters_and_lose_nothing(text):
    more = " …"
    pieces = splitting.split(text, more)
    assert all(len(piece.encode()) <= splitting.MAX_BYTES for piece in pieces)
    assert all(piece.endswith(more) for piece in pieces[:-1])
    whole = "".join(piece.removesuffix(more) for piece in pieces)
    assert whole.replace(" ", "") == text.replace(" ", "")
    assert len(pieces) <= len(text.encode()) // (splitting.MAX_BYTES // 2) + 1


def test_texts_are_cut_at_the_end_of_a_paragraph_where_there_is_one():
    text = "a" * 60 + "\n\n" + "b. " * 30
    assert splitting.split(text, "…", 100)[0] == "a" * 60 + "…"
