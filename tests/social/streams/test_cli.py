"""The command: what it prints, and how it ends."""

import json

import pytest

from moongate.social import cli
from moongate.social.streams.progress import Progress
from tests.social.streams.command import main
from tests.social.streams.lines import commit, dump

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_migrating(monkeypatch):
    monkeypatch.setattr(cli, "_set_up", lambda: None)


def test_it_says_what_it_did(tmp_path, capsys):
    (tmp_path / "lines").write_bytes(dump(commit(), b"{", commit("delete", rkey="two")))
    rejects = str(tmp_path / "aside")
    words = ["social", "import", "jetstream", str(tmp_path / "lines"), "--rejects", rejects]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["posts"], told["deletions"], told["rejects"]) == (1, 1, 1)
    assert told["rejects_file"] == rejects
    assert main([*words, "--from-start"]) == 0
    out = capsys.readouterr().out
    assert "1 posts and 1 deletions from 3 lines" in out
    assert f"1 lines could not be read: {rejects}" in out


def test_a_fault_is_a_sentence_and_no_traceback(tmp_path, capsys):
    assert main(["social", "import", "posts", str(tmp_path / "none"), "--json"]) == 1
    said = capsys.readouterr()
    assert "cannot be read: No such file or directory." in json.loads(said.out)["error"]
    assert said.err.startswith("moongate social: ")
    assert main(["social", "import", "jetstream", "http://127.0.0.1/"]) == 1
    assert "must start with wss://" in capsys.readouterr().err


def test_a_limit_is_a_number(capsys):
    with pytest.raises(SystemExit):
        main(["social", "import", "jetstream", "x", "--limit", "0"])
    assert "a number of 1 or more (received: '0')" in capsys.readouterr().err


def test_progress_is_drawn_on_a_terminal_only():
    class Out:
        def __init__(self, is_terminal):
            self.is_terminal, self.said = is_terminal, ""

        def isatty(self):
            return self.is_terminal

        def write(self, text):
            self.said += text

        def flush(self):
            pass

    terminal, pipe = Out(True), Out(False)
    for out in (terminal, pipe):
        progress = Progress(100, out)
        progress.show("50", 1_234, 5)
        progress.end()
    assert "50%  1,234 posts" in terminal.said
    assert "5 rejected" in terminal.said
    assert pipe.said == ""
