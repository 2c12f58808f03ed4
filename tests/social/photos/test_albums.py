"""Albums: made, changed, emptied of their photos when they go."""

import pytest

from moongate.social.errors import InvalidError, NotFoundError
from moongate.social.models import Album, Audience, Photo
from moongate.social.photos.albums import change_album, create_album, move_photo, remove_album
from moongate.social.photos.verbs import add_photo
from tests.social.photos.pictures import picture

pytestmark = pytest.mark.django_db


def test_an_album_has_a_title_and_an_audience(ada):
    album = create_album(ada, "  The  Lakes ", about="in rain", audience="followers")
    album.refresh_from_db()
    assert (album.title, album.about, album.audience) == ("The Lakes", "in rain", "followers")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"title": " \n"}, "title: it is empty."),
        ({"title": "x" * 81}, "title: 81 characters; at most 80 are taken."),
        ({"about": "x" * 301}, "about: 301 characters; at most 300 are taken."),
        ({"audience": "enemies"}, "audience: must be one of everyone, followers, me."),
    ],
)
def test_a_wrong_field_is_named(ada, given, reason):
    album = create_album(ada, "Good")
    for act in (
        lambda: create_album(ada, **{"title": "Good", **given}),
        lambda: change_album(album, by=ada, **given),
    ):
        with pytest.raises(InvalidError) as caught:
            act()
        assert caught.value.reason == reason
    assert [kept.title for kept in Album.objects.all()] == ["Good"]


def test_only_what_is_given_changes(ada):
    album = create_album(ada, "One", about="it", audience=Audience.ME)
    changed = change_album(album, by=ada, title="Two")
    assert (changed.title, changed.about, changed.audience) == ("Two", "it", Audience.ME)
    assert change_album(album, by=ada).title == "Two"
    assert Album.objects.get().title == "Two"


def test_a_removed_album_leaves_its_photos_and_goes_once(ada):
    album = create_album(ada, "One")
    photo = add_photo(ada, picture(), album=album)
    remove_album(album, by=ada)
    remove_album(Album(public_id=album.public_id, owner=ada), by=ada)
    photo.refresh_from_db()
    assert photo.album is None
    assert not Album.objects.exists()


def test_a_photo_moves_between_its_owners_albums(ada, bo):
    one, two = create_album(ada, "One"), create_album(ada, "Two")
    photo = add_photo(ada, picture(), album=one)
    for album in (two, two, None):
        move_photo(photo, album, by=ada)
        assert Photo.objects.get().album == album


def test_nobody_touches_what_is_somebody_elses(ada, bo):
    album, photo = create_album(ada, "Mine"), add_photo(ada, picture())
    theirs = create_album(bo, "Theirs")
    for act in (
        lambda: change_album(album, by=bo, title="x"),
        lambda: remove_album(album, by=bo),
        lambda: move_photo(photo, theirs, by=ada),
        lambda: move_photo(photo, album, by=bo),
    ):
        with pytest.raises(NotFoundError):
            act()
    for album_of_bo in (theirs, None):
        with pytest.raises(NotFoundError):
            move_photo(photo, album_of_bo, by=bo)
    assert Album.objects.filter(owner=ada).values_list("title", flat=True).get() == "Mine"
    assert Photo.objects.get().album is None
