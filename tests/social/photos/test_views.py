"""Photos over HTTP: the door in, and the files out to those who may see them."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from moongate.accounts.models import User
from moongate.site.limits import PER_PATH
from moongate.social.models import Block, Photo, Post, PostPhoto, State
from moongate.social.photos import storage, verbs
from moongate.social.photos.albums import create_album
from moongate.social.photos.decode import MAX_BYTES
from moongate.social.photos.verbs import add_photo
from moongate.social.photos.visibility import visible_photos
from tests.social.photos.pictures import picture

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.social.photos.urls")]
UPLOAD = "/social/photos/"


def signed_in(person: User, **how) -> Client:
    client = Client(**how)
    client.force_login(person)
    return client


def send(client: Client, data: bytes, name: str = "cat.jpg", **more):
    file = SimpleUploadedFile(name, data, content_type="image/jpeg")
    return client.post(UPLOAD, {"photo": file, **more})


def show(photo: Photo) -> Post:
    post = Post.objects.create(author=photo.owner, text="look")
    PostPhoto.objects.create(post=post, photo=photo, place=0)
    return post


def address(photo: Photo, size: str = "320", ext: str = "jpg") -> str:
    return f"/social/photos/{photo.public_id}/{size}.{ext}"


def test_the_door_is_where_the_body_limit_expects_it():
    assert reverse("photos:upload") == UPLOAD
    assert PER_PATH[UPLOAD] > MAX_BYTES + 100_000


def test_a_photo_is_sent_and_told_what_it_became(ada):
    client = signed_in(ada)
    album = create_album(ada, "Summer")
    answer = send(client, picture(400, 300), alt="A cat", album=str(album.public_id))
    assert answer.status_code == 201
    said = answer.json()
    photo = Photo.objects.get()
    assert (photo.owner, photo.alt, photo.album) == (ada, "A cat", album)
    assert set(said) == {"id", "width", "height", "blurhash", "sizes", "state"}
    assert (said["id"], said["width"], said["height"]) == (str(photo.public_id), 400, 300)
    assert (said["state"], said["blurhash"]) == ("shown", photo.blurhash)
    assert [size["url"] for size in said["sizes"]][:3] == [
        address(photo, "320", ext) for ext in ("avif", "webp", "jpg")
    ]
    for size in said["sizes"]:
        file = client.get(size["url"])
        assert (file.status_code, len(file.content)) == (200, size["bytes"])
    assert "no-store" in answer["Cache-Control"]


def test_a_refusal_says_why_in_the_readers_words_and_shows_a_script_as_text(ada, media):
    answer = send(signed_in(ada), b"<svg onload=x()>", name="<img onerror=x()>.jpg")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/json")
    assert answer.json() == {
        "reason": "“<img onerror=x()>.jpg” is not a photo but an SVG drawing.",
        "mend": "Send a JPEG, PNG, WebP, GIF or AVIF picture.",
    }
    assert not list(media.rglob("*"))


def test_a_photo_over_the_limit_is_refused_with_413(ada):
    answer = send(signed_in(ada), bytes(MAX_BYTES + 1))
    assert answer.status_code == 413
    assert answer.json()["mend"] == "Send a smaller picture."


def test_only_people_with_an_account_send_photos(db):
    answer = send(Client(), picture())
    assert answer.status_code == 401
    assert answer.json()["mend"] == "Sign in first."
    assert not Photo.objects.exists()


def test_a_photo_from_another_site_is_refused(ada):
    assert send(signed_in(ada, enforce_csrf_checks=True), picture()).status_code == 403
    assert not Photo.objects.exists()


def test_it_is_one_photo_at_a_time(ada):
    client = signed_in(ada)
    two = [SimpleUploadedFile(f"{i}.jpg", picture()) for i in range(2)]
    for body in ({}, {"photo": two}, {"photo": two[0], "other": two[1]}, {"photo": "text"}):
        answer = client.post(UPLOAD, body)
        assert (answer.status_code, answer.json()["reason"]) == (
            422,
            "photo: one file is expected.",
        )
    assert client.get(UPLOAD).status_code == 405
    assert client.post(UPLOAD, b"{}", content_type="application/json").status_code == 422


@pytest.mark.parametrize("given", ["theirs", "none", "1", "' OR 1=1"])
def test_an_album_of_somebody_else_is_like_none_at_all(ada, bo, given):
    album = {"theirs": str(create_album(bo, "B").public_id), "none": str(uuid.uuid4())}
    answer = send(signed_in(ada), picture(), album=album.get(given, given))
    assert (answer.status_code, answer.json()["reason"]) == (404, "album: you have no such album.")
    assert not Photo.objects.exists()


def test_too_many_are_told_when_to_come_back(ada, settings):
    settings.SOCIAL_LIMITS = {"photo": (0, 3600)}
    answer = send(signed_in(ada), picture())
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == answer.json()["retry_after_s"] >= 1
    assert answer.json()["reason"] == "That was a lot in a short time."


def test_a_busy_house_says_so(ada, monkeypatch):
    monkeypatch.setattr(verbs, "DECODER_WAIT_S", 0.01)
    with verbs.DECODER:
        answer = send(signed_in(ada), picture())
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_a_held_photo_is_said_to_wait_and_only_its_owner_and_the_house_see_it(ada, bo, settings):
    settings.SOCIAL_REVIEW_PHOTOS = True
    answer = send(signed_in(ada), picture())
    assert answer.json()["state"] == "held"
    photo = Photo.objects.get()
    show(photo)
    staff = User.objects.create_user("staff", password=None, is_staff=True)
    seen = [signed_in(p).get(address(photo)).status_code for p in (ada, staff, bo)]
    assert seen == [200, 200, 404]
    assert Client().get(address(photo)).status_code == 404


@pytest.mark.parametrize(
    ("ext", "kind", "magic"),
    [
        ("jpg", "image/jpeg", b"\xff\xd8\xff"),
        ("webp", "image/webp", b"RIFF"),
        ("avif", "image/avif", b"\x00\x00\x00"),
    ],
)
def test_a_file_is_served_as_what_it_is(ada, ext, kind, magic):
    photo = add_photo(ada, picture())
    show(photo)
    answer = Client().get(address(photo, ext=ext))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (kind, "nosniff")
    assert answer.content.startswith(magic)
    assert answer["Cache-Control"] == "public, max-age=86400, immutable"
    assert Client().head(address(photo, ext=ext))["Content-Type"] == kind
    assert Client().post(address(photo, ext=ext)).status_code == 405


def test_a_private_file_is_kept_by_no_shared_cache(ada):
    photo = add_photo(ada, picture())
    answer = signed_in(ada).get(address(photo))
    assert answer["Cache-Control"] == "private, max-age=86400, immutable"
    assert "Cookie" in answer["Vary"]


def test_an_unchanged_file_is_not_sent_again_but_to_whom_it_is_hidden_it_is_gone(ada, bo):
    photo = add_photo(ada, picture())
    show(photo)
    client = signed_in(bo)
    etag = client.get(address(photo))["ETag"]
    again = client.get(address(photo), headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    Block.objects.create(blocker=ada, blocked=bo)
    for match in (etag, "*"):
        assert client.get(address(photo), headers={"If-None-Match": match}).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["960.jpg", "320.png", "320.JPG", "0.jpg", "320.jpg.part", "..%2f320.jpg", "-320.jpg", "jpg"],
)
def test_a_size_that_is_not_there_is_not_found(ada, path):
    photo = add_photo(ada, picture())
    show(photo)
    assert Client().get(address(photo)).status_code == 200
    assert Client().get(f"/social/photos/{photo.public_id}/{path}").status_code == 404


def test_a_guessed_photo_is_not_found(db):
    assert Client().get(f"/social/photos/{uuid.uuid4()}/320.jpg").status_code == 404


def test_a_file_that_is_lost_is_not_found(ada):
    photo = add_photo(ada, picture())
    storage.erase_files(photo.public_id)
    assert signed_in(ada).get(address(photo)).status_code == 404


def test_what_is_taken_down_is_gone_for_others(ada, bo):
    photo = add_photo(ada, picture())
    show(photo)
    assert signed_in(bo).get(address(photo)).status_code == 200
    Photo.objects.update(state=State.REMOVED)
    assert signed_in(bo).get(address(photo)).status_code == 404
    assert not visible_photos(bo).exists()
