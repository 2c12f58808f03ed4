"""The address that WeChat's servers call."""

from __future__ import annotations

import time
from concurrent.futures import wait

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from moongate.health.wechat import account, desk, passing, tasks
from moongate.health.wechat.protocol.faults import Refused
from moongate.health.wechat.protocol.gate import ACKNOWLEDGED, Gate, Knock
from moongate.health.wechat.protocol.xml import MAX_BYTES
from moongate.health.wechat.receiving import receive

# WeChat gives up after 5; a busy machine takes up to 2 before and after the waiting.
ANSWER_WITHIN_S = 3.0
SILENT = frozenset({"ignored"})

log = structlog.get_logger(__name__)


class Passing(HttpResponse):
    """An answer that notes when it has gone out whole."""

    def __init__(self, text: str, pk: int) -> None:
        super().__init__(text, content_type="application/xml; charset=utf-8")
        self._pk = pk

    def close(self) -> None:
        super().close()
        passing.note_passed(self._pk)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Verification by GET, messages by POST. Whoever is not WeChat learns nothing but 403."""
    begun = time.monotonic()
    try:
        gate = account.gate()
    except account.NotSetUp:
        raise Http404 from None
    try:
        if request.method == "GET":
            return _plain(gate.echo(request.GET.dict(), time.time()))
        return _message(gate, request, begun + ANSWER_WITHIN_S)
    except Refused as reason:
        log.warning("no message from wechat", reason=str(reason))
        return _plain("forbidden", status=403)


def _message(gate: Gate, request: HttpRequest, deadline: float) -> HttpResponse:
    announced = request.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > MAX_BYTES:
        raise Refused("size")
    knock = gate.receive(request.GET.dict(), request.body, time.time())
    if knock.message.kind in SILENT:
        return _plain(ACKNOWLEDGED)
    # Before the person agrees nothing needs the engine, so there is time to make it.
    desk.warm_up()
    row, is_new, begins = receive(knock)
    if begins:
        tasks.plan_tidying()
    if is_new or row.answered_at is None:
        _answer(row.pk, deadline)
    return _reply(knock, row.pk)


def _answer(pk: int, deadline: float) -> None:
    """Have the message answered, and wait for it as long as WeChat does."""
    under_way = desk.submit(tasks.answer, pk)
    if under_way is None:
        tasks.finish.enqueue(pk)
    else:
        wait([under_way], max(0.0, deadline - time.monotonic()))


def _reply(knock: Knock, pk: int) -> HttpResponse:
    text = passing.take_answer(pk)
    body = knock.answer(text, time.time())
    return Passing(body, pk) if text else _passed(pk)


def _passed(pk: int) -> HttpResponse:
    passing.note_passed(pk)
    return _plain(ACKNOWLEDGED)


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
