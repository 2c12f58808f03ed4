"""The site's own pages: home, language, health, faults."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from moongate.race.catalogue import front_words
from moongate.site.health import why_not_ready


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "site/home.html", {"front": front_words()})


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    if reason := why_not_ready():
        return JsonResponse({"status": "not ready", "reason": reason}, status=503)
    return JsonResponse({"status": "ready"})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie, and with the account of whoever is signed in."""
    response = django_set_language(request)
    chosen = request.POST.get("language", "")
    user = request.user
    if user.is_authenticated and chosen in dict(settings.LANGUAGES):
        user.preferred_language = chosen
        user.save(update_fields=["preferred_language"])
    return response


@require_GET
@cache_control(max_age=86400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    hidden = "".join(f"Disallow: {place}\n" for place in ("/accounts/", "/admin/", "/api/"))
    return HttpResponse(f"User-agent: *\n{hidden}", content_type="text/plain; charset=utf-8")


@require_GET
@cache_control(max_age=86400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("site/icon.svg"))


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the house on its home screen."""
    icon = static("site/icon.svg")
    return JsonResponse(
        {
            "name": "Moongate",
            "short_name": "Moongate",
            "description": _("One gate to a race, a studio, a consulting room and a stage."),
            "lang": request.LANGUAGE_CODE,
            "start_url": reverse("home"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#f5f7fa",
            "theme_color": "#1f429a",
            "icons": [
                {
                    "src": icon,
                    "sizes": "any",
                    "type": "image/svg+xml",
                    "purpose": "any",
                },
                {
                    "src": static("site/icon-maskable.svg"),
                    "sizes": "any",
                    "type": "image/svg+xml",
                    "purpose": "maskable",
                },
            ],
        },
        content_type="application/manifest+json",
    )


def _fault(request: HttpRequest, *, status: int, title: str, text: str) -> HttpResponse:
    wants_json = request.path.startswith("/api/")
    if wants_json:
        return JsonResponse({"reason": title, "mend": text}, status=status)
    context = {
        "status": status,
        "title": title,
        "text": text,
        "request_id": getattr(request, "id", ""),
    }
    return render(request, "site/fault.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _fault(
        request,
        status=400,
        title=_("This request could not be understood"),
        text=_("Something in the address or the form was not as expected. Go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _fault(
        request,
        status=403,
        title=_("This gate is closed to you"),
        text=_("You may need to sign in, or to ask somebody with the right to open it."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("The form was open for too long or came from somewhere else. Reload it and try again.")
    if reason == REASON_NO_CSRF_COOKIE:
        text = _("Your browser sent no cookie. Allow cookies for this site, reload and try again.")
    return _fault(request, status=403, title=_("This form could not be trusted"), text=text)


def too_many(request: HttpRequest) -> HttpResponse:
    return _fault(
        request,
        status=429,
        title=_("Too many tries"),
        text=_("To keep accounts safe, this gate rests for a minute. Then try again."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _fault(
        request,
        status=404,
        title=_("Nothing lies beyond this gate"),
        text=_("The page may have moved, or the address has a slip in it."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Must not fail itself, so it draws a page that asks nothing of the database."""
    if request.path.startswith("/api/"):
        return JsonResponse(
            {
                "reason": _("Something broke on our side"),
                "mend": _("Try again in a moment."),
            },
            status=500,
        )
    context = {"request_id": getattr(request, "id", "")}
    return render(None, "500.html", context, status=500)
