"""The four services, as data: what is open, what comes later and what it will do."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from moongate.race.catalogue import front_words


@dataclass(frozen=True)
class Service:
    slug: str
    name: Promise
    line: Promise
    text: Promise
    url_name: str = ""

    @property
    def window(self) -> str:
        """The template of its round window."""
        return f"site/window_{self.slug}.svg"

    @property
    def is_open(self) -> bool:
        return bool(self.url_name)

    @property
    def address(self) -> str:
        return reverse(self.url_name) if self.url_name else f"{reverse('home')}#{self.slug}"


def _front_line() -> str:
    """The first edition's own invitation, in the reader's language."""
    return front_words()["line"]


SERVICES = (
    Service(
        slug="race",
        name=_("Race"),
        line=lazy(_front_line, str)(),
        text=_(
            "A kart, a small world, a low warm sun. Learn the drift, fire the nitro, and "
            "chase any ghost on the board: every time on it was driven again by the server "
            "before it counted."
        ),
        url_name="race:home",
    ),
    Service(
        slug="fashion",
        name=_("Fashion"),
        line=_("See what people wear, and design what they will."),
        text=_(
            "A studio for designers: garments read from pictures, colours and patterns counted "
            "week by week, forecasts that show how often they were right, and a costume that "
            "goes straight on to a racer."
        ),
    ),
    Service(
        slug="health",
        name=_("Health"),
        line=_("Say what is wrong, in your own words."),
        text=_(
            "A careful symptom assessment in English and Chinese that asks what matters most, "
            "says how sure it is and why, and tells you what to do now. It is no doctor, and says "
            "so."
        ),
        url_name="health:chat",
    ),
    Service(
        slug="awards",
        name=_("Awards"),
        line=_("For young people with an idea worth proving."),
        text=_(
            "Research awards and scholarships in artificial intelligence and healthcare, from "
            "the open call to the summit's stage, judged fairly and in the open."
        ),
    ),
)
