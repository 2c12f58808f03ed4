"""The page that says what to do when WeChat let nobody in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from moongate.accounts.wechat.client import Reason

STATUS = {
    Reason.CANCELLED: 400,
    Reason.OUT_OF_DATE: 400,
    Reason.STALE: 400,
    Reason.SNAPSHOT: 403,
    Reason.BUSY: 503,
    Reason.UNREACHABLE: 503,
    Reason.UNREADABLE: 503,
    Reason.SET_UP: 503,
}


def fault_page(request: HttpRequest, reason: Reason) -> HttpResponse:
    """A page in words, with the way on."""
    title, text = _words(reason)
    context = {"title": title, "text": text, "may_try": reason is not Reason.SET_UP}
    return render(request, "account/wechat_fault.html", context, status=STATUS[reason])


def _words(reason: Reason) -> tuple[str, str]:
    if reason is Reason.CANCELLED:
        return (
            _("You did not sign in with WeChat"),
            _("WeChat says that you declined. Try again, or use another way in."),
        )
    if reason is Reason.OUT_OF_DATE:
        return (
            _("This sign-in is out of date"),
            _("It was begun in another browser, too long ago, or is finished. Begin it again."),
        )
    if reason is Reason.STALE:
        return (
            _("WeChat’s permission was used up"),
            _("It counts once and for a few minutes. Begin again, and do not reload in between."),
        )
    if reason is Reason.SNAPSHOT:
        return (
            _("This is only WeChat’s preview"),
            _("Touch “Use full service” (使用完整服务) at the bottom, then sign in once more."),
        )
    if reason is Reason.SET_UP:
        return (
            _("WeChat does not know this site"),
            _("Whoever runs it must check its WeChat settings. Use another way in meanwhile."),
        )
    return (
        _("WeChat does not answer"),
        _("It may be busy. Wait a minute and try again, or use another way in."),
    )
