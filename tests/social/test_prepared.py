"""A prepared query answers as the query would that was built for these very numbers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moongate.social.models import Post
from moongate.social.prepared import Prepared
from tests.social.folk import person

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
