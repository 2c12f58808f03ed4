"""Keys that seal health data: AES-256-GCM, newest key first, each sealed text bound to its place.

A sealed text is one byte of format, eight bytes that name the key, twelve of nonce, then the
cipher text with its tag. What it belongs to (`context`: model, field, row) is authenticated, so a
sealed text moved to another row or field does not open.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
KEY_BYTES = 32
NAME_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
HEAD = len(FORMAT) + NAME_BYTES
LEAST = HEAD + NONCE_BYTES + TAG_BYTES


class SealError(ValueError):
    """A sealed text that does not open: changed, moved, or sealed with a key that is not here."""


class KeyUnknownError(SealError):
    """The key that sealed it is not on the ring."""


class KeyFileError(ValueError):
    """Keys that cannot be used; names where they stand and the mend."""


@dataclass(frozen=True)
class Keyring:
    """Keys of 32 bytes, newest first. The first seals; all of them open."""

    keys: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.keys:
            raise KeyFileError("there must be at least one key")
        for place, key in enumerate(self.keys, start=1):
            if len(key) != KEY_BYTES:
                raise KeyFileError(
                    f"key {place} must have {KEY_BYTES} bytes (received: {len(key)}); "
                    "make one with `moongate health rotate-keys --new-key`"
                )
        if len(set(self.keys)) != len(self.keys):
            raise KeyFileError("a key stands twice; remove one")

    @property
    def newest(self) -> bytes:
        """The name of the key that seals."""
        return name_of(self.keys[0])

    def seal(self, plain: bytes, context: str) -> bytes:
        """The sealed text; `context` says where it belongs and must be given again to open it."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        head = FORMAT + self.newest
        return head + nonce + AESGCM(self.keys[0]).encrypt(nonce, plain, _bound(head, context))

    def unseal(self, sealed: bytes, context: str) -> bytes:
        """What was sealed for that place. Raises SealError, without a word of what it held."""
        name = key_name(sealed)
        for key in self.keys:
            if name_of(key) == name:
                break
        else:
            raise KeyUnknownError(
                f"the key {name.hex()} that sealed {context} is not here; put it back"
            )
        nonce, cipher = sealed[HEAD : HEAD + NONCE_BYTES], sealed[HEAD + NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, cipher, _bound(sealed[:HEAD], context))
        except InvalidTag:
            raise SealError(f"{context} was changed, or does not belong there") from None


def key_name(sealed: bytes) -> bytes:
    """Which key sealed this. Raises SealError for bytes that are no sealed text."""
    if len(sealed) < LEAST or sealed[: len(FORMAT)] != FORMAT:
        raise SealError("these bytes are no sealed text")
    return sealed[len(FORMAT) : HEAD]


def name_of(key: bytes) -> bytes:
    """Eight bytes that tell a key from others and nothing about it."""
    return hashlib.sha256(b"moongate health key\0" + key).digest()[:NAME_BYTES]


def new_key() -> str:
    """A fresh key as it is written in the environment or the key file."""
    return urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def read_keys(words: Sequence[str], where: str) -> Keyring:
    """The ring of keys as written, newest first. Raises KeyFileError naming `where` they stand."""
    keys = []
    for place, word in enumerate(words, start=1):
        try:
            keys.append(urlsafe_b64decode(word.encode("ascii")))
        except (NotBase64, ValueError):
            raise KeyFileError(f"{where}: key {place} is not URL-safe base64") from None
    try:
        return Keyring(tuple(keys))
    except KeyFileError as error:
        raise KeyFileError(f"{where}: {error}") from None


def ensure_key_file(path: Path) -> None:
    """Make the key file, mode 0600, with one key where there is none yet."""
    if path.exists():
        return
    draft = _draft(path, [new_key()])
    try:
        # Two processes starting together agree on one file.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def read_key_file(path: Path) -> Keyring:
    """The ring in a file of one key a line, newest first; lines with # are remarks."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path} cannot be read: {error}") from None
    return read_keys([line for line in lines if line and not line.startswith("#")], str(path))


def write_key_file(path: Path, ring: Keyring) -> None:
    """Put a file of these keys in the place of the old one, in one step."""
    os.replace(_draft(path, [urlsafe_b64encode(key).decode() for key in ring.keys]), path)


def _draft(path: Path, keys: Sequence[str]) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    text = "# Keys that seal health records, newest first. Without them the records are lost.\n"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft


def _bound(head: bytes, context: str) -> bytes:
    return b"moongate.health\0" + head + context.encode()
