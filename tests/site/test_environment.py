"""What the environment may say, and the words it gets when it is wrong."""

import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from moongate.site import environment


def test_the_secret_key_is_made_once_and_is_private(tmp_path):
    first = environment.secret_key(tmp_path, {})
    second = environment.secret_key(tmp_path, {})
    file = tmp_path / environment.SECRET_KEY_FILE
    assert first == second == file.read_text()
    assert len(first) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [environment.SECRET_KEY_FILE]


def test_a_given_secret_key_is_used_and_must_be_long(tmp_path):
    assert environment.secret_key(tmp_path, {"MOONGATE_SECRET_KEY": "k" * 40}) == "k" * 40
    with pytest.raises(ImproperlyConfigured, match="at least 32 characters"):
        environment.secret_key(tmp_path, {"MOONGATE_SECRET_KEY": "short"})
    assert list(tmp_path.iterdir()) == []


def test_an_empty_key_file_is_not_taken_for_a_key(tmp_path):
    (tmp_path / environment.SECRET_KEY_FILE).write_text("")
    with pytest.raises(ImproperlyConfigured, match="does not hold a key"):
        environment.secret_key(tmp_path, {})


def test_the_home_is_made_private(tmp_path):
    home = environment.data_home({"MOONGATE_HOME": str(tmp_path / "a" / "home")})
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_home_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(environment.HomeError, match="Set MOONGATE_HOME"):
        environment.data_home({"MOONGATE_HOME": str(tmp_path / "file" / "home")})


@pytest.mark.parametrize(
    ("word", "meaning"), [("1", True), ("true", True), ("", False), ("0", False), ("off", False)]
)
def test_a_flag_is_yes_or_no(word, meaning):
    assert environment.flag("X", {"X": word}) is meaning


def test_a_flag_that_is_neither_is_refused_by_name():
    with pytest.raises(ImproperlyConfigured, match=r"MOONGATE_DEBUG must be 1 or 0.*'maybe'"):
        environment.flag("MOONGATE_DEBUG", {"MOONGATE_DEBUG": "maybe"})


def test_the_database_is_sqlite_in_the_home_by_default(tmp_path):
    assert environment.database(tmp_path, {})["NAME"] == str(tmp_path / "db.sqlite3")


def test_a_sqlite_address_names_a_file(tmp_path):
    url = {"DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}
    assert environment.database(tmp_path, url)["NAME"] == f"{tmp_path}/other.db"
    with pytest.raises(ImproperlyConfigured, match="names no file"):
        environment.database(tmp_path, {"DATABASE_URL": "sqlite://"})


def test_postgres_without_its_driver_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match="pip install"):
        environment.database(tmp_path, {"DATABASE_URL": "postgres://u:p@db/moongate"})


def test_postgres_with_its_driver_is_understood(tmp_path, monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _name: object())
    url = "postgresql://us%40er:p%2Fw@db.example:5433/moon?sslmode=require"
    found = environment.database(tmp_path, {"DATABASE_URL": url})
    assert found["USER"] == "us@er"
    assert found["PASSWORD"] == "p/w"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "moon")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_another_database_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="received: mysql://"):
        environment.database(tmp_path, {"DATABASE_URL": "mysql://db/x"})


def test_mail_goes_to_the_console_unless_there_is_a_server():
    assert environment.mail({})["EMAIL_BACKEND"].endswith("console.EmailBackend")
    found = environment.mail({"MOONGATE_SMTP_URL": "smtp+tls://me:secret@mail.example"})
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", 587)
    assert found["EMAIL_USE_TLS"] is True
    with pytest.raises(ImproperlyConfigured, match="MOONGATE_SMTP_URL"):
        environment.mail({"MOONGATE_SMTP_URL": "http://mail.example"})


def test_a_number_that_is_none_is_refused():
    assert environment.whole_number("N", 3, {}) == 3
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        environment.whole_number("N", 3, {"N": "two"})
