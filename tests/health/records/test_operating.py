"""The operator's commands, and logs in which nobody's health stands."""

import json
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from moongate import cli
from moongate.accounts.consents import give_consent
from moongate.health import records_cli
from moongate.health.assessment import Engine
from moongate.health.models import Assessment
from moongate.health.records import sharing
from tests.health.records.samples import COMPLAINT, changed, member, row_of


@pytest.fixture(autouse=True)
def no_second_set_up(monkeypatch):
    """Django stands already, on the test's own database."""
    monkeypatch.setattr(records_cli, "_set_up", lambda: None)


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = cli.main(["health", *words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.django_db
class TestCommands:
    def test_rotate_keys_says_what_it_did_and_again_does_nothing(self, capsys):
        row_of(member("ada"))
        code, out, _ = run(capsys, "rotate-keys", "--new-key", "--forget-old", "--json")
        told = json.loads(out)
        assert (code, told["resealed"], told["forgotten"]) == (0, 2, 1)
        assert list(told["keys_in_use"].values()) == [2]
        code, out, _ = run(capsys, "rotate-keys", "--json")
        assert json.loads(out) == {**told, "resealed": 0, "forgotten": 0}

    def test_a_lost_key_is_a_line_and_not_a_traceback(self, capsys, settings):
        row_of(member("ada"))
        settings.HEALTH_KEY_FILE.unlink()
        code, _, err = run(capsys, "rotate-keys")
        assert code == 1
        assert err.startswith("moongate health: the key ")
        assert "put it back" in err
        assert "Traceback" not in err

    def test_keys_from_the_environment_are_not_written(self, capsys, settings):
        settings.HEALTH_KEYS = ["bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4="]
        code, _, err = run(capsys, "rotate-keys", "--new-key")
        assert code == 1
        assert "MOONGATE_HEALTH_KEYS: change them there" in err

    def test_research_export_prints_what_was_left_out(self, capsys, tmp_path):
        for number in range(3):
            person = member(f"person{number}")
            give_consent(person, "health_research")
            row_of(person, changed(sex="male" if number else "female"))
        folder = tmp_path / "set"
        code, out, _ = run(capsys, "research-export", str(folder), "--k", "2", "--json")
        told = json.loads(out)
        assert (code, told["cases"], told["suppressed_cells"]) == (0, 2, 1)
        code, _, err = run(capsys, "research-export", str(folder))
        assert (code, "must be a new or empty folder" in err) == (1, True)
        with pytest.raises(SystemExit):
            cli.main(["health", "research-export", "x", "--k", "1"])
        assert "2 or more (received: '1')" in capsys.readouterr().err

    def test_shadow_compares_only_who_agreed(self, capsys, engine, monkeypatch, tmp_path):
        ada, bea = member("ada"), member("bea")
        give_consent(ada, "health_research")
        row_of(ada)
        row_of(bea)
        calm = replace(engine.base, red_flags={})
        other = Engine(calm)
        monkeypatch.setattr(
            Engine, "load", classmethod(lambda cls, folder=None: other if folder else engine)
        )
        (tmp_path / "version.toml").touch()
        code, out, _ = run(capsys, "shadow", str(tmp_path), "--json")
        told = json.loads(out)
        assert told["n"] == told["emergencies"] == 1
        assert code == (1 if told["emergencies_lowered"] else 0)

    def test_shadow_names_the_fault_of_a_folder(self, capsys, tmp_path):
        code, _, err = run(capsys, "shadow", str(tmp_path / "none"))
        assert code == 1
        assert "Traceback" not in err
        assert str(tmp_path / "none") in err


@pytest.mark.django_db
def test_no_log_holds_a_word_of_what_was_said(capfd, caplog):
    ada = member("ada")
    give_consent(ada, "health_sharing")
    row = row_of(ada)
    token = sharing.share(ada, row.public_id, label="Dr Lee", days=1).token
    client = Client(raise_request_exception=False)
    client.force_login(ada)
    address = reverse("health:record", args=[row.public_id])
    with caplog.at_level("DEBUG"):
        assert client.get(address).status_code == 200
        assert client.post(reverse("health:shared", args=[token])).status_code == 200
        form = {"kind": "?", "harm": "none", "words": COMPLAINT}
        assert client.post(reverse("health:incident"), form).status_code == 422
        # A row that was tampered with fails as loudly as can be.
        Assessment.objects.filter(pk=row.pk).update(sealed_snapshot=row.sealed_talk)
        assert client.get(address).status_code == 500
    out, err = capfd.readouterr()
    logged = out + err + caplog.text
    assert "SealError" in logged
    for said in (COMPLAINT, "chest", "胸痛", "Emergency", "Dr Lee", token):
        assert said not in logged
