"""`moongate run` whose WeChat is on loopback, and whose engine is slow while a file says so.

Run as `python -m tests.health.wechat.site_on_loopback PORT`; the variables WECHAT_API_URL and
SLOW_FILE (which holds seconds) say where.
"""

import os
import sys
import time
from pathlib import Path


def main(port: str) -> int:
    from moongate.site.server import set_up_django

    set_up_django()
    from django.conf import settings

    from moongate.health.wechat import answering

    settings.WECHAT_API_URL = os.environ["WECHAT_API_URL"]
    respond = answering.respond

    def slowly(*arguments):
        said = respond(*arguments)
        slow = Path(os.environ["SLOW_FILE"])
        if slow.exists():
            time.sleep(float(slow.read_text()))
        return said

    answering.respond = slowly
    from moongate.cli import main as moongate

    return moongate(["run", "--port", port])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
