"""Demo content: each floor registers a loader, and `moongate run --demo` calls them all.

A loader must be safe to call again (it adds nothing twice) and must label what it adds as demo.
"""

from __future__ import annotations

from collections.abc import Callable

Loader = Callable[[], None]
_loaders: list[Loader] = []


def register(loader: Loader) -> Loader:
    """Have `loader()` called when demo content is wanted; usable as a decorator."""
    if loader not in _loaders:
        _loaders.append(loader)
    return loader


def load() -> int:
    """Call every registered loader; answers how many there were."""
    for loader in _loaders:
        loader()
    return len(_loaders)
