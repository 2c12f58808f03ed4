"""Who sees a photo: every reason that shows it, and everything that hides it again."""

import pytest
from django.contrib.auth.models import AnonymousUser

from moongate.accounts.models import User
from moongate.social.models import (
    Audience,
    Block,
    Follow,
    Page,
    Photo,
    Post,
    PostPhoto,
    Report,
    State,
)
from moongate.social.photos.albums import create_album, move_photo
from moongate.social.photos.verbs import add_photo
from moongate.social.photos.visibility import visible_photos
from tests.social.photos.pictures import picture

pytestmark = pytest.mark.django_db
SMALL = picture(8, 8)


@pytest.fixture
def staff():
    return User.objects.create_user("staff", password=None, is_staff=True)


@pytest.fixture
def photo(ada):
    return add_photo(ada, SMALL)


def sees(viewer, photo: Photo) -> bool:
    return visible_photos(viewer).filter(pk=photo.pk).exists()


def put_in_post(photo: Photo, author: User, **how) -> Post:
    post = Post.objects.create(author=author, text="look", **how)
    PostPhoto.objects.create(post=post, photo=photo, place=0)
    return post


def test_a_photo_that_is_nowhere_is_its_owners_alone(ada, bo, staff, photo):
    assert sees(ada, photo)
    for other in (bo, staff, None, AnonymousUser()):
        assert not sees(other, photo)


@pytest.mark.parametrize("where", ["post", "album", "cover"])
def test_everyone_sees_what_is_shown_to_everyone(ada, bo, photo, where):
    if where == "post":
        put_in_post(photo, ada)
    elif where == "album":
        move_photo(photo, create_album(ada, "All"), by=ada)
    else:
        Page.objects.create(owner=ada, cover=photo)
    for viewer in (ada, bo, None, AnonymousUser()):
        assert sees(viewer, photo)
    assert visible_photos(bo).count() == 1


@pytest.mark.parametrize("where", ["post", "album", "cover"])
def test_followers_see_what_is_for_followers_once_they_are_let_in(ada, bo, photo, where):
    if where == "post":
        put_in_post(photo, ada, audience=Audience.FOLLOWERS)
    elif where == "album":
        move_photo(photo, create_album(ada, "Some", audience=Audience.FOLLOWERS), by=ada)
    else:
        Page.objects.create(owner=ada, cover=photo, is_private=True)
    follow = Follow.objects.create(follower=bo, followed=ada, accepted=False)
    assert not sees(bo, photo)
    follow.accepted = True
    follow.save()
    assert sees(bo, photo)
    assert not sees(None, photo)


@pytest.mark.parametrize("by", ["page", "account"])
@pytest.mark.parametrize("where", ["post", "album", "cover"])
def test_on_a_private_page_everyone_means_the_followers(ada, bo, photo, where, by):
    if where == "post":
        put_in_post(photo, ada)
    elif where == "album":
        move_photo(photo, create_album(ada, "All"), by=ada)
    page = Page.objects.create(owner=ada, cover=photo if where == "cover" else None)
    assert sees(bo, photo)
    if by == "page":
        page.is_private = True
        page.save()
    else:
        User.objects.filter(pk=ada.pk).update(is_private=True)
    assert [sees(viewer, photo) for viewer in (ada, bo, None)] == [True, False, False]
    Follow.objects.create(follower=bo, followed=ada)
    assert [sees(viewer, photo) for viewer in (ada, bo, None)] == [True, True, False]


@pytest.mark.parametrize("where", ["post", "album"])
def test_what_is_for_oneself_no_follower_sees(ada, bo, staff, photo, where):
    if where == "post":
        put_in_post(photo, ada, audience=Audience.ME)
    else:
        move_photo(photo, create_album(ada, "Diary", audience=Audience.ME), by=ada)
    Follow.objects.create(follower=bo, followed=ada)
    assert [sees(viewer, photo) for viewer in (ada, bo, staff, None)] == [True, False, False, False]


@pytest.mark.parametrize("blocker", ["ada", "bo"])
@pytest.mark.parametrize("where", ["post", "album", "cover"])
def test_a_block_hides_it_both_ways(ada, bo, photo, blocker, where):
    if where == "post":
        put_in_post(photo, ada)
    elif where == "album":
        move_photo(photo, create_album(ada, "All"), by=ada)
    else:
        Page.objects.create(owner=ada, cover=photo)
    assert sees(bo, photo)
    pair = (ada, bo) if blocker == "ada" else (bo, ada)
    Block.objects.create(blocker=pair[0], blocked=pair[1])
    assert not sees(bo, photo)
    assert sees(ada, photo)


@pytest.mark.parametrize("state", [State.HELD, State.REMOVED])
def test_what_is_held_or_taken_down_its_owner_and_the_house_see(ada, bo, staff, photo, state):
    put_in_post(photo, ada)
    Photo.objects.update(state=state)
    Follow.objects.create(follower=bo, followed=ada)
    seen = [sees(viewer, photo) for viewer in (ada, staff, bo, None)]
    assert seen == [True, True, False, False]


def test_a_photo_in_a_post_that_is_held_is_not_shown(ada, bo, photo):
    put_in_post(photo, ada, state=State.HELD)
    assert not sees(bo, photo)


def test_the_house_sees_what_was_reported_and_once(ada, bo, staff, photo):
    Report.objects.bulk_create(
        Report(reporter=by, photo=photo, reason=Report.Reason.RIGHTS) for by in (bo, staff)
    )
    assert visible_photos(staff).filter(pk=photo.pk).count() == 1
    assert not sees(bo, photo)


def test_posting_somebody_elses_photo_shows_it_to_nobody(ada, bo, photo):
    put_in_post(photo, bo)
    Page.objects.create(owner=bo, cover=photo)
    move_to = create_album(bo, "Stolen")
    Photo.objects.update(album=move_to)
    for viewer in (bo, None):
        assert not sees(viewer, photo)


def test_who_is_gone_shows_nothing(ada, bo, photo):
    put_in_post(photo, ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert not sees(bo, photo)
