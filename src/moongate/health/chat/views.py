"""The chat's pages. A page carries its conversation; nothing is kept unless it is asked for."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from moongate.accounts import consents
from moongate.accounts.addresses import household
from moongate.health.assessment import Engine
from moongate.health.chat.acting import act
from moongate.health.chat.pages import Page, context, language, start_context
from moongate.health.chat.streaming import STREAM, streamed
from moongate.health.chat.tokens import TokenError, open_token
from moongate.health.models import Profile
from moongate.health.records.doors import private
from moongate.health.records.keeping import keep
from moongate.health.records.limits import admit
from moongate.health.records.purposes import RECORDS
from moongate.health.records.taking import take_snapshot
from moongate.health.safety.views import stopped
from moongate.health.serving import engine
from moongate.health.talk import Talk, switch
from moongate.health.talk.replaying import assessment_of
from moongate.health.talk.steps import Say
from moongate.social.doors import for_members

PAGE = "health/chat/page.html"


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
@sensitive_post_parameters()
@sensitive_variables()
@private
def chat(request: HttpRequest) -> HttpResponseBase:
    """The first page, or with a form sent what follows it: whole, or as a stream for a script."""
    if request.method != "POST":
        return render(request, "health/chat/start.html", start_context(language()))
    admit("talk", _household(request))
    if not request.POST.get("talk") and (closed := stopped(request)):
        return closed
    if request.headers.get("Accept") == STREAM:
        return streamed(request)
    try:
        page = act(engine(), request.POST)
    except TokenError as error:
        return _gone(request, error)
    return show(request, engine(), page)


def show(request: HttpRequest, made: Engine, page: Page) -> HttpResponse:
    """A whole page of the chat."""
    return render(request, PAGE, context(made, page, request), status=page.status)


def talk_page(request: HttpRequest, talk: Talk) -> HttpResponse:
    """The page of a conversation that came another way, in the reader's language."""
    return show(request, engine(), Page(switch(talk, lang=language())))


@require_POST
@private
def ready(request: HttpRequest) -> HttpResponse:
    """Makes the engine ready while the person still types; answers when it is."""
    admit("ready", _household(request))
    made = engine()
    made.tell(made.begin(), "a sore throat and a little headache since this morning")
    return HttpResponse(status=204)


@require_POST
@sensitive_post_parameters()
@sensitive_variables()
@private
def change_language(request: HttpRequest) -> HttpResponse:
    """The same place in the other language; the choice is remembered as everywhere here."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        chosen = translation.get_language() or settings.LANGUAGE_CODE
    translation.activate(chosen)
    request.LANGUAGE_CODE = chosen
    person = request.user
    if person.is_authenticated:
        person.preferred_language = chosen
        person.save(update_fields=["preferred_language"])
    try:
        page = Page(switch(open_token(request.POST.get("talk", "")), lang=language()))
    except TokenError as error:
        response = _gone(request, error)
    else:
        response = show(request, engine(), page)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response


@require_POST
@sensitive_post_parameters()
@sensitive_variables()
@private
@for_members
def keep_result(request: HttpRequest) -> HttpResponse:
    """Keep the result as a record, with the consent given on the same page where it was missing."""
    try:
        talk = open_token(request.POST.get("talk", ""))
    except TokenError as error:
        return _gone(request, error)
    if "agree" in request.POST:
        version = request.POST.get("version", "")
        shown = int(version) if version.isascii() and version.isdigit() else 0
        try:
            consents.give_consent(request.user, RECORDS.key, version=shown)
        except consents.ConsentError as error:
            return show(request, engine(), Page(talk, error=str(error), status=422))
    elif not consents.has_consent(request.user, RECORDS.key):
        error = _("Tick that you agree to have it kept.")
        return show(request, engine(), Page(talk, error=error, field="agree", status=422))
    row = keep(request.user, talk, profile=_profile(request))
    messages.success(request, _("It is kept, encrypted. You can delete it at any time."))
    return redirect("health:record", row.public_id)


@require_POST
@sensitive_post_parameters()
@sensitive_variables()
@private
def print_result(request: HttpRequest) -> HttpResponse:
    """The result as a PDF, made from what the page carries; nothing is kept."""
    from moongate.health.report.pdf import Heading, report

    admit("print", _household(request))
    try:
        talk = switch(open_token(request.POST.get("talk", "")), lang=language())
    except TokenError as error:
        return _gone(request, error)
    words = [step.text for step in talk.steps if isinstance(step, Say)]
    snapshot = take_snapshot(engine(), assessment_of(engine(), talk), words=words)
    paper = report(snapshot, Heading("", datetime.now(UTC)), talk.lang)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="health-assessment.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _profile(request: HttpRequest) -> Profile | None:
    """The person in care whom it is about, if one was chosen; never somebody else's."""
    chosen = request.POST.get("about", "")
    if not chosen:
        return None
    mine = Profile.objects.filter(guardian=request.user)
    return next((profile for profile in mine if str(profile.public_id) == chosen), None)


def _household(request: HttpRequest) -> str:
    return household(request.META.get("REMOTE_ADDR", ""))


def _gone(request: HttpRequest, error: TokenError) -> HttpResponse:
    told = {"gone": str(error), **start_context(language())}
    status = 410 if error.expired else 422
    return render(request, "health/chat/start.html", told, status=status)
