"""What every template knows about the house."""

from django.conf import settings

from moongate.site.services import SERVICES

THEMES = ("light", "dark")


def site(request) -> dict:
    theme = request.COOKIES.get("theme")
    return {
        "services": SERVICES,
        "languages": settings.LANGUAGES,
        "theme": theme if theme in THEMES else "",
    }
