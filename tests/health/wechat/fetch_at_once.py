"""Run by test_api.py in its own process, on a database in a real file: six threads want the access
token at once. Prints what each was given, as JSON."""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import django

MANY = 6


def main(api_url: str) -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from moongate.health.wechat.account import WeChatApp
    from moongate.health.wechat.api.access import access_token
    from tests.health.wechat.peer import APP_ID, SECRET

    settings.WECHAT_API_URL = api_url
    call_command("migrate", "health_wechat", verbosity=0)
    together = threading.Barrier(MANY)

    def ask(_number: int) -> str:
        together.wait(timeout=20)
        try:
            return access_token(WeChatApp(APP_ID, SECRET))
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        print(json.dumps(list(pool.map(ask, range(MANY)))))


if __name__ == "__main__":
    main(sys.argv[1])
