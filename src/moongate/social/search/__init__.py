"""Search of posts and people in both languages; see `entries` (what is kept) and `asking`."""

from moongate.social.search.asking import Hit, Page, search
from moongate.social.search.base import CursorError
from moongate.social.search.entries import index, prepare, rebuild, remove
from moongate.social.search.tokens import Snippet

__all__ = [
    "CursorError",
    "Hit",
    "Page",
    "Snippet",
    "index",
    "prepare",
    "rebuild",
    "remove",
    "search",
]
