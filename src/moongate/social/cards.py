"""Cards of the other services on a post: a replay, a costume, a look.

Each service registers its kind, since social knows none of them. A renderer is given what the
post names and who looks, and answers a card, or None where there is nothing for them to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
class Deed:
    """Something to do with a card: a word, and an address on this site.

    One that `plays` is a page that this site may frame: it opens over the post. Raises ValueError
    for an address that leads elsewhere.
    """

    word: str
    url: str
    plays: bool = False

    def __post_init__(self) -> None:
        _require_own("url", self.url)


@dataclass(frozen=True)
class Card:
    """What is shown: plain texts, and addresses on this site.

    `url` is where the card leads and `action` the word on that link; `deeds` are more to do, each
    with a button of its own. Raises ValueError, naming the field, for an address that leads
    elsewhere.
    """

    title: str
    text: str = ""
    image_url: str = ""
    url: str = ""
    action: str = ""
    deeds: tuple[Deed, ...] = ()

    def __post_init__(self) -> None:
        for name in ("image_url", "url"):
            address = getattr(self, name)
            if address:
                _require_own(name, address)


def _require_own(name: str, address: str) -> None:
    if not OWN_ADDRESS.fullmatch(address):
        raise ValueError(f"{name} must be a path on this site (received: {address!r})")


Render = Callable[[str, Any, str], Card | None]
MayPost = Callable[[Any, str], bool]
Offer = Callable[[Any], Sequence[str]]


@dataclass(frozen=True)
class _Service:
    render: Render
    may_post: MayPost
    offer: Offer | None


_services: dict[str, _Service] = {}


def register(kind: str, *, render: Render, may_post: MayPost, offer: Offer | None = None) -> None:
    """Have posts carry cards of `kind` (small letters, digits and _, at most 32).

    `render(ref, viewer, lang)` answers the card or None; `may_post(person, ref)` says whether the
    person may share it; `offer(person)` lists what they may, for kinds that are chosen from a list.
    Registered again, the later stands. Raises ValueError for another kind.
    """
    if not KIND.fullmatch(kind):
        raise ValueError(f"kind must be small letters, digits and _ (received: {kind!r})")
    _services[kind] = _Service(render, may_post, offer)


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


def has_some(kind: str, *, to: Any) -> bool:
    """Whether `to` may have cards of `kind` to share: the kind is here, its list not empty."""
    service = _services.get(kind)
    return service is not None and (service.offer is None or bool(service.offer(to)))


def offered(kind: str, *, to: Any, lang: str) -> list[tuple[str, Card]]:
    """What `to` may choose from among cards of `kind`: each one's ref and its card."""
    service = _services.get(kind)
    if service is None or service.offer is None:
        return []
    found = []
    for ref in service.offer(to):
        card = render_card(Post(card_kind=kind, card_ref=ref), viewer=to, lang=lang)
        if card is not None:
            found.append((ref, card))
    return found


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
