"""Run by test_api.py in its own process, on a database of its own in a real file: one drive is sent
four times at once. Prints what was answered, as JSON."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import django

COUNT = 4


def main() -> None:
    django.setup()
    import pytest
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from moongate.accounts.models import User
    from moongate.race.models import Record
    from tests.race.circuit import open_course, replay_file

    setup_test_environment()
    call_command("migrate", verbosity=0)
    open_course(pytest.MonkeyPatch())
    ada = User.objects.create_user("ada", password=None)
    browsers = [Client() for _ in range(COUNT)]
    for browser in browsers:
        browser.force_login(ada)
    file, gate = replay_file(), threading.Barrier(COUNT)

    def upload(browser):
        gate.wait(timeout=20)
        try:
            url = "/api/race/records?track=oval"
            answer = browser.post(url, file, content_type="application/octet-stream")
            return answer.status_code, answer.json()
        finally:
            connection.close()

    with ThreadPoolExecutor(COUNT) as pool:
        answers = list(pool.map(upload, browsers))
    print(json.dumps({"answers": answers, "records": Record.objects.count()}))


if __name__ == "__main__":
    main()
