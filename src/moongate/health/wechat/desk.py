"""The threads that answer messages while their requests wait, or go on after those have gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from django.db import close_old_connections, connection

from moongate.health import serving

THREADS = 4  # the engine holds one core at a time; more threads would only take turns
WAITING_MOST = 256

log = structlog.get_logger(__name__)
_lock = threading.Lock()
_pool: ThreadPoolExecutor | None = None
_waiting = 0
_warm = False


def submit(job: Callable[[int], None], pk: int) -> Future[None] | None:
    """Have `job(pk)` done by a thread; None when too many wait already."""
    global _pool, _waiting
    with _lock:
        if _waiting >= WAITING_MOST:
            return None
        if _pool is None:
            _pool = ThreadPoolExecutor(THREADS, thread_name_prefix="wechat")
        _waiting += 1
        return _pool.submit(_work, job, pk)


def warm_up() -> None:
    """Have the engine made, once a process, before the first answer needs it."""
    global _warm
    with _lock:
        if _warm:
            return
        _warm = True
    threading.Thread(target=_warm_up, name="wechat-warm-up", daemon=True).start()


def _warm_up() -> None:
    try:
        engine = serving.engine()
        engine.tell(engine.begin(lang="zh"), "头痛")
    except Exception:
        log.exception("the engine is not ready")
    finally:
        connection.close()


def _work(job: Callable[[int], None], pk: int) -> None:
    global _waiting
    try:
        close_old_connections()
        job(pk)
    except Exception:
        # The row stands in the database: WeChat comes again, or the next start takes it up.
        log.exception("a message from wechat was not answered")
    finally:
        connection.close()
        with _lock:
            _waiting -= 1
