"""Where a photo's files lie: MEDIA_ROOT/photos/<first two of the id>/<id>/<name>.<ext>.

A photo's files appear all at once or not at all. What a killed process leaves behind is swept.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from moongate.social.models import Photo
from moongate.social.photos.encode import PhotoFile

SETTLED_S = 3600  # younger folders may belong to an upload that is still going on
_DRAFT = ".part"


def photos_root() -> Path:
    return Path(settings.MEDIA_ROOT) / "photos"


def folder_of(public_id: UUID) -> Path:
    return photos_root() / str(public_id)[:2] / str(public_id)


def file_of(public_id: UUID, name: str, ending: str) -> Path:
    """Where a file lies; name and ending are ours, never a visitor's."""
    return folder_of(public_id) / f"{name}.{ending}"


def files_of(photo: Photo) -> list[Path]:
    """All of a photo's files."""
    return [file_of(photo.public_id, size["name"], size["format"]) for size in photo.sizes]


def save_files(public_id: UUID, files: Iterable[PhotoFile]) -> list[dict[str, Any]]:
    """Write the files and say what they are. When anything fails, nothing of them stays."""
    root = photos_root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = root / f"{public_id}{_DRAFT}"
    draft.mkdir(mode=0o700)
    try:
        facts = []
        for file in files:
            (draft / f"{file.name}.{file.format}").write_bytes(file.data)
            facts.append(file.facts())
        folder = folder_of(public_id)
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        os.rename(draft, folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return facts


def erase_files(public_id: UUID) -> None:
    """Delete a photo's files; fine when there are none."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder_of(public_id))


def sweep_orphans(*, now: float | None = None) -> int:
    """Delete folders that belong to no photo and lie still for an hour; says how many.

    `now` is in seconds since 1970. What was not named by us is let alone.
    """
    before = (time.time() if now is None else now) - SETTLED_S
    swept = 0
    for folder in [*photos_root().glob(f"*{_DRAFT}"), *photos_root().glob("??/*")]:
        public_id = _id_of(folder)
        if public_id is None or folder.is_symlink() or not _is_older(folder, before):
            continue
        if folder.suffix == _DRAFT or not Photo.objects.filter(public_id=public_id).exists():
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _id_of(folder: Path) -> UUID | None:
    name = folder.name.removesuffix(_DRAFT)
    try:
        public_id = UUID(name)
    except ValueError:
        return None
    return public_id if str(public_id) == name else None


def _is_older(folder: Path, before: float) -> bool:
    try:
        return folder.stat().st_mtime < before
    except FileNotFoundError:
        return False
