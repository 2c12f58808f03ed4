"""The Mini Program's door: a code from `wx.login` for the address that its web-view opens."""

from __future__ import annotations

import json

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from moongate.accounts.addresses import household
from moongate.health.records.limits import admit
from moongate.health.wechat.account import NotSetUp, mini_program
from moongate.health.wechat.api.calls import mini_identity
from moongate.health.wechat.api.faults import ApiError, Reason
from moongate.health.wechat.links import Entry, make_link
from moongate.health.wechat.people import remember_openid
from moongate.social.errors import TooManyError

BODY_MAX = 2_048
STATUS = {Reason.CODE: 400, Reason.BLOCKED: 403, Reason.QUOTA: 429}
MEND = {
    Reason.CODE: "code: wrong, used or too old. Call wx.login again and send what it gives.",
    Reason.BLOCKED: "WeChat does not let this person sign in.",
    Reason.QUOTA: "Too many sign-ins at once. Try again in a minute.",
}
log = structlog.get_logger(__name__)


@csrf_exempt  # no cookie counts here: who comes is what WeChat says of the code
@require_POST
@never_cache
@sensitive_variables()
def mini_session(request: HttpRequest) -> JsonResponse:
    """`{"code": …}` → `{"url": …}`, which opens once; WeChat's own faults are 503."""
    try:
        app = mini_program()
    except NotSetUp:
        raise Http404 from None
    if not settings.PUBLIC_URL:
        raise Http404
    try:
        admit("mini", household(request.META.get("REMOTE_ADDR", "")))
    except TooManyError as error:
        answer = _refused(429, "Too many sign-ins from here. Try again later.")
        answer["Retry-After"] = str(error.retry_after_s)
        return answer
    code = _code(request.body)
    if not code:
        return _refused(400, 'Send JSON with the code from wx.login: {"code": "…"}.')
    try:
        identity = mini_identity(app, code)
    except ApiError as error:
        log.warning("no session of the mini program", reason=error.reason.value, code=error.code)
        mend = MEND.get(error.reason, "WeChat does not answer. Try again in a minute.")
        return _refused(STATUS.get(error.reason, 503), mend)
    remember_openid(app.app_id, identity.openid, identity.unionid)
    entry = Entry(app.app_id, identity.openid, identity.unionid)
    return JsonResponse({"url": settings.PUBLIC_URL + make_link(entry)})


def _code(body: bytes) -> str:
    """The code in the body; empty where there is none."""
    if len(body) > BODY_MAX:
        return ""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = told.get("code") if isinstance(told, dict) else None
    return code if isinstance(code, str) else ""


def _refused(status: int, mend: str) -> JsonResponse:
    return JsonResponse({"mend": mend}, status=status)
