"""One line per request, and nothing personal in it."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.urls import reverse

from moongate.site.logs import RouteForPath


@pytest.mark.django_db
def test_a_line_names_the_route_and_not_what_was_sent(client, caplog):
    with caplog.at_level(logging.INFO, logger="moongate.request"):
        response = client.post(
            reverse("account_login") + "?next=/secret-garden/",
            {"login": "ada@example.org", "password": "hunter2hunter2"},
        )
        client.get("/accounts/password/reset/key/1-secretkey/")
    lines = [record.msg for record in caplog.records if record.name == "moongate.request"]
    assert [line["event"] for line in lines] == ["request", "request"]
    assert lines[0]["route"] == "/accounts/login/"
    assert lines[0]["request_id"] == response.headers["X-Request-ID"]
    text = str(lines)
    for secret in ("secret-garden", "ada@example.org", "hunter2", "secretkey", "127.0.0.1"):
        assert secret not in text


def test_a_failed_request_is_named_by_route():
    record = logging.LogRecord("django.request", 40, "f", 1, "Error: %s", ("/key/secret/",), None)
    record.request = type("Request", (), {"resolver_match": None})()
    assert RouteForPath().filter(record)
    assert "secret" not in record.getMessage()


def test_json_lines_are_json_and_tracebacks_show_no_values(tmp_path):
    code = (
        "from moongate.site import logs; logs.configure(); import logging\n"
        "def f():\n    password = 'hunter2'\n    raise ValueError('broken')\n"
        "try:\n    f()\nexcept ValueError:\n    logging.getLogger('x').exception('failed')\n"
    )
    env = os.environ | {"MOONGATE_LOG": "json", "MOONGATE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    line = json.loads(done.stderr)
    assert (line["event"], line["level"], line["logger"]) == ("failed", "error", "x")
    assert "ValueError" in done.stderr
    assert "hunter2" not in done.stderr.replace("password = 'hunter2'", "")
