"""The incident form as a page, for anybody; and the page shown when a version is switched off."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from moongate.accounts.addresses import household
from moongate.health.records.doors import private
from moongate.health.records.limits import admit
from moongate.health.safety.forms import IncidentForm
from moongate.health.safety.incidents import report_incident
from moongate.health.safety.switches import version_is_off
from moongate.health.serving import engine
from moongate.social.doors import given
from moongate.social.errors import SocialError

View = Callable[..., HttpResponse]


def unless_switched_off(view: View) -> View:
    """For pages that begin an assessment: while this version is off, a plain page with the numbers
    to call, status 503."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return stopped(request) or view(request, *args, **kwargs)

    return answer


def stopped(request: HttpRequest) -> HttpResponse | None:
    """The page that says no assessment begins now; None while they may."""
    if not version_is_off(engine().base.edition):
        return None
    return render(request, "health/safety/stopped.html", status=503)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@private
def incident(request: HttpRequest) -> HttpResponse:
    form = IncidentForm(given(request))
    if request.method == "POST" and form.is_valid():
        admit("incident", household(request.META.get("REMOTE_ADDR", "")))
        person = request.user if request.user.is_authenticated else None
        try:
            report_incident(**form.cleaned_data, knowledge=engine().base.edition, reporter=person)
        except SocialError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Thank you. Whoever runs this site reads every report."))
            return redirect("health:incident")
    status = 422 if form.errors else 200
    return render(request, "health/safety/incident.html", {"form": form}, status=status)
