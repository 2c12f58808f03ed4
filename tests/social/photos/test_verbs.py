"""Photos added, described, held and removed; what is refused leaves nothing behind."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from moongate.social.errors import InvalidError, NotFoundError, TooManyError
from moongate.social.models import Album, Photo, Post, PostPhoto, State
from moongate.social.photos import storage, verbs
from moongate.social.photos.albums import create_album, remove_album
from moongate.social.photos.encode import PhotoFile
from moongate.social.photos.refusals import BusyError
from moongate.social.photos.verbs import (
    add_photo,
    describe_photo,
    hold_photo,
    release_photo,
    remove_photo,
)
from tests.social.photos.pictures import picture

pytestmark = pytest.mark.django_db


def on_disk(media) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def drafts(media) -> list[str]:
    return [str(path) for path in media.rglob("*.part")]


def test_a_photo_is_a_row_and_its_files(ada, media):
    photo = add_photo(ada, picture(400, 300), "cat.jpg", " A  cat\non a wall ")
    photo.refresh_from_db()
    assert (photo.owner, photo.width, photo.height, photo.state) == (ada, 400, 300, State.SHOWN)
    assert photo.alt == "A cat on a wall"
    assert len(photo.sha256) == 64
    folder = f"photos/{str(photo.public_id)[:2]}/{photo.public_id}"
    assert on_disk(media) == [
        f"{folder}/{name}.{ending}" for name in ("320", "960") for ending in ("avif", "jpg", "webp")
    ]
    for size, path in zip(photo.sizes, storage.files_of(photo), strict=True):
        assert path.stat().st_size == size["bytes"]
    assert drafts(media) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg/>",
        b"PK\x03\x04",
        b"\xff\xd8\xff" + bytes(90),
        picture()[:400],
        bytes(15_000_001),
    ],
    ids=["empty", "svg", "zip", "torn", "cut off", "too large"],
)
def test_what_is_refused_leaves_nothing_on_disk(ada, media, data):
    with pytest.raises(InvalidError):
        add_photo(ada, data, "cat.jpg")
    assert not Photo.objects.exists()
    assert on_disk(media) == drafts(media) == []


def test_an_encoder_that_fails_half_way_leaves_nothing_on_disk(ada, media, monkeypatch):
    written = []

    def encode(_picture):
        yield PhotoFile("320", "avif", 1, 1, b"x")
        written.extend(media.rglob("320.avif"))
        raise OSError("encoder error")

    monkeypatch.setattr(verbs, "encode", encode)
    with pytest.raises(OSError, match="encoder error"):
        add_photo(ada, picture(), "cat.jpg")
    assert len(written) == 1
    assert on_disk(media) == drafts(media) == []
    assert not Photo.objects.exists()


def test_a_row_that_cannot_be_written_takes_its_files_along(ada, media, monkeypatch):
    def fail(**_):
        assert len(on_disk(media)) == 3
        raise RuntimeError("no row")

    monkeypatch.setattr(Photo.objects, "create", fail)
    with pytest.raises(RuntimeError, match="no row"):
        add_photo(ada, picture(), "cat.jpg")
    assert on_disk(media) == drafts(media) == []


def test_an_album_that_goes_while_the_photo_is_worked_on_takes_its_files_along(
    ada, media, monkeypatch
):
    album = create_album(ada, "Summer")
    decode = verbs.decode

    def slow(data, name):
        remove_album(album, by=ada)
        return decode(data, name)

    monkeypatch.setattr(verbs, "decode", slow)
    gone = Album.objects.get()
    with pytest.raises(NotFoundError):
        add_photo(ada, picture(), album=gone)
    assert on_disk(media) == drafts(media) == []


def test_somebody_elses_album_is_none(ada, bo, media):
    with pytest.raises(NotFoundError):
        add_photo(bo, picture(), album=create_album(ada, "Mine"))
    assert on_disk(media) == []


def test_work_on_a_photo_is_outside_any_transaction(ada, monkeypatch, transactional_db):
    inside = []
    decode = verbs.decode

    def watched(data, name):
        inside.append(connection.in_atomic_block)
        return decode(data, name)

    monkeypatch.setattr(verbs, "decode", watched)
    add_photo(ada, picture())
    assert inside == [False]


def test_an_hour_has_room_for_so_many_photos_of_each_person(ada, bo, settings):
    settings.SOCIAL_LIMITS = {"photo": (2, 3600)}
    add_photo(ada, picture())
    with pytest.raises(InvalidError):
        add_photo(ada, b"a refused one costs work too")
    with pytest.raises(TooManyError) as caught:
        add_photo(ada, picture())
    assert 1 <= caught.value.retry_after_s <= 3600
    assert add_photo(bo, picture()).owner == bo
    assert Photo.objects.filter(owner=ada).count() == 1


def test_when_the_decoder_is_taken_one_is_told_to_come_back(ada, monkeypatch):
    monkeypatch.setattr(verbs, "DECODER", threading.BoundedSemaphore(1))
    monkeypatch.setattr(verbs, "DECODER_WAIT_S", 0.01)
    with verbs.DECODER, pytest.raises(BusyError):
        add_photo(ada, picture())
    for _ in range(3):  # a refusal lets go of it
        with pytest.raises(InvalidError):
            add_photo(ada, b"nothing")
    assert add_photo(ada, picture()).pk


def test_a_photo_waits_when_the_operator_says_so(ada, settings):
    settings.SOCIAL_REVIEW_PHOTOS = True
    photo = add_photo(ada, picture())
    assert photo.state == State.HELD
    assert release_photo(photo)
    assert not release_photo(photo)
    assert photo.state == State.SHOWN
    assert hold_photo(photo)
    assert Photo.objects.get().state == State.HELD


def test_what_was_taken_down_is_not_released(ada):
    photo = add_photo(ada, picture())
    Photo.objects.update(state=State.REMOVED)
    assert not release_photo(photo)
    assert not hold_photo(photo)
    assert photo.state == State.REMOVED


def test_only_the_owner_says_what_is_in_the_picture(ada, bo):
    photo = add_photo(ada, picture())
    describe_photo(photo, alt="<b>\u202eA boat</b>", by=ada)
    assert Photo.objects.get().alt == "<b>A boat</b>"
    with pytest.raises(NotFoundError):
        describe_photo(photo, alt="mine now", by=bo)
    with pytest.raises(InvalidError, match="alt: 501 characters; at most 500 are taken"):
        describe_photo(photo, alt="x" * 501, by=ada)
    assert Photo.objects.get().alt == "<b>A boat</b>"


def test_a_removed_photo_goes_from_posts_and_disk_and_goes_once(
    ada, bo, media, django_capture_on_commit_callbacks
):
    photo = add_photo(ada, picture())
    post = Post.objects.create(author=ada, text="look")
    PostPhoto.objects.create(post=post, photo=photo, place=0)
    with pytest.raises(NotFoundError):
        remove_photo(photo, by=bo)
    assert len(on_disk(media)) == 3
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            remove_photo(photo, by=ada)
    assert not Photo.objects.exists()
    assert not PostPhoto.objects.exists()
    assert on_disk(media) == []


def test_files_stay_when_the_row_does(ada, media, django_capture_on_commit_callbacks):
    photo = add_photo(ada, picture())
    with django_capture_on_commit_callbacks(execute=False):
        remove_photo(photo, by=ada)
        assert len(on_disk(media)) == 3


def test_what_a_killed_process_left_is_swept_after_an_hour(ada, media):
    kept = add_photo(ada, picture())
    orphan = uuid4()
    storage.save_files(orphan, [PhotoFile("320", "jpg", 1, 1, b"x")])
    draft = storage.photos_root() / f"{uuid4()}.part"
    draft.mkdir()
    (draft / "320.jpg").write_bytes(b"half")
    (storage.photos_root() / "ab").mkdir(exist_ok=True)
    (storage.photos_root() / "ab" / "not ours").mkdir()
    now = draft.stat().st_mtime
    assert storage.sweep_orphans(now=now) == 0
    assert storage.sweep_orphans(now=now + storage.SETTLED_S + 60) == 2
    assert not draft.exists()
    assert not storage.folder_of(orphan).exists()
    assert all(path.is_file() for path in storage.files_of(kept))
    assert (storage.photos_root() / "ab" / "not ours").is_dir()
    assert storage.sweep_orphans(now=now + storage.SETTLED_S + 60) == 0
