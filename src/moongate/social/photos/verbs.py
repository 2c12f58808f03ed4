"""What happens to photos: adding, describing, holding, releasing, removing one."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from moongate.social import throttle
from moongate.social.models import ALT_MAX, Album, Photo, State
from moongate.social.photos import storage
from moongate.social.photos.decode import decode
from moongate.social.photos.encode import blur, encode, fingerprint
from moongate.social.photos.errors import PhotoError
from moongate.social.photos.refusals import BusyError, no_album, no_photo, refused
from moongate.social.texts import clean_text

log = structlog.get_logger("moongate.social")

# One at a time: a decoded original may take hundreds of megabytes.
DECODER = threading.BoundedSemaphore(1)
DECODER_WAIT_S = 30.0


def add_photo(
    owner: Any, data: bytes, name: str = "", alt: str = "", album: Album | None = None
) -> Photo:
    """Decode a picture, keep its sizes, and enter it as the owner's photo.

    `name` only serves the wording of a refusal. Raises InvalidError, TooManyError, BusyError, or
    NotFoundError for an album that is not the owner's. After any, nothing is on disk.
    """
    alt = clean_text(alt, field="alt", most=ALT_MAX, lines=False)
    if album is not None and album.owner_id != owner.pk:
        raise no_album()
    throttle.admit("photo", owner)
    if not DECODER.acquire(timeout=DECODER_WAIT_S):
        raise BusyError
    public_id = uuid.uuid4()
    try:
        picture = decode(data, name)
        # Outside any transaction, since it takes a second and a writer would wait for it.
        sizes = storage.save_files(public_id, encode(picture))
        facts = {"blurhash": blur(picture), "sha256": fingerprint(picture)}
    except PhotoError as error:
        log.info("photo refused", bytes=len(data), why=error.template)
        raise refused(error) from error
    except BaseException:
        storage.erase_files(public_id)
        raise
    finally:
        DECODER.release()
    try:
        with transaction.atomic():
            if album is not None:
                album = own_album(album, by=owner)
            photo = Photo.objects.create(
                public_id=public_id,
                owner=owner,
                album=album,
                alt=alt,
                width=picture.width,
                height=picture.height,
                sizes=sizes,
                state=State.HELD if _is_reviewed() else State.SHOWN,
                **facts,
            )
    except BaseException:
        storage.erase_files(public_id)
        raise
    log.info("photo added", bytes=len(data), state=photo.state)
    return photo


def describe_photo(photo: Photo, *, alt: str, by: Any) -> None:
    """Say what is in the picture. Raises InvalidError, or NotFoundError if it is not `by`'s."""
    alt = clean_text(alt, field="alt", most=ALT_MAX, lines=False)
    if not Photo.objects.filter(pk=photo.pk, owner=by).update(alt=alt):
        raise no_photo()
    photo.alt = alt


def hold_photo(photo: Photo) -> bool:
    """Let a shown photo wait for the operator; says whether it was shown."""
    return _change_state(photo, State.SHOWN, State.HELD)


def release_photo(photo: Photo) -> bool:
    """Show a photo that was held; says whether it was held."""
    return _change_state(photo, State.HELD, State.SHOWN)


def remove_photo(photo: Photo, *, by: Any) -> None:
    """Delete the owner's photo, its place in posts, and then its files. Again, it does nothing.

    Raises NotFoundError when it is somebody else's.
    """
    if photo.owner_id != by.pk:
        raise no_photo()
    public_id = photo.public_id
    with transaction.atomic():
        Photo.objects.filter(public_id=public_id, owner=by).delete()
        # A file without a row is swept later; a row without a file would be a hole in a page.
        transaction.on_commit(lambda: storage.erase_files(public_id))


def own_album(album: Album, *, by: Any) -> Album:
    """The album as it stands, locked. Raises NotFoundError when gone or somebody else's."""
    kept = Album.objects.select_for_update().filter(pk=album.pk, owner=by).first()
    if kept is None:
        raise no_album()
    return kept


def _change_state(photo: Photo, before: State, after: State) -> bool:
    changed = Photo.objects.filter(pk=photo.pk, state=before).update(state=after)
    photo.refresh_from_db(fields=["state"])
    return bool(changed)


def _is_reviewed() -> bool:
    return bool(getattr(settings, "SOCIAL_REVIEW_PHOTOS", False))
