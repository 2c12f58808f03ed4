"""A prepared query answers as the query would that was built for these very numbers."""

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from moongate.social.models import Like, Post, PostPhoto
from moongate.social.prepared import LENGTHS, Prepared, padded
from tests.social.folk import person, photo

pytestmark = pytest.mark.django_db


def test_numbers_change_and_everything_else_stays():
    built = []

    def build(numbers, size):
        built.append(size)
        author, *ids = numbers
        posts = Post.objects.filter(author=author, pk__in=ids, likes=1, author__is_active=True)
        return posts.order_by("pk").values_list("pk")[:size]

    ada, bo = person("ada"), person("bo")
    hers = [Post.objects.create(author=ada, text="x", likes=1).pk for _ in range(3)]
    his = [Post.objects.create(author=bo, text="x", likes=1).pk for _ in range(3)]
    query = Prepared(build)
    assert query.rows([ada.pk, *hers[:2]], shape=5) == [(pk,) for pk in hers[:2]]
    assert query.rows([bo.pk, *his[1:]], shape=5) == [(pk,) for pk in his[1:]]
    assert query.rows([bo.pk, *hers[1:]], shape=5) == []
    assert query.rows([ada.pk, hers[0], hers[0]], shape=5) == [(hers[0],)]
    assert built == [5]
    assert query.rows([ada.pk, *hers], shape=1) == [(hers[0],)]
    assert built == [5, 1]


def test_an_id_that_happens_to_equal_another_value_is_not_mixed_up_with_it():
    ada = person("ada")
    post = Post.objects.create(author=ada, text="x", likes=1)
    liked = Post.objects.filter(likes=1)
    query = Prepared(lambda numbers, _shape: liked.filter(pk=numbers[0]).values_list("pk"))
    assert query.rows([post.pk]) == [(post.pk,)]
    with CaptureQueriesContext(connection) as caught:
        assert query.rows([1 if post.pk != 1 else 2]) == []
    assert len(caught) == 1


def told(thing):
    """Everything a loaded object holds, and what came along with it."""
    facts = {name: value for name, value in vars(thing).items() if name != "_state"}
    return facts, {name: told(one) for name, one in thing._state.fields_cache.items()}


def test_objects_are_those_of_the_query_itself():
    ada, bo = person("ada", languages=["en", "zh"]), person("bo")
    posts = [Post.objects.create(author=ada, text=str(number)) for number in range(3)]
    Like.objects.create(post=posts[1], person=bo)

    def build(numbers, _shape):
        viewer, *ids = numbers
        liked = Exists(Like.objects.filter(post=OuterRef("pk"), person=viewer))
        found = Post.objects.filter(pk__in=ids).select_related("author")
        return found.annotate(is_liked=liked).order_by("-pk")

    query = Prepared(build)
    for viewer in (ada, bo):
        for wanted in (posts[:2], posts[1:]):
            numbers = [viewer.pk, *(post.pk for post in wanted)]
            with CaptureQueriesContext(connection) as caught:
                quick = [told(post) for post in query.objects(numbers)]
            assert len(caught) == 1
            assert quick == [told(post) for post in build(numbers, None)]
            assert quick[-1][1]["author"][0]["languages"] == ["en", "zh"]
    assert query.objects([ada.pk, -1, -1]) == []


def test_columns_of_json_and_uuids_come_as_the_model_has_them():
    ada = person("ada")
    post = Post.objects.create(author=ada)
    placed = PostPhoto.objects.create(post=post, photo=photo(ada), place=0)
    rows = PostPhoto.objects.select_related("photo")
    query = Prepared(lambda numbers, _shape: rows.filter(post=numbers[0]))
    (found,) = query.objects([post.pk])
    assert (found, found.photo.public_id) == (placed, placed.photo.public_id)
    assert found.photo.sizes == placed.photo.sizes
    assert not found._state.adding


@pytest.mark.parametrize("count", [1, 2, 5, 6, 500, 501])
def test_padding_adds_nothing_new(count):
    ids = list(range(count, 0, -1))
    numbers = padded(ids)
    assert numbers[:count] == ids
    assert set(numbers) == set(ids)
    assert len(numbers) in {*LENGTHS, 501}
