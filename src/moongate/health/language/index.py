"""The compiled phrases: which finding owns which ideas; kept in the cache folder between runs."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import msgspec


class Compiled(msgspec.Struct, frozen=True):
    """`owners`: ideas in order and the finding they say; `literal` and `spelt`: phrases that count
    only in their very characters or words; `words`: English words that misspellings are mended to.
    """

    owners: list[tuple[tuple[str, ...], str]]
    literal: dict[str, list[str]]
    spelt: dict[str, list[str]]
    words: list[str]


class Claims:
    """Settles which finding a set of ideas belongs to where several say it with the same."""

    def __init__(self, above: Callable[[str, str], bool]) -> None:
        self.literal: dict[str, list[str]] = defaultdict(list)
        self.spelt: dict[str, list[str]] = defaultdict(list)
        self._above = above
        self._owner: dict[tuple[str, ...], tuple[int, str]] = {}
        self._spelt_as: dict[tuple[str, ...], str] = {}

    def stake(self, finding: str, keys: tuple[str, ...], looseness: int, spelt: str) -> None:
        """The parent goes before its attribute, then who says it in fewer words.

        Who loses still has its very words, which outrank shared ideas when they are met.
        """
        claim = (looseness, finding)
        rival = self._owner.get(keys)
        if rival is not None and rival[1] != finding:
            stays = rival <= claim and not self._above(finding, rival[1])
            if stays or self._above(rival[1], finding):
                if spelt:
                    self.spelt[spelt].append(finding)
                return
            if self._spelt_as.get(keys):
                self.spelt[self._spelt_as[keys]].append(rival[1])
        if rival is None or rival[1] != finding or claim < rival:
            self._owner[keys] = claim
            self._spelt_as[keys] = spelt

    def settled(self, words: list[str]) -> Compiled:
        """What came of it."""
        owners = [(keys, finding) for keys, (_, finding) in self._owner.items()]
        return Compiled(owners, dict(self.literal), dict(self.spelt), words)


def kept_index(lexicon: str, said: list[tuple[str, str]], make: Callable[[], Compiled]) -> Compiled:
    """The compiled phrases from the cache, or made and kept.

    The name of the file holds a hash of the phrases, the lexicon and this code. A folder that
    cannot be read or written only costs time.
    """
    file = cache_folder() / f"health-index-{_mark(lexicon, said)}.msgpack"
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=Compiled)
    except (OSError, msgspec.DecodeError):
        compiled = make()
    part = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        for old in file.parent.glob("health-index-*.msgpack"):
            old.unlink(missing_ok=True)
        part.write_bytes(msgspec.msgpack.encode(compiled))
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
    return compiled


def _mark(lexicon: str, said: list[tuple[str, str]]) -> str:
    digest = hashlib.sha256(lexicon.encode())
    for finding, text in said:
        digest.update(f"{finding}\0{text}\0".encode())
    for name in ("index.py", "lexicon.py", "matching.py", "tokens.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """The user's cache folder, by the freedesktop rule."""
    given = os.environ.get("XDG_CACHE_HOME")
    return (Path(given) if given else Path.home() / ".cache") / "moongate"
