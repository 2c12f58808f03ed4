"""People and pages are saved by the floor below and by forms; the search listens, as it must."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from moongate.social.models import Page
from moongate.social.search.entries import index

READ = frozenset(
    {"display_name", "name_latin", "name_chinese", "is_private", "is_findable", "is_guest"}
)


@receiver(post_save, sender=settings.AUTH_USER_MODEL, dispatch_uid="social-search-person")
def person_saved(
    instance: Any,
    created: bool = False,
    update_fields: Any = None,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    """What a person is found by may have changed; a sign-in changes nothing of it."""
    is_new_guest = created and instance.is_guest
    if not raw and not is_new_guest and (update_fields is None or READ & set(update_fields)):
        index(instance)


@receiver(post_save, sender=Page, dispatch_uid="social-search-page")
def page_saved(instance: Page, update_fields: Any = None, raw: bool = False, **kwargs: Any) -> None:
    if not raw and (update_fields is None or {"about", "is_private"} & set(update_fields)):
        index(instance.owner)
