"""Run by test_audit.py in its own process, on a database in a real file: four threads write to
the audit log at once. Prints what a walk along it finds, as JSON."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import django

WRITERS = 4
EACH = 20


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from moongate.accounts import audit

    call_command("migrate", verbosity=0)
    gate = threading.Barrier(WRITERS)

    def write(writer: int) -> None:
        gate.wait(timeout=20)
        try:
            for number in range(EACH):
                audit.write(
                    "thing.done", area="accounts", details={"writer": writer, "number": number}
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    verdict = audit.verify()
    print(json.dumps({"entries": verdict.entries, "fault": verdict.fault and verdict.fault.reason}))


if __name__ == "__main__":
    main()
