"""The profile: what a person is called in either script, the languages they speak, a picture."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from moongate.accounts.models import User

# By BCP 47, each by its own name, as its speakers look for it.
LANGUAGES = MappingProxyType(
    {
        "en": "English",
        "cmn": "普通话",
        "yue": "粵語",
        "nan": "閩南語",
        "wuu": "吴语",
        "hak": "客家話",
        "cy": "Cymraeg",
        "gd": "Gàidhlig",
        "ga": "Gaeilge",
        "ar": "العربية",
        "bn": "বাংলা",
        "de": "Deutsch",
        "es": "Español",
        "fr": "Français",
        "hi": "हिन्दी",
        "it": "Italiano",
        "ja": "日本語",
        "ko": "한국어",
        "pa": "ਪੰਜਾਬੀ",
        "pl": "Polski",
        "pt": "Português",
        "ru": "Русский",
        "ur": "اردو",
        "vi": "Tiếng Việt",
        "bfi": "British Sign Language",
        "csl": "中国手语",
    }
)


def change_profile(
    person: User, *, name_latin: str, name_chinese: str, languages: Iterable[str]
) -> None:
    """Keep names (either may be empty) and languages (codes of LANGUAGES, kept in its order).

    Raises ValidationError that names the field, and then changes nothing.
    """
    chosen = set(languages)
    if unknown := chosen - set(LANGUAGES):
        raise ValidationError(
            {
                "languages": gettext("Choose from the list (received: {codes}).").format(
                    codes=", ".join(sorted(unknown))[:80]
                )
            }
        )
    fields = {
        "name_latin": _spaced(name_latin),
        "name_chinese": _spaced(name_chinese),
        "languages": [code for code in LANGUAGES if code in chosen],
    }
    fresh = User(**fields)
    fresh.clean_fields(exclude=[f.name for f in User._meta.fields if f.name not in fields])
    for name, value in fields.items():
        setattr(person, name, value)
    person.save(update_fields=list(fields))


def set_avatar(person: User, photo: UUID | None) -> None:
    """Show the photo of that public id with the person, or none.

    Accounts know no photos: the caller has looked that it is the person's own and may be shown.
    """
    person.avatar = photo
    person.save(update_fields=["avatar"])


def _spaced(name: str) -> str:
    return " ".join(name.split())
