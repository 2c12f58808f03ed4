"""Cards of the other services on a post: a replay, a costume, a look.

Each service registers its kind, since social knows none of them. A renderer is given what the
post names and who looks, and answers a card, or None where there is nothing for them to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.utils.translation import gettext as _

from moongate.social.errors import InvalidError, NotFoundError
from moongate.social.models import Post

KIND = re.compile(r"[a-z][a-z0-9_]{0,31}")
REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
OWN_ADDRESS = re.compile(r"/(?![/\\])[^\s\x00-\x1f\\]*")

log = structlog.get_logger("moongate.social")


@dataclass(frozen=True)
class Card:
    """What is shown: plain texts, and addresses on this site. `action` is the word on the link.

    Raises ValueError, naming the field, for an address that leads elsewhere.
    """

    title: str
    text: str = ""
    image_url: str = ""
    url: str = ""
    action: str = ""

    def __post_init__(self) -> None:
        for name in ("image_url", "url"):
            address = getattr(self, name)
            if address and not OWN_ADDRESS.fullmatch(address):
                raise ValueError(f"{name} must be a path on this site (received: {address!r})")


Render = Callable[[str, Any, str], Card | None]
MayPost = Callable[[Any, str], bool]


@dataclass(frozen=True)
class _Service:
    render: Render
    may_post: MayPost


_services: dict[str, _Service] = {}


def register(kind: str, *, render: Render, may_post: MayPost) -> None:
    """Have posts carry cards of `kind` (small letters, digits and _, at most 32).

    `render(ref, viewer, lang)` answers the card or None; `may_post(person, ref)` says whether the
    person may share it. Registered again, the later stands. Raises ValueError for another kind.
    """
    if not KIND.fullmatch(kind):
        raise ValueError(f"kind must be small letters, digits and _ (received: {kind!r})")
    _services[kind] = _Service(render, may_post)


def kinds() -> list[str]:
    """The kinds that can be posted."""
    return sorted(_services)


def require_card(kind: str, ref: str, *, by: Any) -> None:
    """A card that `by` may share, or none (both empty). Raises InvalidError or NotFoundError."""
    if not kind and not ref:
        return
    service = _services.get(kind)
    if service is None:
        reason = _("card_kind: there is no card of the kind “{kind}”.").format(kind=kind[:32])
        raise InvalidError(reason, _("Leave the card out."), field="card_kind")
    if not REF.fullmatch(ref) or not service.may_post(by, ref):
        reason = _("card_ref: there is nothing of that name that you could share.")
        raise NotFoundError(reason, _("Share it from its own page."), field="card_ref")


def render_card(post: Post, *, viewer: Any, lang: str) -> Card | None:
    """The post's card, or None: without one, of a kind not here, not for them, or broken."""
    service = _services.get(post.card_kind)
    if service is None:
        return None
    try:
        return service.render(post.card_ref, viewer, lang)
    except Exception:
        # One service's fault must not take a whole timeline down.
        log.exception("card not rendered", kind=post.card_kind)
        return None
