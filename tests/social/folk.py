"""People and things for the tests of social."""

import uuid

from moongate.accounts.guests import make_guest
from moongate.accounts.models import User
from moongate.social.following import follow_person
from moongate.social.models import Follow, Page, Photo, Post, State
from moongate.social.pages import page_of


def person(name, **more):
    return User.objects.create_user(name, password=None, **more)


def guest():
    return make_guest(language="en")


def private(name):
    owner = person(name)
    Page.objects.update_or_create(owner=owner, defaults={"is_private": True})
    return owner


def photo(owner, state=State.SHOWN):
    return Photo.objects.create(
        owner=owner,
        width=4,
        height=3,
        sizes=[{"name": "320", "format": "jpg", "width": 4, "height": 3, "bytes": 1}],
        blurhash="L",
        sha256=uuid.uuid4().hex * 2,
        state=state,
    )


def followers(author, count):
    """As many new followers, written straight into the tables."""
    people = [User(username=f"f{author.pk}-{i}", display_name=f"f{i}") for i in range(count)]
    people = User.objects.bulk_create(people)
    page_of(author)
    Follow.objects.bulk_create(Follow(follower=one, followed=author) for one in people)
    Page.objects.filter(owner=author).update(followers=count)
    return people


def befriend(one, other):
    follow_person(other, by=one)
    follow_person(one, by=other)


def counts(owner):
    page = page_of(owner)
    return {"followers": page.followers, "following": page.following, "posts": page.posts}


def on(post):
    """What a post counts: (likes, comments)."""
    return Post.objects.values_list("likes", "comments").get(pk=post.pk)
