"""The melodies a page may have; the browser plays them (`client/social-pages/tunes.ts`)."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

TUNES = MappingProxyType(
    {
        "moonrise": _("Moonrise over the water"),
        "willow": _("Under the willow"),
        "teahouse": _("The tea-house at noon"),
        "lanterns": _("Lanterns on the bridge"),
    }
)
