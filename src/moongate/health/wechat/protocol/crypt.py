"""WeChat's AES: 16 random bytes, the length, the message and the AppID, in AES-256-CBC.

The padding is PKCS#7 to blocks of 32 bytes, and the IV is the first half of the key. Nothing in
this authenticates; the signature over the cipher text does, and is checked before.
"""

from __future__ import annotations

import binascii
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from moongate.health.wechat.protocol.faults import Refused

BLOCK = 32
RANDOM_BYTES = 16
LENGTH_BYTES = 4
KEY_CHARACTERS = 43
_KEY = re.compile(r"[A-Za-z0-9]{43}")


class KeyFormatError(ValueError):
    """An EncodingAESKey that is none."""


@dataclass(frozen=True)
class MessageKey:
    """One EncodingAESKey (43 letters and digits) of the account with `app_id`."""

    encoded: str = field(repr=False)
    app_id: str

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.encoded):
            raise KeyFormatError(
                f"an EncodingAESKey has {KEY_CHARACTERS} letters and digits "
                f"(received: {len(self.encoded)} characters)"
            )

    def encrypt(self, message: str) -> str:
        """The message sealed, in base64."""
        text = message.encode()
        whole = b"".join(
            (
                secrets.token_bytes(RANDOM_BYTES),
                len(text).to_bytes(LENGTH_BYTES, "big"),
                text,
                self.app_id.encode(),
            )
        )
        missing = BLOCK - len(whole) % BLOCK
        worker = self._cipher().encryptor()
        sealed = worker.update(whole + bytes([missing]) * missing) + worker.finalize()
        return b64encode(sealed).decode()

    def decrypt(self, sealed: str) -> bytes:
        """The message. Raises Refused, always alike: wrong key, wrong AppID, cut or changed."""
        try:
            cipher_text = b64decode(sealed.encode("ascii"), validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise Refused("cipher text") from None
        if not cipher_text or len(cipher_text) % BLOCK:
            raise Refused("cipher text")
        worker = self._cipher().decryptor()
        whole = worker.update(cipher_text) + worker.finalize()
        missing = whole[-1]
        if not 1 <= missing <= BLOCK or whole[-missing:] != bytes([missing]) * missing:
            raise Refused("cipher text")
        head = RANDOM_BYTES + LENGTH_BYTES
        body = whole[head:-missing]
        length = int.from_bytes(whole[RANDOM_BYTES:head], "big")
        if length > len(body) or not hmac.compare_digest(body[length:], self.app_id.encode()):
            raise Refused("cipher text")
        return body[:length]

    def _cipher(self) -> Cipher[modes.CBC]:
        key = b64decode(self.encoded + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
