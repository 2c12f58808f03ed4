"""Export everything: one ZIP of what all areas hold about a person, made beside the requests."""

from __future__ import annotations

import json
import os
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path, PurePosixPath
from uuid import UUID

import structlog
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from moongate.accounts import audit, personal_data
from moongate.accounts.models import DataExport, User

AREA = "accounts"
KEPT = timedelta(days=7)
PAUSE = timedelta(hours=1)  # between two exports of one person
STALE = timedelta(days=1)  # a draft older than this belongs to a worker that died
COPY_BYTES = 1 << 18
WAITING, READY, FAILED = DataExport.State.WAITING, DataExport.State.READY, DataExport.State.FAILED

log = structlog.get_logger(__name__)


def request_export(person: User) -> DataExport:
    """Ask for an export. While one is being made, or was made within the hour, it is that one."""
    from moongate.accounts.tasks import build_export as job

    latest = latest_export(person)
    if latest is not None and latest.state == WAITING:
        return latest
    if latest is not None and latest.state == READY and _is_fresh(latest):
        return latest
    try:
        with transaction.atomic():
            export = DataExport.objects.create(person=person)
            audit.write("export.requested", area=AREA, actor=person, subject=export)
            transaction.on_commit(lambda: job.enqueue(str(export.public_id)))
    except IntegrityError:
        # Two clicks at once: the other came first.
        return DataExport.objects.get(person=person, state=WAITING)
    return export


def latest_export(person: User) -> DataExport | None:
    """The person's newest export that has not expired, in whatever state."""
    for export in DataExport.objects.filter(person=person)[:1]:
        if export.expires_at is None or export.expires_at > timezone.now():
            return export
    return None


def find_download(person: User, public_id: UUID) -> tuple[DataExport, Path]:
    """The person's own export and its file; raises DataExport.DoesNotExist for all else."""
    export = DataExport.objects.get(
        person=person, public_id=public_id, state=READY, expires_at__gt=timezone.now()
    )
    path = path_of(public_id)
    if not path.is_file():
        raise DataExport.DoesNotExist
    return export, path


def path_of(public_id: UUID) -> Path:
    """Where the archive of that export lies."""
    return folder() / f"{public_id}.zip"


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"


def build_export(public_id: UUID, *, now: datetime | None = None) -> bool:
    """Make the archive of a waiting export. Called again, or for one that is gone, does nothing.

    A fault of the disk or of an area leaves the export marked as failed, and raises.
    """
    export = DataExport.objects.filter(public_id=public_id, state=WAITING).first()
    if export is None:
        return False
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder() / f"{public_id}.{secrets.token_hex(4)}.part"
    try:
        write_archive(export.person, draft)
        kept = _publish(export, draft, now or timezone.now())
    except Exception:
        DataExport.objects.filter(pk=export.pk, state=WAITING).update(
            state=FAILED, finished_at=timezone.now()
        )
        raise
    finally:
        draft.unlink(missing_ok=True)
    log.info("export built", bytes=export.size_bytes, kept=kept)
    return kept


def write_archive(person: User, path: Path) -> None:
    """Write the archive to a new file only its owner's process can read; rows and files stream."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(handle, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive,
    ):
        everything = sorted(personal_data.registrations(), key=lambda entry: entry.area)
        areas = []
        for area, entries in groupby(everything, key=lambda entry: entry.area):
            areas.append(area)
            _write_area(archive, area, list(entries), person)
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                text = render_to_string(
                    "account/export_readme.txt", {"areas": [f"{area}.json" for area in areas]}
                )
            archive.writestr(f"README.{code}.txt", text)


def remove_exports(person: User) -> int:
    """Delete a person's archives and then their rows; answers how many."""
    count = 0
    for export in DataExport.objects.filter(person=person):
        remove_export(export)
        count += 1
    return count


def remove_export(export: DataExport) -> None:
    """Delete the archive and its drafts, then the row: no file outlives what knows of it."""
    for path in folder().glob(f"{export.public_id}.*"):
        path.unlink(missing_ok=True)
    DataExport.objects.filter(pk=export.pk).delete()


def expire_exports(*, now: datetime | None = None) -> int:
    """Delete what has expired, and files that no row knows; answers how many rows went."""
    now = now or timezone.now()
    count = 0
    for export in DataExport.objects.filter(expires_at__lte=now):
        remove_export(export)
        count += 1
    if not folder().is_dir():
        return count
    for path in folder().iterdir():
        age = timedelta(seconds=max(0.0, now.timestamp() - path.stat().st_mtime))
        if age > STALE and not _is_known(path):
            path.unlink(missing_ok=True)
    return count


def _is_fresh(export: DataExport) -> bool:
    finished = export.finished_at
    return (
        finished is not None
        and timezone.now() - finished < PAUSE
        and path_of(export.public_id).is_file()
    )


def _is_known(path: Path) -> bool:
    with suppress(ValueError):
        return path.suffix == ".zip" and DataExport.objects.filter(public_id=path.stem).exists()
    return False


def _publish(export: DataExport, draft: Path, now: datetime) -> bool:
    """Move the archive into place, unless the person or the export went in the meantime."""
    with transaction.atomic():
        row = DataExport.objects.select_for_update().filter(pk=export.pk, state=WAITING).first()
        if row is None:
            return False
        export.size_bytes = row.size_bytes = draft.stat().st_size
        row.state, row.finished_at, row.expires_at = READY, now, now + KEPT
        row.save()
        os.replace(draft, path_of(export.public_id))
    for older in DataExport.objects.filter(person=export.person_id, pk__lt=export.pk):
        remove_export(older)
    return True


def _write_area(
    archive: zipfile.ZipFile, area: str, entries: list[personal_data.Registration], person: User
) -> None:
    shown = [entry for entry in entries if entry.export is not None]
    if shown:
        with archive.open(f"{area}.json", "w", force_zip64=True) as out:
            for piece in _json_of(shown, person):
                out.write(piece.encode())
    for entry in entries:
        for name, content in entry.files(person) if entry.files else ():
            _write_file(archive, f"{area}/{name}", content)


def _json_of(entries: list[personal_data.Registration], person: User) -> Iterator[str]:
    yield "{"
    for place, entry in enumerate(entries):
        yield ("," if place else "") + f"\n{json.dumps(entry.key)}: ["
        for number, row in enumerate(entry.exported(person)):
            text = json.dumps(dict(row), cls=DjangoJSONEncoder, ensure_ascii=False)
            yield ("," if number else "") + f"\n  {text}"
        yield "]"
    yield "\n}\n"


def _write_file(archive: zipfile.ZipFile, name: str, content: Path | bytes) -> None:
    if ".." in PurePosixPath(name).parts or "\\" in name or "\0" in name:
        raise ValueError(f"a file in an export cannot be named {name!r}")
    info = zipfile.ZipInfo(name, date_time=timezone.now().timetuple()[:6])
    info.external_attr = 0o600 << 16
    if isinstance(content, bytes):
        archive.writestr(info, content)
        return
    # A photo removed meanwhile is no longer the person's to be given.
    try:
        source = content.open("rb")
    except FileNotFoundError:
        return
    with source, archive.open(info, "w", force_zip64=True) as out:
        while chunk := source.read(COPY_BYTES):
            out.write(chunk)
