"""The rules of who sees what, held against the same rules in plain Python."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moongate.accounts.models import User
from moongate.social.models import Audience, Block, Comment, Follow, Page, Post, State
from moongate.social.visibility import (
    may_see_page,
    visible_comments,
    visible_people,
    visible_posts,
)
from tests.social.folk import guest, person, private

pytestmark = pytest.mark.django_db
PEOPLE = 4
someone = st.integers(0, PEOPLE - 1)
pairs = st.sets(st.tuples(someone, someone).filter(lambda pair: pair[0] != pair[1]), max_size=6)


@dataclass
class World:
    """Who there is, by number; the last viewer, None, is a stranger."""

    follows: set
    asked: set
    blocks: set
    private: dict
    closed: set
    posts: list
    comments: list = field(default_factory=list)

    def apart(self, one, other):
        return (one, other) in self.blocks or (other, one) in self.blocks

    def sees_post(self, viewer, post):
        author, audience, state = self.posts[post]
        if viewer == author:
            return True
        if state != State.SHOWN or author in self.closed or audience == Audience.ME:
            return False
        if viewer is not None and self.apart(viewer, author):
            return False
        if viewer is not None and (viewer, author) in self.follows:
            return True
        return audience == Audience.EVERYONE and author not in self.private

    def stands(self, comment, viewer):
        post, writer, _parent, state = self.comments[comment]
        host = self.posts[post][0]
        near = viewer is None or not self.apart(viewer, writer)
        fit = state == State.SHOWN and writer not in self.closed
        return fit and near and not self.apart(host, writer)

    def sees_comment(self, viewer, comment):
        post, _writer, parent, _state = self.comments[comment]
        lines = [comment] if parent is None else [comment, parent]
        return self.sees_post(viewer, post) and all(
            viewer == self.comments[line][1] or self.stands(line, viewer) for line in lines
        )


@st.composite
def worlds(draw):
    follows = draw(pairs)
    posts = draw(
        st.lists(
            st.tuples(someone, st.sampled_from(Audience.values), st.sampled_from(State.values)),
            min_size=1,
            max_size=5,
        )
    )
    world = World(
        follows=follows,
        asked=draw(pairs) - follows,
        blocks=draw(st.one_of(st.just(set()), pairs)),
        private=draw(st.dictionaries(someone, st.booleans(), max_size=2)),
        closed=draw(st.sets(someone, max_size=1)),
        posts=posts,
    )
    for number in range(draw(st.integers(0, 5))):
        post = draw(st.integers(0, len(posts) - 1))
        under = [i for i in range(number) if world.comments[i][0] == post]
        under = [i for i in under if world.comments[i][2] is None]
        parent = draw(st.sampled_from([None, *under]))
        state = draw(st.sampled_from([State.SHOWN, State.SHOWN, State.REMOVED]))
        world.comments.append((post, draw(someone), parent, state))
    return world


def build(world, people):
    for model in (Comment, Post, Follow, Block, Page):
        model.objects.all().delete()
    User.objects.update(is_active=True, is_private=False)
    for number, by_page in world.private.items():
        if by_page:
            Page.objects.create(owner=people[number], is_private=True)
        else:
            User.objects.filter(pk=people[number].pk).update(is_private=True)
    User.objects.filter(pk__in=[people[i].pk for i in world.closed]).update(is_active=False)
    for rows, accepted in ((world.follows, True), (world.asked, False)):
        for one, other in rows:
            Follow.objects.create(follower=people[one], followed=people[other], accepted=accepted)
    for one, other in world.blocks:
        Block.objects.create(blocker=people[one], blocked=people[other])
    posts = [
        Post.objects.create(author=people[author], text="x", audience=audience, state=state)
        for author, audience, state in world.posts
    ]
    comments = []
    for post, writer, parent, state in world.comments:
        comments.append(
            Comment.objects.create(
                post=posts[post],
                author=people[writer],
                parent=None if parent is None else comments[parent],
                state=state,
                text="y",
            )
        )
    return posts, comments


@settings(
    max_examples=80,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
def test_everybody_sees_just_what_the_rules_say(world, crowd):
    posts, comments = build(world, crowd)
    for number, viewer in [*enumerate(crowd), (None, None)]:
        seen = set(visible_posts(viewer).values_list("pk", flat=True))
        should = {post.pk for i, post in enumerate(posts) if world.sees_post(number, i)}
        assert seen == should
        read = set(visible_comments(viewer).values_list("pk", flat=True))
        told = {one.pk for i, one in enumerate(comments) if world.sees_comment(number, i)}
        assert read == told


@pytest.fixture
def crowd():
    return [person(f"p{number}") for number in range(PEOPLE)]


def test_a_guest_sees_what_a_stranger_sees():
    ada, visitor = person("ada"), guest()
    for audience in Audience.values:
        Post.objects.create(author=ada, text=audience, audience=audience)
    assert [post.text for post in visible_posts(visitor)] == ["everyone"]
    assert [post.text for post in visible_posts(None)] == ["everyone"]


def test_people_are_found_unless_a_block_stands_between_whoever_set_it():
    ada, bo, cy = person("ada"), person("bo"), person("cy")
    guest()
    person("gone", is_active=False)
    Block.objects.create(blocker=bo, blocked=ada)
    assert set(visible_people(None)) == {ada, bo, cy}
    assert set(visible_people(ada)) == {ada, cy}
    assert set(visible_people(bo)) == {bo, cy}


def test_a_private_page_opens_to_its_owner_and_those_let_in():
    ada, bo, cy = private("ada"), person("bo"), person("cy")
    Follow.objects.create(follower=bo, followed=ada)
    Follow.objects.create(follower=cy, followed=ada, accepted=False)
    seen = [may_see_page(ada, viewer) for viewer in (ada, bo, cy, guest(), None)]
    assert seen == [True, True, False, False, False]
    assert may_see_page(bo, None)
