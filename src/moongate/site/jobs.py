"""The worker: a thread of the same process that does what outlives a request.

On a cluster `MOONGATE_WORKER=0` turns it off, and `moongate manage db_worker` works elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

INTERVAL_S = 0.5
STOP_WAIT_S = 5.0

log = structlog.get_logger(__name__)


def resume() -> int:
    """Put back on the queue what a stopped worker left; answers how much."""
    from moongate.accounts import tasks as accounts
    from moongate.health import tasks as health
    from moongate.health.wechat import tasks as wechat
    from moongate.social import tasks as social

    return accounts.resume() + social.resume() + health.resume() + wechat.resume()


@contextmanager
def working(enabled: bool) -> Iterator[None]:
    """A worker for as long as the block runs; a task that is under way may end within 5 s."""
    if not enabled:
        yield
        return
    from django.db import connection
    from django_tasks_db.management.commands.db_worker import Worker

    resumed = resume()
    connection.close()
    if resumed:
        log.info("jobs resumed", jobs=resumed)
    worker = Worker(
        queue_names=["*"],
        interval=INTERVAL_S,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="moongate",
        excluded_queue_names=[],
    )
    thread = threading.Thread(target=_work, args=(worker,), name="moongate-worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.running = False
        thread.join(STOP_WAIT_S)


def _work(worker) -> None:
    from django.db import connection

    while worker.running:
        try:
            worker.run()
        except Exception:
            # A fault of the database must not end the work for good.
            log.exception("the worker stumbled")
            threading.Event().wait(INTERVAL_S)
    connection.close()
