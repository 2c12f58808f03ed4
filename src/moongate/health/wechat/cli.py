"""`moongate health wechat-menu`, for the operator."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import Any

Adder = Callable[[Any, str, Any, str], argparse.ArgumentParser]


def register(inner: Any, add: Adder) -> None:
    """Adds the command below `moongate health`."""
    made = add(inner, "wechat-menu", create, "give the Official Account its menu")
    made.add_argument("--lang", choices=("zh", "en"), default="zh", help="(zh)")
    made.add_argument("--show", action="store_true", help="print it, and send nothing")


def create(chosen: argparse.Namespace) -> int:
    """Exit code 1 when WeChat is not set up here, or refuses."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moongate.site.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.urls import reverse

    from moongate.health.wechat.account import NotSetUp, official_account
    from moongate.health.wechat.api.calls import create_menu
    from moongate.health.wechat.api.faults import ApiError
    from moongate.health.wechat.menu import menu

    page = settings.PUBLIC_URL + reverse("health:chat") if settings.PUBLIC_URL else ""
    made = menu(chosen.lang, page)
    if chosen.show:
        print(json.dumps(made, ensure_ascii=False, indent=None if chosen.json else 2))
        return 0
    try:
        create_menu(official_account(), made)
    except (NotSetUp, ApiError) as error:
        if chosen.json:
            print(json.dumps({"error": str(error)}))
        print(f"moongate health: the menu was not made: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"made": True}) if chosen.json else "The menu is made.")
    return 0
