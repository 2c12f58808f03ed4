"""Visitors: once a day a pair, and only where both want it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moongate.social.errors import NotAllowedError
from moongate.social.models import Visit
from moongate.social.visits import keep_visitors, record_visit, visitors_of
from tests.social.folk import guest, person, private

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("ada")


@pytest.fixture
def bo():
    return person("bo")


def test_a_visit_is_kept_once_a_day_with_its_latest_time(ada, bo):
    assert record_visit(ada, by=bo)
    earlier = timezone.now() - timedelta(hours=1)
    Visit.objects.update(at=earlier)
    assert record_visit(ada, by=bo)
    visit = Visit.objects.get()
    assert visit.at > earlier
    Visit.objects.update(day=timezone.localdate() - timedelta(days=1), at=earlier)
    record_visit(ada, by=bo)
    found = visitors_of(ada)
    assert found.is_on
    assert [visit.visitor for visit in found.visits] == [bo, bo]
    assert found.visits[0].at > found.visits[1].at


def test_guests_strangers_and_oneself_are_not_kept(ada):
    for nobody in (None, guest(), ada):
        assert not record_visit(ada, by=nobody)
    assert not Visit.objects.exists()
    with pytest.raises(NotAllowedError):
        visitors_of(guest())


def test_nobody_visits_what_they_may_not_see(bo):
    assert not record_visit(private("closed"), by=bo)


def test_switched_off_by_either_nothing_is_kept_and_what_was_is_forgotten(ada, bo):
    record_visit(ada, by=bo)
    record_visit(bo, by=ada)
    keep_visitors(bo, on=False)
    assert not record_visit(ada, by=bo)
    assert not record_visit(bo, by=ada)
    assert list(visitors_of(ada).visits) == []
    assert not visitors_of(bo).is_on
    assert not Visit.objects.filter(host=bo).exists()
    keep_visitors(bo, on=True)
    assert record_visit(ada, by=bo)
