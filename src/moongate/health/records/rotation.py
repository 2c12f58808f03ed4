"""Sealing everything anew under the newest key: resumable, and harmless when done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import transaction

from moongate.health.records.keyring import (
    KeyFileError,
    Keyring,
    key_name,
    name_of,
    new_key,
    read_keys,
    write_key_file,
)
from moongate.health.records.sealed import SealedModel
from moongate.health.records.sealing import keyring, seal, unseal

CHUNK = 200
Progress = Callable[[int, int], None]


def sealed_models() -> list[type[SealedModel]]:
    """Every model with sealed fields."""
    return [model for model in apps.get_models() if issubclass(model, SealedModel)]


def reseal(progress: Progress = lambda done, total: None) -> int:
    """Seal under the newest key whatever an older one sealed; answers how many fields.

    Each row is its own short transaction, so a stop in the middle loses nothing: the next call
    finds what is left. Raises SealError naming the first field that no key here opens.
    """
    newest = keyring().newest
    total = sum(model._base_manager.count() for model in sealed_models())
    done = count = 0
    for model in sealed_models():
        for keys in _chunks(model):
            for row in model._base_manager.filter(pk__in=keys):
                if any(_is_older(row, field, newest) for field in model.SEALED):
                    count += _reseal_row(model, row.pk, newest)
                done += 1
            progress(done, total)
    return count


def keys_in_use() -> dict[bytes, int]:
    """How many sealed fields each key holds, by the key's name."""
    found: dict[bytes, int] = {}
    for model in sealed_models():
        rows = model._base_manager.values_list(*model.SEALED)
        for row in rows.iterator(chunk_size=CHUNK):
            for sealed in filter(None, row):
                name = key_name(bytes(sealed))
                found[name] = found.get(name, 0) + 1
    return found


def add_key() -> None:
    """Put a new key first in the key file. Raises KeyFileError where the keys come otherwise."""
    ring = keyring()
    _write(read_keys([new_key()], "the new key").keys + ring.keys)


def forget_old_keys() -> int:
    """Take the keys that seal nothing any more out of the key file; answers how many.

    The newest always stays. A copy of the database from before needs the keys of its day.
    """
    used = keys_in_use()
    ring = keyring()
    kept = tuple(key for key in ring.keys if key == ring.keys[0] or name_of(key) in used)
    if len(kept) < len(ring.keys):
        _write(kept)
    return len(ring.keys) - len(kept)


def _write(keys: tuple[bytes, ...]) -> None:
    if settings.HEALTH_KEYS:
        raise KeyFileError(
            "the keys come from MOONGATE_HEALTH_KEYS: change them there (newest first), start "
            "again, and run `moongate health rotate-keys`"
        )
    write_key_file(Path(settings.HEALTH_KEY_FILE), Keyring(keys))


def _chunks(model: type[SealedModel]) -> Iterator[list[int]]:
    last = 0
    while True:
        rows = model._base_manager.filter(pk__gt=last).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:CHUNK])
        if not keys:
            return
        yield keys
        last = keys[-1]


def _is_older(row: SealedModel, field: str, newest: bytes) -> bool:
    sealed = bytes(getattr(row, field) or b"")
    return bool(sealed) and key_name(sealed) != newest


def _reseal_row(model: type[SealedModel], pk: int, newest: bytes) -> int:
    with transaction.atomic():
        row = model._base_manager.select_for_update().filter(pk=pk).first()
        if row is None:
            return 0
        stale = [field for field in model.SEALED if _is_older(row, field, newest)]
        for field in stale:
            place = row.place(field)
            setattr(row, field, seal(unseal(getattr(row, field), place), place))
        row.save(update_fields=stale)
    return len(stale)
